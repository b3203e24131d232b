//! `--print grafana`: a dashboard.

use serde_json::{Value, json};

use super::panels::{Look, SOURCE, panels, source};
use crate::commands::exporter::args::Window;
use crate::commands::exporter::metrics::{ATTEMPTS, CHANNEL, COUNTRY, SERVICE, WINDOW};

/// The lowest version of Grafana that reads this dashboard.
const GRAFANA: &str = "10.0.0";

/// Returns the dashboard, as JSON to import into Grafana.
pub(crate) fn dashboard(windows: &[Window]) -> String {
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

/// Returns a variable that selects values of a label.
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
