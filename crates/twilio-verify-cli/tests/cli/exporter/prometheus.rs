//! Prometheus and its promtool, where they are installed. With `TWILIO_VERIFY_REQUIRE_PROMETHEUS=1` the tests
//! fail where they are not.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use chrono::{SecondsFormat, TimeDelta};
use serde_json::Value;
use url::form_urlencoded::byte_serialize;

use super::process::{Exporter, exchange, until};
use super::scrapes::account;
use crate::support::{Server, bare, json, now, stdout};

/// Whether a program is installed. Says so if it isn't.
fn has(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    let is_there = command.status().is_ok_and(|status| status.success());
    if !is_there {
        let required = std::env::var_os("TWILIO_VERIFY_REQUIRE_PROMETHEUS");
        assert!(required.is_none(), "{program} can't be started");
        #[expect(clippy::print_stderr, reason = "a test can't be skipped in another way")]
        {
            eprintln!("not tested: {program} can't be started");
        }
    }
    is_there
}

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

fn print(what: &str, more: &[&str]) -> String {
    let mut command = assert_cmd::Command::from_std(bare());
    stdout(command.args(["exporter", "--print", what]).args(more))
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
    let (server, _) = account(12_000);
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
    let (server, _) = account(12_000);
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

/// A Prometheus that is killed at the end of its test.
struct Prometheus {
    child: Child,
    address: String,
}

impl Prometheus {
    /// Scrapes an exporter each second, and evaluates the rules.
    fn start(folder: &Path, exporter: &str) -> Self {
        fs::write(folder.join("rules.yml"), print("rules", &[])).unwrap();
        let configuration = format!(
            "\
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [rules.yml]
scrape_configs:
  - job_name: twilio-verify
    static_configs: [{{targets: ['{exporter}']}}]
"
        );
        fs::write(folder.join("prometheus.yml"), configuration).unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let child = Command::new("prometheus")
            .arg("--config.file=prometheus.yml")
            .arg("--storage.tsdb.path=data")
            .arg(format!("--web.listen-address={free}"))
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, address: free.to_string() }
    }

    /// The JSON at a path; none while there is none.
    fn api(&self, path: &str) -> Option<Value> {
        let request = format!("GET /api/v1/{path} HTTP/1.0\r\nHost: {}\r\n\r\n", self.address);
        let response = exchange(&self.address, &request).ok()?;
        serde_json::from_str(&response.body).ok()
    }

    /// The values of a query by one of their labels.
    fn query(&self, query: &str, label: &str) -> Vec<(String, f64)> {
        let query: String = byte_serialize(query.as_bytes()).collect();
        let Some(response) = self.api(&format!("query?query={query}")) else { return Vec::new() };
        let results = response["data"]["result"].as_array().cloned().unwrap_or_default();
        let value = |result: &Value| {
            let name = result["metric"][label].as_str().unwrap_or_default().to_owned();
            (name, result["value"][1].as_str().unwrap().parse().unwrap())
        };
        results.iter().map(value).collect()
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        // An error says that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the emulator's Summary says of the last settled day.
fn summary(server: &Server, arguments: &[&str]) -> Value {
    let text =
        |date: chrono::DateTime<chrono::Utc>| date.to_rfc3339_opts(SecondsFormat::Secs, true);
    let end = now() - TimeDelta::minutes(11);
    let mut command = server.command();
    command.args(["attempts", "summary", "-o", "json"]).args(arguments);
    command.args(["--date-created-after", &text(end - TimeDelta::days(1))]);
    // The emulator includes both instants.
    json(command.args(["--date-created-before", &text(end - TimeDelta::seconds(1))]))
}

#[test]
fn a_prometheus_gets_what_the_summary_says() {
    if !has("prometheus") {
        return;
    }
    let (server, _) = account(12_000);
    let exporter = Exporter::ready(&server, &["--window", "24h"]);
    let folder = tempfile::tempdir().unwrap();
    let prometheus = Prometheus::start(folder.path(), &exporter.address);
    let by_country = "sum by (country) (twilio_verify_attempts{window=\"24h\"})";
    let countries = || prometheus.query(by_country, "country");
    until("Prometheus has the values", || !countries().is_empty());
    let whole = summary(&server, &[]);
    for (metric, field) in [
        ("twilio_verify_attempts", "total_attempts"),
        ("twilio_verify_converted", "total_converted"),
    ] {
        let sum = prometheus.query(&format!("sum({metric}{{window=\"24h\"}})"), "");
        let sums: Vec<f64> = sum.into_iter().map(|(_, value)| value).collect();
        assert_eq!(sums, [whole[field].as_f64().unwrap()], "{metric}");
    }
    let countries = countries();
    assert!(countries.len() >= 5, "{countries:?}");
    for (country, attempts) in countries.iter().filter(|(country, _)| country.len() == 2) {
        let counted = summary(&server, &["--country", country]);
        assert_eq!(counted["total_attempts"].as_f64(), Some(*attempts), "{country}");
    }
    let channels = prometheus.query("sum by (channel) (twilio_verify_converted)", "channel");
    for (channel, converted) in &channels {
        let counted = summary(&server, &["--channel", channel]);
        assert_eq!(counted["total_converted"].as_f64(), Some(*converted), "{channel}");
    }
    // It evaluates the rules.
    let rules = || {
        let groups = prometheus.api("rules").unwrap_or_default()["data"]["groups"].clone();
        let rules = groups[0]["rules"].as_array().cloned().unwrap_or_default();
        rules.iter().map(|rule| rule["health"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    until("the rules are evaluated", || {
        let rules = rules();
        !rules.is_empty() && rules.iter().all(|health| health == "ok")
    });
    let up = prometheus.query("up", "job");
    assert_eq!(up, [("twilio-verify".to_owned(), 1.0)]);
}
