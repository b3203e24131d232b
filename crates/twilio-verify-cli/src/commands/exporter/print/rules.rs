//! `--print rules`: alerts for Prometheus.

use std::fmt::Write;

use crate::commands::exporter::args::Window;
use crate::commands::exporter::metrics::{
    AGE, ATTEMPTS, BUILD, CHANNEL, CONVERTED, COUNTRY, DIFFERENCE, DIMENSIONS, EXCESS, INTERVAL,
    RATIO, SERVICE, UP, WINDOW,
};
use crate::commands::exporter::reading::LEVELS;

/// The fewest attempts of a rate that can alert, and the smallest unconverted excess that can.
const FEWEST: u32 = 20;

/// An alerting rule.
struct Alert {
    name: &'static str,
    expression: String,
    lasts: &'static str,
    severity: &'static str,
    summary: String,
    description: &'static str,
}

/// Returns a file of rules. The rules on attempts use the shortest window.
pub(crate) fn rules(windows: &[Window]) -> String {
    let mut file = String::from(
        "\
# Alerts on Twilio Verify, by the metrics of `twilio-verify exporter`. In prometheus.yml:
#   rule_files: ['twilio-verify.rules.yml']
groups:
  - name: twilio-verify
    rules:
",
    );
    let window = windows.first().map(|window| (window.name.as_str(), window.seconds));
    let (window, seconds) = window.unwrap_or_default();
    let country = |metric: &str| {
        format!("sum without ({SERVICE}, {CHANNEL}) ({metric}{{{WINDOW}=\"{window}\"}})")
    };
    let (attempts, converted) = (country(ATTEMPTS.name), country(CONVERTED.name));
    let (ratio_name, attempts_name) =
        (format!("{COUNTRY}:{}:sum", RATIO.name), format!("{COUNTRY}:{}:sum", ATTEMPTS.name));
    let ratio = format!("{converted}\n/\n{attempts}");
    for (name, expression) in [(&ratio_name, &ratio), (&attempts_name, &attempts)] {
        let _ = writeln!(file, "      - record: {name}\n        expr: |-\n{}", block(expression));
    }
    let excess = country(EXCESS.name);
    let of_country = format!("{{{{ $labels.{COUNTRY} }}}}");
    let alerts = [
        Alert {
            name: "TwilioVerifyConversionDrop",
            expression: format!(
                "{ratio_name}\n< 0.8 * avg_over_time({ratio_name}[1d] offset {seconds}s)\n\
                 and {attempts_name} >= {FEWEST}"
            ),
            lasts: "10m",
            severity: "warning",
            summary: format!(
                "{of_country}: {{{{ $value | humanizePercentage }}}} of attempts convert"
            ),
            description: "Less than 80 % of what was usual in the last day: an outage of delivery, or SMS \
                          pumping. `twilio-verify attempts breakdown --by carrier,status` shows where.",
        },
        Alert {
            name: "TwilioVerifyUnconvertedExcess",
            expression: format!(
                "{excess} >= {FEWEST}\nand\n{excess}\n>= 0.5 * (\n  {attempts}\n  - {converted}\n)"
            ),
            lasts: "5m",
            severity: "critical",
            summary: format!(
                "{of_country}: {{{{ $value | humanize }}}} more unconverted attempts than usual"
            ),
            description: "At least half of the unconverted attempts are more than is usual at these hours \
                          of the week, as in SMS pumping. `twilio-verify attempts breakdown --by prefix:7` \
                          shows which numbers.",
        },
        Alert {
            name: "TwilioVerifySnapshotStale",
            expression: format!("{} > 3 * {}", AGE.name, INTERVAL.name),
            lasts: "1m",
            severity: "warning",
            summary: "The values are {{ $value | humanizeDuration }} old".to_owned(),
            description: "No renewal has succeeded for three intervals: see the exporter's log.",
        },
        Alert {
            name: "TwilioVerifyRenewalsFailing",
            expression: format!("{} == 0", UP.name),
            lasts: "15m",
            severity: "warning",
            summary: "The exporter can't read from Twilio".to_owned(),
            description: "twilio_verify_renewal_failures_total says why, and so does the exporter's log.",
        },
        Alert {
            name: "TwilioVerifyProofDifference",
            expression: format!("{} > 0", DIFFERENCE.name),
            lasts: "30m",
            severity: "warning",
            summary: "The cells of a window differ by {{ $value }} from what Twilio counts"
                .to_owned(),
            description: "The values are not complete.",
        },
        Alert {
            name: "TwilioVerifyBudgetTooSmall",
            expression: format!(
                "{} < {}",
                DIMENSIONS.name,
                LEVELS.first().map_or(0, |by| by.len())
            ),
            lasts: "1h",
            severity: "info",
            summary: "A window is broken down by {{ $value }} of service, country and channel"
                .to_owned(),
            description: "More takes more requests than --budget of the exporter allows.",
        },
        Alert {
            name: "TwilioVerifyExporterMissing",
            expression: format!("absent({})", BUILD.name),
            lasts: "5m",
            severity: "warning",
            summary: "There are no metrics of twilio-verify".to_owned(),
            description: "The exporter does not run, or is not scraped.",
        },
    ];
    for alert in alerts {
        let Alert { name, expression, lasts, severity, summary, description } = alert;
        let _ = writeln!(
            file,
            "      - alert: {name}\n        expr: |-\n{}\n        for: {lasts}\n        labels:\n          \
             severity: {severity}\n        annotations:\n          summary: {}\n          description: {}",
            block(&expression),
            quoted(&summary),
            quoted(description)
        );
    }
    file
}

/// Indents the lines of an expression for a YAML block.
fn block(expression: &str) -> String {
    let lines: Vec<String> = expression.lines().map(|line| format!("          {line}")).collect();
    lines.join("\n")
}

/// Quotes a text for YAML.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
