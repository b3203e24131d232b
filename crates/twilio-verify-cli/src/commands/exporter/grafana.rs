//! `--print grafana`: a dashboard.

use serde_json::{Value, json};

use super::args::Window;
use super::metrics::{
    AGE, ATTEMPTS, CALLS, CHANNEL, CONVERTED, COST, COUNTRY, CURRENCY, DIFFERENCE, EXCESS,
    FAILURES, INTERVAL, Metric, SERVICE, UP, WINDOW, WINDOW_ATTEMPTS,
};

/// The data source: chosen when the dashboard is imported, and a variable of it afterwards.
const SOURCE: &str = "DS_PROMETHEUS";

/// The lowest version of Grafana that reads this form.
const GRAFANA: &str = "10.0.0";

/// How a panel shows its values.
#[derive(Clone, Copy)]
enum Look {
    /// The last value, in this many of the 24 columns.
    Stat(u64),
    /// Lines, in this many of the 24 columns.
    Lines(u64),
}

/// A panel.
struct Panel {
    title: &'static str,
    description: &'static str,
    look: Look,
    unit: &'static str,
    /// Values from which on it is red, if more is worse.
    red: Option<f64>,
    /// Each with its legend.
    queries: Vec<(String, &'static str)>,
}

/// The dashboard, as JSON to be imported.
pub(super) fn dashboard(windows: &[Window]) -> String {
    let (mut x, mut y, mut height) = (0, 0, 0);
    let mut shown = Vec::new();
    for (index, panel) in panels().into_iter().enumerate() {
        let (columns, rows) = match panel.look {
            Look::Stat(columns) => (columns, 4),
            Look::Lines(columns) => (columns, 8),
        };
        if x + columns > 24 {
            (x, y) = (0, y + height);
        }
        height = rows;
        shown.push(panel.json(index + 1, json!({ "x": x, "y": y, "w": columns, "h": rows })));
        x += columns;
    }
    let first = windows.first().map(|window| window.name.as_str()).unwrap_or_default();
    let chosen = json!({ "text": first, "value": first });
    let all = json!({ "text": ["All"], "value": ["$__all"] });
    let dashboard = json!({
        "__inputs": [{
            "name": SOURCE,
            "label": "Prometheus",
            "description": "The data source that scrapes `twilio-verify exporter`",
            "type": "datasource",
            "pluginId": "prometheus",
            "pluginName": "Prometheus",
        }],
        "__requires": [
            { "type": "grafana", "id": "grafana", "name": "Grafana", "version": GRAFANA },
            { "type": "datasource", "id": "prometheus", "name": "Prometheus", "version": "1.0.0" },
            { "type": "panel", "id": "stat", "name": "Stat", "version": "" },
            { "type": "panel", "id": "timeseries", "name": "Time series", "version": "" },
        ],
        "uid": "twilio-verify",
        "title": "Twilio Verify",
        "description": "Attempts and their conversion, by the metrics of `twilio-verify exporter`",
        "tags": ["twilio-verify"],
        "schemaVersion": 39,
        "version": 1,
        "editable": true,
        "graphTooltip": 1,
        "refresh": "1m",
        "time": { "from": "now-24h", "to": "now" },
        "timezone": "",
        "templating": { "list": [
            {
                "name": SOURCE,
                "label": "Data source",
                "type": "datasource",
                "query": "prometheus",
                "hide": 0,
            },
            variable(WINDOW, "Window", &chosen, false),
            variable(SERVICE, "Service", &all, true),
            variable(COUNTRY, "Country", &all, true),
            variable(CHANNEL, "Channel", &all, true),
        ] },
        "annotations": { "list": [] },
        "links": [],
        "panels": shown,
    });
    format!("{dashboard:#}\n")
}

fn source() -> Value {
    json!({ "type": "prometheus", "uid": format!("${{{SOURCE}}}") })
}

/// A variable that chooses values of a label.
fn variable(label: &str, title: &str, current: &Value, many: bool) -> Value {
    let query = format!("label_values({}, {label})", ATTEMPTS.name);
    json!({
        "name": label,
        "label": title,
        "type": "query",
        "datasource": source(),
        "definition": query,
        "query": { "query": query, "refId": label },
        "refresh": 2,
        "sort": 1,
        "multi": many,
        "includeAll": many,
        "allValue": if many { json!(".*") } else { Value::Null },
        "current": current,
        "hide": 0,
    })
}

/// The samples of a metric that the variables choose.
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

/// The share that converts, of those with the most attempts.
fn conversion(label: &str) -> String {
    format!("{} / ({} >= 20)", sum_by(label, &CONVERTED), sum_by(label, &ATTEMPTS))
}

fn panels() -> Vec<Panel> {
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
            "Requests to Twilio per minute, and renewals that failed in the last hour.",
            Look::Lines(8),
            "short",
            vec![
                (format!("sum by (endpoint) (rate({}[15m])) * 60", CALLS.name), "{{endpoint}}"),
                (format!("sum(increase({}[1h]))", FAILURES.name), "failures"),
                (format!("min({})", UP.name), "up"),
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
    fn json(&self, id: usize, place: Value) -> Value {
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
