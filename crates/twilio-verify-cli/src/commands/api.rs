//! `api`: sends a request to a path, for anything that no command covers.

use clap::Args;
use serde_json::Value;
use twilio_verify::Redacted;

use crate::failure::report::Failure;
use crate::output::format::Format;
use crate::output::writer::Output;
use crate::session::raw::{self, Body, RawRequest};
use crate::session::requests::Session;
use crate::values::texts::{Pair, json, pair};

/// A request by its path.
#[derive(Args, Debug)]
#[command(after_help = "\
The response is printed as it is received. Credentials, retries, timeouts and exit codes are those of
the other commands.

Examples:
  twilio-verify api GET /v2/Services -q PageSize=20
  twilio-verify api POST /v2/Services -d FriendlyName=Owl -d CodeLength=6
  twilio-verify api POST /v2/Services/VA…/Passkeys/Challenges --json '{\"identity\": \"customer-1\"}'
  twilio-verify api DELETE /v2/Services/VA…")]
pub(crate) struct ApiArgs {
    /// The HTTP method
    #[arg(
        value_name = "METHOD",
        ignore_case = true,
        value_parser = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    )]
    method: String,

    /// The path, percent-encoded, such as /v2/Services
    #[arg(value_name = "PATH", value_parser = path)]
    path: Redacted<String>,

    /// A parameter of the query; can be repeated
    #[arg(short, long, value_name = "NAME=VALUE", value_parser = pair)]
    query: Vec<Pair>,

    /// A field of the body, which is a form; can be repeated
    #[arg(short, long, value_name = "NAME=VALUE", value_parser = pair, conflicts_with = "json")]
    data: Vec<Pair>,

    /// The body, if it is JSON
    #[arg(long, value_name = "JSON", value_parser = json)]
    json: Option<Redacted<Value>>,
}

fn path(text: &str) -> Result<Redacted<String>, &'static str> {
    match text.starts_with('/') && !text.contains(['?', '#']) && !text.contains(char::is_whitespace)
    {
        true => Ok(Redacted::new(text.to_owned())),
        false => Err("expected a path such as /v2/Services, without a host or a query"),
    }
}

impl ApiArgs {
    /// Whether the request may change what the server holds.
    pub(super) fn writes(&self) -> bool {
        !self.method.eq_ignore_ascii_case("GET")
    }

    /// Rejects formats other than JSON.
    pub(super) fn check(&self, output: &Output) -> Result<(), Failure> {
        match output.format() {
            Format::Table | Format::Json | Format::Jsonl => Ok(()),
            Format::Csv | Format::Tsv => Err(Failure::usage(
                "--output <FORMAT>: a response to `api` is printed as JSON only",
                "remove --output, or choose json or jsonl",
            )),
        }
    }

    pub(super) async fn run(self, mut session: Session) -> Result<(), Failure> {
        let body = match self.json {
            Some(json) => Body::Json(json.into_inner()),
            None if self.data.is_empty() => Body::None,
            None => Body::Form(exposed(self.data)),
        };
        let request = RawRequest {
            method: self.method.to_ascii_uppercase(),
            path: self.path.into_inner(),
            query: exposed(self.query),
            body,
        };
        match raw::send(&session.client, request).await? {
            Value::Null => Ok(()),
            response => session.json(&response),
        }
    }
}

fn exposed(pairs: Vec<Pair>) -> Vec<(String, String)> {
    pairs.into_iter().map(|(name, value)| (name, value.into_inner())).collect()
}
