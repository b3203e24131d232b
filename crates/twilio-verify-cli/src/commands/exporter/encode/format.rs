//! The formats that Prometheus reads.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{prometheus_text, text};
use prometheus_client::registry::Registry;

/// A format that Prometheus reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Format {
    OpenMetrics,
    Text,
}

impl Format {
    /// Returns the format that an `Accept` header prefers: text unless it names OpenMetrics.
    pub(in super::super) fn preferred(accept: &str) -> Self {
        if wants_openmetrics(accept) { Self::OpenMetrics } else { Self::Text }
    }

    pub(in super::super) const fn content_type(self) -> &'static str {
        match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
        }
    }

    /// Encodes a part of a response, without the end marker.
    pub(in super::super) fn encode(self, collector: impl Collector) -> Result<String, fmt::Error> {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(collector));
        let mut part = String::new();
        match self {
            Self::OpenMetrics => text::encode_registry(&mut part, &registry)?,
            Self::Text => prometheus_text::encode(&mut part, &registry)?,
        }
        Ok(part)
    }

    /// Joins the parts of a response, and adds the end marker of the format.
    pub(in super::super) fn join(self, parts: [&str; 2]) -> Result<String, fmt::Error> {
        let mut whole = parts.concat();
        if self == Self::OpenMetrics {
            text::encode_eof(&mut whole)?;
        }
        Ok(whole)
    }
}

/// Whether a request prefers OpenMetrics to the text format: it names OpenMetrics, and doesn't
/// rank text higher.
fn wants_openmetrics(accept: &str) -> bool {
    let (mut openmetrics, mut text) = (0.0_f32, 0.0_f32);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let parameters: Vec<(&str, &str)> = parts.filter_map(|part| part.split_once('=')).collect();
        let value = |wanted: &str| {
            let found = parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| value.trim_matches('"'))
        };
        let quality = value("q").and_then(|value| value.parse().ok()).unwrap_or(1.0_f32);
        match name.as_str() {
            "application/openmetrics-text" if value("version").is_none_or(is_written) => {
                openmetrics = openmetrics.max(quality);
            }
            "text/plain" => text = text.max(quality),
            _ => {}
        }
    }
    openmetrics > 0.0 && openmetrics >= text
}

/// Whether this program writes a version of OpenMetrics: its output is valid in both of these.
fn is_written(version: &str) -> bool {
    matches!(version, "1.0.0" | "0.0.1")
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn the_format_is_the_one_that_is_preferred() {
        for accept in [
            "application/openmetrics-text",
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
            "Application/OpenMetrics-Text;Version=\"1.0.0\";Q=0.5, */*;q=0.1",
            // The header of Prometheus 2.42.
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;\
             version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        ] {
            assert_eq!(Format::preferred(accept), Format::OpenMetrics, "{accept}");
        }
        for accept in [
            "",
            "*/*",
            "text/plain",
            "text/html,application/xhtml+xml,*/*;q=0.8",
            "application/openmetrics-text;q=0",
            "application/openmetrics-text;version=2.0.0",
            "application/openmetrics-text;q=0.3,text/plain;q=0.5",
        ] {
            assert_eq!(Format::preferred(accept), Format::Text, "{accept}");
        }
    }
}
