//! Formats the lines of a log from the fields of spans and events.
//!
//! The fields don't hold any value of a request: paths are templates.

use std::collections::BTreeMap;
use std::fmt;

use tracing::field::{Field, Visit};

/// The fields by name, as texts.
#[derive(Debug, Default)]
pub(super) struct Fields(BTreeMap<&'static str, String>);

impl Fields {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Returns a number, or 0 if it is absent.
    pub(super) fn number(&self, name: &str) -> u64 {
        self.text(name).and_then(|text| text.parse().ok()).unwrap_or_default()
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

/// Formats a request of the client: `GET /v2/Services 200 12ms RQ…`.
pub(super) fn request(attempt: &Fields, event: &Fields) -> String {
    let method = attempt.text("http.request.method").unwrap_or_default();
    let path = attempt.text("url.template").unwrap_or("(another path)");
    let status = attempt.text("http.response.status_code");
    let mut line = format!("{method} {path} {}", status.unwrap_or("-"));
    line.push_str(&format!(" {}ms", event.number("elapsed_ms")));
    if let Some(id) = attempt.text("twilio.request_id") {
        line.push_str(&format!(" {id}"));
    }
    if let Some(code) = attempt.text("twilio.code") {
        line.push_str(&format!(" code {code}"));
    }
    if status.is_none()
        && let Some(error) = event.text("error")
    {
        line.push_str(&format!(" {error}"));
    }
    line
}

/// Returns a short reason why a request failed, or `None` if it did not.
pub(super) fn failure(attempt: &Fields, event: &Fields) -> Option<String> {
    let error = event.text("error")?;
    Some(match attempt.text("http.response.status_code") {
        Some(status) => format!("status {status}"),
        None => error.to_owned(),
    })
}

/// Formats a wait of the client.
pub(super) fn wait(event: &Fields, failed: Option<&str>) -> String {
    let duration = duration(event.number("wait_ms"));
    match (event.text("why"), failed) {
        (Some("to be sent again"), Some(failed)) => {
            format!("{failed}; waiting {duration} to send the request again")
        }
        (Some("to be sent again"), None) => format!("waiting {duration} to send the request again"),
        (Some("for the limit"), _) => {
            format!("waiting {duration}, as the limit of requests is reached")
        }
        (why, _) => format!("waiting {duration} {}", why.unwrap_or_default()),
    }
}

/// Formats a request to an emulator.
pub(super) fn received(event: &Fields) -> String {
    let text = |name| event.text(name).unwrap_or_default();
    let status = match text("status") {
        "0" => "-",
        status => status,
    };
    let mut line = format!(
        "{} {} {status} {}ms {}",
        text("method"),
        text("path"),
        event.number("elapsed_ms"),
        text("id")
    );
    if let Some(fault) = event.text("fault") {
        line.push_str(&format!(" fault {fault}"));
    }
    line
}

/// Formats any other event: its message and its fields.
pub(super) fn other(event: &Fields) -> String {
    let mut line = event.text("message").unwrap_or_default().to_owned();
    for (name, value) in &event.0 {
        if *name != "message" {
            line.push_str(&format!(" {name}={value}"));
        }
    }
    line
}

/// Formats a duration, in whole seconds from 10 s on.
fn duration(millis: u64) -> String {
    match millis {
        0..1000 => format!("{millis}ms"),
        1000..10_000 => format!("{}.{}s", millis / 1000, millis % 1000 / 100),
        _ => format!("{}s", millis.div_ceil(1000)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Fields, duration, request, wait};

    fn fields<const N: usize>(fields: [(&'static str, &str); N]) -> Fields {
        Fields(fields.map(|(name, value)| (name, value.to_owned())).into())
    }

    #[test]
    fn a_request_is_a_line() {
        let attempt = [("http.request.method", "GET"), ("url.template", "/v2/Services")];
        let [method, path] = attempt;
        let answered = fields([
            method,
            path,
            ("http.response.status_code", "404"),
            ("twilio.request_id", "RQ1"),
            ("twilio.code", "20404"),
        ]);
        let event = fields([("elapsed_ms", "12"), ("error", "not found")]);
        assert_eq!(request(&answered, &event), "GET /v2/Services 404 12ms RQ1 code 20404");
        let event = fields([("elapsed_ms", "12"), ("error", "the connection failed")]);
        let line = request(&fields(attempt), &event);
        assert_eq!(line, "GET /v2/Services - 12ms the connection failed");
    }

    #[test]
    fn a_wait_says_what_for() {
        let again = fields([("wait_ms", "1500"), ("why", "to be sent again")]);
        let text = wait(&again, Some("status 503"));
        assert_eq!(text, "status 503; waiting 1.5s to send the request again");
        let limit = fields([("wait_ms", "600"), ("why", "for the limit")]);
        let text = wait(&limit, Some("status 503"));
        assert_eq!(text, "waiting 600ms, as the limit of requests is reached");
    }

    #[test]
    fn durations_are_short() {
        for (millis, text) in
            [(0, "0ms"), (999, "999ms"), (1000, "1.0s"), (2560, "2.5s"), (10_001, "11s")]
        {
            assert_eq!(duration(millis), text);
        }
    }
}
