//! The panels of the dashboard.

use serde_json::{Value, json};

use crate::commands::exporter::metrics::{
    AGE, ATTEMPTS, CALLS, CHANNEL, CONVERTED, COST, COUNTRY, CURRENCY, DIFFERENCE, EXCESS,
    FAILURES, INTERVAL, Metric, SERVICE, WINDOW, WINDOW_ATTEMPTS,
};

/// The name of the data source: an input of the import, and a variable of the dashboard afterwards.
pub(super) const SOURCE: &str = "DS_PROMETHEUS";

/// How a panel shows its values.
#[derive(Clone, Copy)]
pub(super) enum Look {
    /// The last value, in this many of the 24 columns.
    Stat(u64),
    /// Lines, in this many of the 24 columns.
    Lines(u64),
}

/// A panel.
pub(super) struct Panel {
    title: &'static str,
    description: &'static str,
    pub(super) look: Look,
    unit: &'static str,
    /// The value from which the panel is red, if more is worse.
    red: Option<f64>,
    /// The queries, each with its legend.
    queries: Vec<(String, &'static str)>,
}

/// Returns the data source of a panel or a variable.
pub(super) fn source() -> Value {
    json!({ "type": "prometheus", "uid": format!("${{{SOURCE}}}") })
}

/// Returns a query for the samples of a metric that the variables select.
fn chosen(metric: &Metric) -> String {
    let matches = [SERVICE, COUNTRY, CHANNEL].map(|label| format!("{label}=~\"${label}\""));
    format!("{}{{{WINDOW}=\"${WINDOW}\", {}}}", metric.name, matches.join(", "))
}

fn sum(metric: &Metric) -> String {
    format!("sum({})", chosen(metric))
}

fn sum_by(label: &str, metric: &Metric) -> String {
    format!("sum by ({label}) ({})", chosen(metric))
}

fn largest(label: &str, metric: &Metric) -> String {
    format!("topk(12, {})", sum_by(label, metric))
}

/// Returns a query for the conversion rate by a label, where there are at least 20 attempts.
fn conversion(label: &str) -> String {
    format!("{} / ({} >= 20)", sum_by(label, &CONVERTED), sum_by(label, &ATTEMPTS))
}

/// Returns all panels, from the top.
pub(super) fn panels() -> Vec<Panel> {
    let of_window = |metric: &Metric| format!("{}{{{WINDOW}=\"${WINDOW}\"}}", metric.name);
    let panel = |title, description, look, unit, queries| Panel {
        title,
        description,
        look,
        unit,
        red: None,
        queries,
    };
    vec![
        panel(
            "Conversion",
            "The share of attempts whose code was given back.",
            Look::Stat(4),
            "percentunit",
            vec![(format!("{} / {}", sum(&CONVERTED), sum(&ATTEMPTS)), "conversion")],
        ),
        panel(
            "Attempts",
            "Attempts in the window.",
            Look::Stat(4),
            "short",
            vec![(sum(&ATTEMPTS), "attempts")],
        ),
        Panel {
            red: Some(20.0),
            ..panel(
                "Unconverted excess",
                "Unconverted attempts beyond what is usual at these hours of the week.",
                Look::Stat(4),
                "short",
                vec![(sum(&EXCESS), "excess")],
            )
        },
        panel(
            "Cost",
            "Prices of the attempts in the window that are known so far.",
            Look::Stat(4),
            "short",
            vec![(sum_by(CURRENCY, &COST), "{{currency}}")],
        ),
        panel(
            "Age of the values",
            "The time since the last renewal that succeeded.",
            Look::Stat(4),
            "s",
            vec![(format!("max({})", AGE.name), "age")],
        ),
        Panel {
            red: Some(1.0),
            ..panel(
                "Proof difference",
                "By how much the cells differ from what Twilio counts.",
                Look::Stat(4),
                "short",
                vec![(format!("max({})", of_window(&DIFFERENCE)), "difference")],
            )
        },
        panel(
            "Conversion by country",
            "Of countries with 20 attempts and more.",
            Look::Lines(12),
            "percentunit",
            vec![(conversion(COUNTRY), "{{country}}")],
        ),
        panel(
            "Attempts by country",
            "The 12 countries with the most attempts.",
            Look::Lines(12),
            "short",
            vec![(largest(COUNTRY, &ATTEMPTS), "{{country}}")],
        ),
        panel(
            "Unconverted excess by country",
            "Unconverted attempts beyond what is usual at these hours of the week.",
            Look::Lines(12),
            "short",
            vec![(largest(COUNTRY, &EXCESS), "{{country}}")],
        ),
        panel(
            "Cost by country",
            "The 12 countries that cost most.",
            Look::Lines(12),
            "short",
            vec![(
                format!("topk(12, sum by ({COUNTRY}, {CURRENCY}) ({}))", chosen(&COST)),
                "{{country}} {{currency}}",
            )],
        ),
        panel(
            "Conversion by channel",
            "Of channels with 20 attempts and more.",
            Look::Lines(12),
            "percentunit",
            vec![(conversion(CHANNEL), "{{channel}}")],
        ),
        panel(
            "Attempts by service",
            "The 12 services with the most attempts.",
            Look::Lines(12),
            "short",
            vec![(largest(SERVICE, &ATTEMPTS), "{{service}}")],
        ),
        panel(
            "Age of the values",
            "The time since the last renewal that succeeded, and the time between two.",
            Look::Lines(8),
            "s",
            vec![(AGE.name.to_owned(), "age"), (INTERVAL.name.to_owned(), "interval")],
        ),
        panel(
            "Requests and failures",
            "Requests to Twilio, and renewals that failed, in the last hour.",
            Look::Lines(8),
            "short",
            vec![
                (format!("sum by (endpoint) (increase({}[1h]))", CALLS.name), "{{endpoint}}"),
                (format!("sum(increase({}[1h]))", FAILURES.name), "failures"),
            ],
        ),
        panel(
            "Proof",
            "What Twilio counts in all, what the cells add up to, and by how much they differ.",
            Look::Lines(8),
            "short",
            vec![
                (format!("sum({})", of_window(&WINDOW_ATTEMPTS)), "counted"),
                (format!("sum({})", of_window(&ATTEMPTS)), "cells"),
                (format!("max({})", of_window(&DIFFERENCE)), "difference"),
            ],
        ),
    ]
}

impl Panel {
    /// Returns the JSON of the panel at a position of the grid.
    pub(super) fn json(&self, id: usize, place: Value) -> Value {
        let targets: Vec<Value> = self
            .queries
            .iter()
            .zip('A'..)
            .map(|((expression, legend), id)| {
                json!({
                    "refId": id.to_string(),
                    "datasource": source(),
                    "expr": expression,
                    "legendFormat": legend,
                })
            })
            .collect();
        let steps = match self.red {
            None => json!([{ "color": "text", "value": null }]),
            Some(red) => {
                json!([{ "color": "green", "value": null }, { "color": "red", "value": red }])
            }
        };
        let (kind, options) = match self.look {
            Look::Stat(_) => (
                "stat",
                json!({
                    "reduceOptions": { "calcs": ["lastNotNull"], "fields": "", "values": false },
                    "colorMode": "value",
                    "graphMode": "area",
                }),
            ),
            Look::Lines(_) => (
                "timeseries",
                json!({
                    "legend": { "displayMode": "list", "placement": "bottom", "showLegend": true },
                    "tooltip": { "mode": "multi", "sort": "desc" },
                }),
            ),
        };
        let mut defaults = json!({
            "unit": self.unit,
            "thresholds": { "mode": "absolute", "steps": steps },
        });
        if self.unit == "percentunit"
            && let Some(defaults) = defaults.as_object_mut()
        {
            defaults.insert("min".to_owned(), json!(0));
            defaults.insert("max".to_owned(), json!(1));
        }
        json!({
            "id": id,
            "type": kind,
            "title": self.title,
            "description": self.description,
            "datasource": source(),
            "gridPos": place,
            "fieldConfig": { "defaults": defaults, "overrides": [] },
            "options": options,
            "targets": targets,
        })
    }
}
