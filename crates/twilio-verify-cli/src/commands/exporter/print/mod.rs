//! What is printed for other programs: a dashboard and rules, by the names of the metrics.

pub(crate) mod grafana;
pub(crate) mod rules;

mod panels;
