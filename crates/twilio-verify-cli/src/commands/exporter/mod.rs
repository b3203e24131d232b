//! `exporter`: serves metrics for Prometheus.

pub(crate) mod args;
pub(crate) mod start;

#[cfg(feature = "exporter")]
mod baseline;
#[cfg(feature = "exporter")]
mod collector;
#[cfg(feature = "exporter")]
mod encode;
#[cfg(all(feature = "exporter", feature = "archive"))]
mod history;
#[cfg(feature = "exporter")]
mod metrics;
#[cfg(feature = "exporter")]
mod print;
#[cfg(feature = "exporter")]
mod reading;
#[cfg(feature = "exporter")]
mod renewal;
#[cfg(feature = "exporter")]
mod run;
#[cfg(feature = "exporter")]
mod server;
#[cfg(feature = "exporter")]
mod snapshot;
#[cfg(feature = "exporter")]
mod started;
#[cfg(feature = "exporter")]
mod state;
