//! `attempts watch`: its command line.

use std::path::PathBuf;

use clap::Args;
use rust_decimal::Decimal;
use twilio_verify::{Country, Redacted, ServiceSid};
use twilio_verify_insights::Detector;

use super::event;
use super::webhook::{URL, Webhook};
use crate::failure::feature::Feature;
use crate::failure::report::Failure;
use crate::output::writer::Output;
use crate::settings::environment::variable;
use crate::values::countries::country;
use crate::values::numbers;
use crate::values::texts::private;

const HELP: &str = "\
A finding is one of:
  pumping          many attempts that don't convert: SMS pumping, toll fraud
  masked           many more attempts than usual, some of which convert
  new_destination  a country or prefix that was not used before
  delivery         fewer messages arrive than usual, and fewer convert: an outage
  cost             spending above its usual range

A finding is reported when it starts and when it has ended, and once more as settled if prices were
missing: Twilio takes up to 24 hours for them.

The first look lists the attempts of the last 28 days to learn what is usual, in at most --budget
calls of 1000 attempts each; with --from-archive, it lists only what the archive lacks. After that,
each look is one call, and a finding takes at most 60 more. If more than 1000 attempts are made within
some minutes, the call counts attempts, and they are listed while their number or rate is unusual.

If a look fails, because of the network or a limit, the next one covers the missed time too. Ctrl-C
and SIGTERM end the watch.

--webhook sends the JSON of -o json by POST, with a `text` that Slack and Mattermost show. --exec runs
a command in a shell, with the same JSON in TWILIO_VERIFY_FINDING and its fields in
TWILIO_VERIFY_STATE, _KIND, _ID, _COUNTRY, _CHANNEL, _PREFIX, _FROM, _TO, _ATTEMPTS, _CONVERTED,
_EXCESS, _COST, _CURRENCY and _TEXT; its environment has no credentials. If either fails, a note on
stderr says so.

Examples:
  twilio-verify attempts watch
  twilio-verify attempts watch --min-cost 20 -o json >> findings.ndjson
  TWILIO_VERIFY_WEBHOOK=https://hooks.slack.com/services/… twilio-verify attempts watch
  twilio-verify attempts watch --exec 'echo \"$TWILIO_VERIFY_TEXT\" | mail -s Verify ops@example.com'
  twilio-verify attempts watch --from-archive attempts-archive --once || echo findings";

/// What is unusual.
#[derive(Args, Clone, Debug)]
pub(crate) struct DetectorArgs {
    /// The least cost of a finding of the kind pumping or masked, in the currency of the prices
    #[arg(long, value_name = "AMOUNT", default_value = "5", allow_negative_numbers = true, value_parser = numbers::amount)]
    min_cost: Decimal,

    /// The share of findings that may be false
    #[arg(long, value_name = "SHARE", default_value = "0.01", allow_negative_numbers = true, value_parser = share)]
    false_discovery: f64,
}

impl DetectorArgs {
    pub(super) fn detector(&self) -> Detector {
        Detector::new().min_cost(self.min_cost).false_discovery(self.false_discovery)
    }
}

/// What is watched, and where findings are sent.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(crate) struct WatchArgs {
    /// The time between looks, 10s to 1h
    #[arg(long, value_name = "DURATION", default_value = "1m", value_parser = every)]
    pub(super) every: u32,

    #[command(flatten)]
    pub(super) detector: DetectorArgs,

    /// The maximum number of calls that list the attempts of the last 28 days; with fewer, the history
    /// is shorter
    #[arg(long, value_name = "CALLS", default_value = "200", value_parser = budget)]
    pub(super) budget: u64,

    /// Read the history from an archive of `attempts sync`, and list only what is missing there
    #[arg(long, value_name = "DIR")]
    pub(super) from_archive: Option<PathBuf>,

    /// Look once: the exit code is 8 if there are findings, 0 if there are none
    #[arg(long, conflicts_with = "every")]
    pub(super) once: bool,

    /// Run this command for each finding, in a shell
    #[arg(long, value_name = "CMD")]
    pub(super) exec: Option<String>,

    /// Send each finding to this URL, https or http; the variable TWILIO_VERIFY_WEBHOOK, which other
    /// users of the machine don't see, has the same effect
    #[arg(long, value_name = "URL", value_parser = private)]
    webhook: Option<Redacted<String>>,

    /// Only attempts of this service
    #[arg(long, visible_alias = "service-sid", value_name = "SID")]
    pub(super) verify_service_sid: Option<ServiceSid>,

    /// Only attempts to this country, an ISO 3166-1 alpha-2 code such as CO
    #[arg(long, value_parser = country)]
    pub(super) country: Option<Country>,
}

/// Reads the time between looks, in seconds.
fn every(text: &str) -> Result<u32, &'static str> {
    match numbers::seconds(text) {
        Ok(..10) => Err(
            "expected 10s at least: what Twilio lists is no newer, and its limit is 100 calls a minute",
        ),
        Ok(3601..) => Err("expected 1h at most: pumping costs hundreds of dollars within minutes"),
        Ok(seconds) => Ok(seconds),
        Err(_) => Err("expected 10s to 1h, such as 1m"),
    }
}

/// Reads a number of calls.
fn budget(text: &str) -> Result<u64, String> {
    numbers::whole(text, 1..=100_000)
}

/// Reads a share.
fn share(text: &str) -> Result<f64, &'static str> {
    text.parse()
        .ok()
        .filter(|share| *share > 0.0 && *share <= 0.5)
        .ok_or("expected a share above 0 and up to 0.5, such as 0.01")
}

impl WatchArgs {
    /// Rejects invalid arguments before anything is sent.
    pub(crate) fn check(&self, output: &Output) -> Result<(), Failure> {
        output.check(&event::shape())?;
        if self.from_archive.is_some() {
            Feature::Archive.required("--from-archive <DIR>")?;
        }
        if self.exec.as_ref().is_some_and(|command| command.trim().is_empty()) {
            return Err(Failure::usage(
                "--exec <CMD>: it is empty",
                "name a command, or remove --exec",
            ));
        }
        self.webhook().map(drop)
    }

    /// Returns the webhook that findings are sent to, if there is one.
    pub(super) fn webhook(&self) -> Result<Option<Webhook>, Failure> {
        match (&self.webhook, variable(URL)) {
            (Some(url), _) => Webhook::new(url.expose(), "--webhook <URL>").map(Some),
            (None, Some(url)) => Webhook::new(&url, URL).map(Some),
            (None, None) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{every, share};

    #[test]
    fn what_is_accepted() {
        assert_eq!(every("10s"), Ok(10));
        assert_eq!(every("1h"), Ok(3600));
        for text in ["9s", "0", "61m", "1d", "soon", ""] {
            assert!(every(text).is_err(), "{text}");
        }
        assert!(share("0.01").is_ok() && share("0.5").is_ok());
        for text in ["0", "1", "-0.1", "NaN", "1%"] {
            assert!(share(text).is_err(), "{text}");
        }
    }
}
