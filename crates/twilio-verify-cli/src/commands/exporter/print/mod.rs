//! Prints a dashboard and alert rules for the metrics.

pub(crate) mod grafana;
pub(crate) mod rules;

mod panels;
