//! What an exporter prints when it has started.

use std::net::SocketAddr;

use schemars::JsonSchema;
use serde::Serialize;

use super::args::ExporterArgs;
use crate::output::column::Column;
use crate::output::shape::Resource;

/// The address of an exporter, and how it renews.
#[derive(JsonSchema, Serialize)]
pub(super) struct Started {
    /// The URL of its metrics.
    pub(super) url: String,
    /// The time between the starts of two renewals, in seconds.
    pub(super) renewed_every: u32,
    /// The most requests of a renewal.
    pub(super) budget: u64,
}

impl Resource for Started {
    const PLURAL: &'static str = "exporters";
    const COLUMNS: &'static [Column] = &[Column::new("URL", "url")];
}

impl Started {
    pub(super) fn new(address: SocketAddr, arguments: &ExporterArgs) -> Self {
        Self {
            url: format!("http://{address}/metrics"),
            renewed_every: arguments.every,
            budget: arguments.budget,
        }
    }
}

/// Returns what to add to Prometheus' configuration.
pub(super) fn text(address: SocketAddr, arguments: &ExporterArgs) -> String {
    let every = humantime::format_duration(arguments.interval());
    let budget = arguments.budget;
    format!(
        "\
# Metrics at http://{address}/metrics, renewed every {every} by at most {budget} requests; Ctrl-C stops it.
# In prometheus.yml:
scrape_configs:
  - job_name: twilio-verify
    static_configs:
      - targets: ['{address}']
"
    )
}
