//! Controls a running emulator through its routes `/_emulator/`.

use std::io;
use std::time::Duration;

use serde_json::{Value, json};
use twilio_verify::{Client, ClientBuilder, Error, ErrorKind, Method, Redacted, RetryPolicy};
use twilio_verify_emulator::EmulatorBuilder;

use super::resources::{ActiveFault, Clock, Done, SentCode, SentMessage};
use crate::commands::faults::Faults;
use crate::failure::report::Failure;
use crate::output::shape::{Resource, Shape};
use crate::output::table;
use crate::output::writer::Output;
use crate::session::connection::ConnectionArgs;

/// The default port of an emulator: VERI on a telephone's keypad.
pub(crate) const PORT: u16 = 8374;

/// A request to an emulator.
pub(super) enum Request {
    Codes(Option<Redacted<String>>),
    Outbox(Option<Redacted<String>>),
    ClearOutbox,
    Advance(u32),
    Faults,
    AddFaults(Vec<Faults>),
    RemoveFault(u64),
    ClearFaults,
    Reset,
}

/// A running emulator.
pub(super) struct Running {
    client: Client,
    url: String,
}

impl Running {
    pub(super) fn at(url: Option<String>, connection: ConnectionArgs) -> Result<Self, Failure> {
        let url = url.or(connection.base_url);
        let url = url.unwrap_or_else(|| format!("http://127.0.0.1:{PORT}"));
        // An emulator that other machines can reach requires its credentials.
        let builder = ClientBuilder::from_lookup(|name| {
            let default = match name {
                "TWILIO_ACCOUNT_SID" => EmulatorBuilder::DEFAULT_ACCOUNT_SID,
                "TWILIO_AUTH_TOKEN" => EmulatorBuilder::DEFAULT_AUTH_TOKEN,
                "TWILIO_REGION" | "TWILIO_EDGE" => return None,
                _ => "",
            };
            let set = std::env::var(name).ok().filter(|value| !value.is_empty());
            Some(set.unwrap_or_else(|| default.to_owned()))
        })?;
        let timeout = connection.timeout.unwrap_or(Duration::from_secs(60));
        let builder = builder.base_url(&url).timeout(timeout).retry(RetryPolicy::never());
        let client = builder.build().map_err(|error| match error.field() {
            Some("base_url") => Failure::usage(
                error.to_string().replacen("base_url", "--url", 1),
                "correct the URL, such as http://127.0.0.1:8374",
            ),
            _ => error.into(),
        })?;
        Ok(Self { client, url })
    }

    pub(super) async fn send(&self, request: Request, output: &mut Output) -> Result<(), Failure> {
        match request {
            Request::Codes(to) => self.codes(to, output).await,
            Request::Outbox(to) => list::<SentMessage>(self.messages(to).await?, output),
            Request::ClearOutbox => {
                self.call(Method::DELETE, "outbox", None).await?;
                done("cleared", output)
            }
            Request::Advance(seconds) => {
                let body = json!({ "advance_seconds": seconds });
                let clock = self.call(Method::POST, "clock", Some(body)).await?;
                let shape = Shape::of::<Clock>();
                let text = |clock: &Value| table::resource(&shape, clock);
                Ok(output.one(&shape, clock, text)?)
            }
            Request::Faults => {
                let faults = self.call(Method::GET, "faults", None).await?;
                list::<ActiveFault>(items(faults, "faults"), output)
            }
            Request::AddFaults(added) => {
                let added: Vec<_> = added.into_iter().flat_map(|faults| faults.0).collect();
                let body = serde_json::to_value(added).map_err(io::Error::from)?;
                let added = self.call(Method::POST, "faults", Some(body)).await?;
                list::<ActiveFault>(items(added, "faults"), output)
            }
            Request::RemoveFault(id) => {
                self.call(Method::DELETE, &format!("faults/{id}"), None).await?;
                done("removed", output)
            }
            Request::ClearFaults => {
                self.call(Method::DELETE, "faults", None).await?;
                done("cleared", output)
            }
            Request::Reset => {
                self.call(Method::POST, "reset", None).await?;
                done("reset", output)
            }
        }
    }

    /// Shows the last code to each destination, the newest first.
    async fn codes(
        &self,
        to: Option<Redacted<String>>,
        output: &mut Output,
    ) -> Result<(), Failure> {
        let of_one = to.is_some();
        let mut codes: Vec<Value> = Vec::new();
        for message in self.messages(to).await?.into_iter().rev() {
            if !codes.iter().any(|code| code["to"] == message["to"]) {
                let text = |name: &str| message[name].as_str().unwrap_or_default().to_owned();
                let code = SentCode {
                    to: text("to"),
                    code: text("code"),
                    channel: text("channel"),
                    sent_at: text("sent_at"),
                    verification_sid: text("verification_sid"),
                    service_sid: text("service_sid"),
                };
                codes.push(serde_json::to_value(code).map_err(io::Error::from)?);
            }
        }
        if !of_one {
            return list::<SentCode>(codes, output);
        }
        let Some(code) = codes.pop() else {
            return Err(Failure::not_found(
                "no code was sent to this destination",
                "write it as in the request, a phone number in E.164 format",
            ));
        };
        let text = |code: &Value| format!("{}\n", code["code"].as_str().unwrap_or_default());
        Ok(output.one(&Shape::of::<SentCode>(), code, text)?)
    }

    async fn messages(&self, to: Option<Redacted<String>>) -> Result<Vec<Value>, Failure> {
        let mut request = self.client.request(Method::GET, "/_emulator/outbox");
        if let Some(to) = to {
            request = request.query("to", to.into_inner());
        }
        let sent = request.send().await.map_err(|error| self.failure(error))?;
        Ok(items(sent, "messages"))
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, Failure> {
        let mut request = self.client.request(method, format!("/_emulator/{path}"));
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.map_err(|error| self.failure(error))
    }

    /// Returns the failure for an error of a request to the emulator.
    fn failure(&self, error: Error) -> Failure {
        let says = error.server_message().map(Redacted::expose);
        match (error.kind(), error.status(), says) {
            (ErrorKind::NotSent | ErrorKind::NoAnswer | ErrorKind::Unreadable, ..)
            | (_, Some(404), _) => Failure::no_emulator(&self.url, &error),
            // The reason names what is expected, and doesn't repeat any value.
            (_, Some(400), Some(reason)) => Failure::usage(
                format!("the emulator rejected the request: {reason}"),
                "correct the value; `--help` after the command describes it",
            ),
            _ => error.into(),
        }
    }
}

/// Returns the items of a list in a response.
fn items(mut response: Value, name: &str) -> Vec<Value> {
    match response.get_mut(name).map(Value::take) {
        Some(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}

fn list<T: Resource>(items: Vec<Value>, output: &mut Output) -> Result<(), Failure> {
    let mut list = output.list(Shape::of::<T>())?;
    list.page(items)?;
    Ok(list.end()?)
}

fn done(what: &'static str, output: &mut Output) -> Result<(), Failure> {
    let done = serde_json::to_value(Done { done: what }).map_err(io::Error::from)?;
    Ok(output.one(&Shape::of::<Done>(), done, |_| format!("{what}\n"))?)
}
