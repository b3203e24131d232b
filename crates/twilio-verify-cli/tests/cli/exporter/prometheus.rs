//! Prometheus, where it is installed. With `TWILIO_VERIFY_REQUIRE_PROMETHEUS=1` the tests fail where it is
//! not, and where promtool is not.

use std::fs;
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
pub(super) fn has(program: &str) -> bool {
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

/// What `exporter --print` prints.
pub(super) fn print(what: &str, more: &[&str]) -> String {
    let mut command = assert_cmd::Command::from_std(bare());
    stdout(command.args(["exporter", "--print", what]).args(more))
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

    /// The JSON at a path; `None` until it exists.
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
    let (server, _) = account(3_000);
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
