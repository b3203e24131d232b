//! promtool, where it is installed, and what the dashboard and the rules ask for.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::process::Exporter;
use super::prometheus::{has, print};
use super::scrapes::account;

/// Runs promtool, which must be content, and gives what it says.
fn promtool(folder: &Path, arguments: &[&str], input: &str) -> String {
    let mut child = Command::new("promtool")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(output.status.success(), "{arguments:?}: {said}");
    said
}

/// The names of metrics in a text.
fn names(text: &str) -> BTreeSet<&str> {
    let words =
        text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
    words.filter(|word| word.starts_with("twilio_verify_")).collect()
}

/// The expressions of a dashboard, with values for its variables.
fn expressions(dashboard: &Value) -> Vec<String> {
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().unwrap());
    let expressions = targets.map(|target| target["expr"].as_str().unwrap());
    let values = [("$window", "1h"), ("$service", ".*"), ("$country", ".*"), ("$channel", ".*")];
    let filled = |expression: &str| {
        values.iter().fold(expression.to_owned(), |text, (name, value)| text.replace(name, value))
    };
    expressions.map(filled).collect()
}

#[test]
fn every_metric_of_the_dashboard_and_the_rules_is_exported() {
    let (server, _) = account(3_000);
    let exporter = Exporter::ready(&server, &["--window", "24h"]);
    let excess = "twilio_verify_unconverted_excess";
    exporter.until("what is usual is known", || exporter.scrape().named(excess).count() > 0);
    let samples = exporter.scrape();
    let exported: BTreeSet<&str> = samples.names().into_iter().collect();
    for what in ["grafana", "rules"] {
        let text = print(what, &[]);
        let unknown: Vec<&str> = names(&text).difference(&exported).copied().collect();
        assert!(unknown.is_empty() && names(&text).len() >= 8, "{what}: {unknown:?}");
    }
    let dashboard: Value = serde_json::from_str(&print("grafana", &[])).unwrap();
    for part in ["__inputs", "__requires", "schemaVersion", "templating", "panels", "title", "uid"]
    {
        assert!(!dashboard[part].is_null(), "{part}");
    }
    let panels = dashboard["panels"].as_array().unwrap();
    let places = panels.iter().map(|panel| &panel["gridPos"]);
    let right = places.map(|place| place["x"].as_u64().unwrap() + place["w"].as_u64().unwrap());
    assert!(right.into_iter().all(|right| right <= 24));
    // The window that was chosen is that of the rules.
    assert!(print("rules", &["--window", "24h,6h"]).contains("window=\"6h\""));
}

#[test]
fn promtool_accepts_the_metrics_and_the_rules() {
    if !has("promtool") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (server, _) = account(3_000);
    let exporter = Exporter::ready(&server, &["--window", "1h,24h"]);
    let excess = "twilio_verify_unconverted_excess";
    exporter.until("what is usual is known", || exporter.scrape().named(excess).count() > 0);
    let said = promtool(folder.path(), &["check", "metrics"], &exporter.get("/metrics").body);
    assert_eq!(said, "");
    fs::write(folder.path().join("rules.yml"), print("rules", &[])).unwrap();
    let said = promtool(folder.path(), &["check", "rules", "rules.yml"], "");
    assert!(said.contains("SUCCESS: 9 rules found"), "{said}");
    // Its expressions as rules.
    let dashboard: Value = serde_json::from_str(&print("grafana", &[])).unwrap();
    let expressions = expressions(&dashboard);
    let rules: Vec<String> = expressions
        .iter()
        .enumerate()
        .map(|(index, expression)| {
            format!("{{\"record\": \"panel:{index}\", \"expr\": {}}}", Value::from(&**expression))
        })
        .collect();
    let group =
        format!("{{\"groups\": [{{\"name\": \"panels\", \"rules\": [{}]}}]}}", rules.join(","));
    fs::write(folder.path().join("panels.yml"), group).unwrap();
    let said = promtool(folder.path(), &["check", "rules", "panels.yml"], "");
    assert!(said.contains(&format!("SUCCESS: {} rules found", expressions.len())), "{said}");
}

/// The text of an alert's description.
fn description<'a>(rules: &'a str, alert: &str) -> &'a str {
    let (_, rest) = rules.split_once(&format!("alert: {alert}\n")).unwrap();
    let (_, rest) = rest.split_once("description: '").unwrap();
    rest.split_once("'\n").unwrap().0
}

#[test]
fn the_rules_fire_for_what_they_are_about() {
    if !has("promtool") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let rules = print("rules", &[]);
    fs::write(folder.path().join("rules.yml"), &rules).unwrap();
    let cell = "job=\"j\", instance=\"i\", service=\"VA01\", country=\"CO\", channel=\"sms\", \
                window=\"1h\"";
    let of = |alert| description(&rules, alert).replace("''", "'");
    let test = format!(
        "\
rule_files: [rules.yml]
evaluation_interval: 5m
tests:
  - interval: 5m
    input_series:
      - series: 'twilio_verify_attempts{{{cell}}}'
        values: '100+0x60'
      - series: 'twilio_verify_converted{{{cell}}}'
        values: '70+0x30 20+0x30'
      - series: 'twilio_verify_unconverted_excess{{{cell}}}'
        values: '1+0x30 50+0x30'
      - series: 'twilio_verify_build_info{{job=\"j\", instance=\"i\"}}'
        values: '1+0x60'
    alert_rule_test:
      - {{eval_time: 150m, alertname: TwilioVerifyConversionDrop, exp_alerts: []}}
      - {{eval_time: 150m, alertname: TwilioVerifyUnconvertedExcess, exp_alerts: []}}
      - {{eval_time: 200m, alertname: TwilioVerifyExporterMissing, exp_alerts: []}}
      - eval_time: 200m
        alertname: TwilioVerifyConversionDrop
        exp_alerts:
          - exp_labels: {{severity: warning, job: j, instance: i, country: CO, window: 1h}}
            exp_annotations:
              summary: 'CO: 20% of attempts convert'
              description: {}
      - eval_time: 200m
        alertname: TwilioVerifyUnconvertedExcess
        exp_alerts:
          - exp_labels: {{severity: critical, job: j, instance: i, country: CO, window: 1h}}
            exp_annotations:
              summary: 'CO: 50 more unconverted attempts than usual'
              description: {}
  - interval: 1m
    input_series:
      - series: 'twilio_verify_snapshot_age_seconds{{job=\"j\", instance=\"i\"}}'
        values: '0+60x60'
      - series: 'twilio_verify_renewal_interval_seconds{{job=\"j\", instance=\"i\"}}'
        values: '300+0x60'
    alert_rule_test:
      - {{eval_time: 15m, alertname: TwilioVerifySnapshotStale, exp_alerts: []}}
      - eval_time: 25m
        alertname: TwilioVerifySnapshotStale
        exp_alerts:
          - exp_labels: {{severity: warning, job: j, instance: i}}
            exp_annotations:
              summary: 'The values are 25m 0s old'
              description: {}
",
        Value::from(of("TwilioVerifyConversionDrop")),
        Value::from(of("TwilioVerifyUnconvertedExcess")),
        Value::from(of("TwilioVerifySnapshotStale")),
    );
    fs::write(folder.path().join("test.yml"), test).unwrap();
    promtool(folder.path(), &["test", "rules", "test.yml"], "");
}
