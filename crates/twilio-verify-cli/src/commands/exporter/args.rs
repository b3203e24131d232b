//! `exporter`: its command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
#[cfg(feature = "exporter")]
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::commands::args::FeeArgs;
use crate::failure::feature::Feature;
use crate::failure::report::Failure;
use crate::values::numbers;

/// The fewest requests of a renewal for each window: enough for the smallest breakdown, and to find
/// out that a larger one takes too many.
const FEWEST: u64 = 10;

const HELP: &str = "\
A scrape sends no request to Twilio: it shows the last snapshot, which is renewed every 5 minutes. A
renewal breaks the attempts of each window down by service, country and channel, and compares their
sum with Twilio's count. A window ends 11 minutes ago, because younger attempts may still convert.
--budget limits the requests of a renewal; if they are not enough, a window is broken down by fewer
dimensions. The values are gauges, because a window moves.

twilio_verify_unconverted_excess compares unconverted attempts with the same hours of up to 4 earlier
weeks. They are read from an archive with --from-archive, otherwise from Twilio, some at each renewal,
as the budget allows. The metric is absent until they are known.

The server has /metrics, for Prometheus; /-/healthy; and /-/ready, which responds with 503 until there
is a snapshot. It has no authentication: don't make it public. If a renewal fails, the old snapshot
stays and its age grows. Ctrl-C and SIGTERM end the program.

Examples:
  twilio-verify exporter
  twilio-verify exporter --listen 0.0.0.0:9464 --every 10m --window 1h,24h --budget 200
  twilio-verify exporter --from-archive attempts-archive --fee 0.05
  twilio-verify exporter --print rules > twilio-verify.rules.yml
  twilio-verify exporter --print grafana > twilio-verify.json
  twilio-verify --emulator exporter";

/// Where metrics are served, and how they are renewed.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(crate) struct ExporterArgs {
    /// The address to listen on; port 0 is a free one
    #[arg(
        long,
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:9464",
        value_parser = address
    )]
    pub(super) listen: SocketAddr,

    /// The time from the start of a renewal to the start of the next
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = numbers::seconds)]
    pub(super) every: u32,

    /// The lengths of the windows to count, from 1m to 29d, such as 1h,24h
    #[arg(long = "window", value_name = "DURATION", value_delimiter = ',', default_value = "1h")]
    windows: Vec<Window>,

    /// Send at most N requests in a renewal, not counting retries
    #[arg(
        long,
        value_name = "N",
        default_value_t = 100,
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    pub(super) budget: u64,

    /// The maximum number of series of a metric by service, country and channel, in all windows
    /// together: those with the most attempts are kept, the others are summed as `other`
    #[arg(
        long,
        value_name = "N",
        default_value_t = 500,
        value_parser = clap::value_parser!(u32).range(1..=100_000)
    )]
    pub(super) max_series: u32,

    /// An archive of `attempts sync` to learn from what is usual; it is read again every hour
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub(super) from_archive: Option<PathBuf>,

    #[command(flatten)]
    pub(super) fee: FeeArgs,

    /// Print a dashboard or alert rules for these metrics and exit; needs no account
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(super) print: Option<Print>,

    /// Take the time from the emulator, whose clock a test has set
    #[arg(long, hide = true, conflicts_with = "print")]
    pub(super) emulator_clock: bool,
}

/// What is printed instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Print {
    /// A dashboard to import into Grafana
    Grafana,
    /// A file of rules for Prometheus
    Rules,
}

/// The length of a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// The length as it was given, such as `24h`: the value of the label.
    pub(super) name: String,
    pub(super) seconds: u32,
}

impl FromStr for Window {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name: String = text.split_whitespace().collect();
        match numbers::seconds(&name) {
            Ok(seconds @ 60..=2_505_600) => {
                let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
                let name = if is_number { format!("{seconds}s") } else { name };
                Ok(Self { name, seconds })
            }
            _ => Err("expected 1m to 29d, such as 1h or 24h"),
        }
    }
}

fn address(text: &str) -> Result<SocketAddr, &'static str> {
    let text = text.replace("localhost:", "127.0.0.1:");
    text.parse().map_err(|_| "expected an IP address and a port, such as 127.0.0.1:9464")
}

impl ExporterArgs {
    /// Whether the command only prints, and sends nothing.
    pub(crate) fn prints(&self) -> bool {
        self.print.is_some()
    }

    /// Returns the windows, the shortest first, each length once.
    pub(super) fn windows(&self) -> Vec<Window> {
        let mut windows = self.windows.clone();
        windows.sort_by_key(|window| window.seconds);
        windows.dedup_by_key(|window| window.seconds);
        windows
    }

    /// Returns the time between the starts of two renewals.
    #[cfg(feature = "exporter")]
    pub(super) fn interval(&self) -> Duration {
        Duration::from_secs(self.every.into())
    }

    /// Rejects invalid arguments before anything is sent.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        Feature::Exporter.required("exporter")?;
        if self.from_archive.is_some() {
            Feature::Archive.required("--from-archive")?;
        }
        let windows = self.windows();
        let names: Vec<&str> = windows.iter().map(|window| window.name.as_str()).collect();
        let (count, names) = (names.len(), names.join(", "));
        let least = FEWEST.saturating_mul(count as u64);
        if self.budget < least {
            return Err(Failure::usage(
                format!(
                    "--budget <N>: to renew takes at least {FEWEST} requests for each window: {names}"
                ),
                format!("allow {least}, or choose fewer windows"),
            ));
        }
        if (self.max_series as usize) < count {
            return Err(Failure::usage(
                format!("--max-series <N>: each window has at least one: {names}"),
                format!("allow {count}, or choose fewer windows"),
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Window;

    #[test]
    fn a_window_has_a_length_and_a_name() {
        let window =
            |text: &str| text.parse::<Window>().map(|window| (window.name, window.seconds));
        assert_eq!(window("24h"), Ok(("24h".to_owned(), 86_400)));
        assert_eq!(window("1h 30m"), Ok(("1h30m".to_owned(), 5400)));
        assert_eq!(window("3600"), Ok(("3600s".to_owned(), 3600)));
        for text in ["", "0", "59s", "30d", "1500ms", "x"] {
            assert!(window(text).is_err(), "{text}");
        }
    }
}
