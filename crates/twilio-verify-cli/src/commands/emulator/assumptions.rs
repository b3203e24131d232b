//! Flags of `emulator` for what Twilio leaves open about attempts.

use std::time::Duration;

use clap::Args;
use clap::builder::{BoolishValueParser, PossibleValuesParser, TypedValueParser};
use twilio_verify_emulator::{Bound, EmulatorBuilder};

use crate::values::numbers::duration;

/// What Twilio leaves open about attempts. What is not given is at the emulator's default.
#[derive(Args, Debug)]
#[command(next_help_heading = "What Twilio leaves open about attempts")]
pub(super) struct Assumptions {
    /// Whether DateCreatedAfter includes its instant [default: inclusive]
    #[arg(
        long,
        value_name = "BOUND",
        value_parser = bound(),
        env = "TWILIO_VERIFY_EMULATOR_CREATED_AFTER",
        hide_env_values = true
    )]
    created_after: Option<Bound>,

    /// Whether DateCreatedBefore includes its instant [default: exclusive]
    #[arg(
        long,
        value_name = "BOUND",
        value_parser = bound(),
        env = "TWILIO_VERIFY_EMULATOR_CREATED_BEFORE",
        hide_env_values = true
    )]
    created_before: Option<Bound>,

    /// How long an attempt counts in a summary, such as 30d [default: forever]
    #[arg(
        long,
        value_name = "DURATION",
        value_parser = duration,
        env = "TWILIO_VERIFY_EMULATOR_SUMMARY_RETENTION",
        hide_env_values = true
    )]
    summary_retention: Option<Duration>,

    /// How far the list of attempts is behind, such as 30s [default: 0s]
    #[arg(
        long,
        value_name = "DURATION",
        value_parser = duration,
        env = "TWILIO_VERIFY_EMULATOR_LIST_LAG",
        hide_env_values = true
    )]
    list_lag: Option<Duration>,

    /// How far summaries are behind, such as 30s [default: 0s]
    #[arg(
        long,
        value_name = "DURATION",
        value_parser = duration,
        env = "TWILIO_VERIFY_EMULATOR_SUMMARY_LAG",
        hide_env_values = true
    )]
    summary_lag: Option<Duration>,

    /// How long after an attempt its price is known, such as 12h
    /// [default: at once; of made-up attempts, within 12h]
    #[arg(
        long,
        value_name = "DURATION",
        value_parser = duration,
        env = "TWILIO_VERIFY_EMULATOR_PRICE_DELAY",
        hide_env_values = true
    )]
    price_delay: Option<Duration>,

    /// How long after an attempt it is known whether its message or call arrived,
    /// such as 8s; until then it is queued, then sent [default: at once]
    #[arg(
        long,
        value_name = "DURATION",
        value_parser = duration,
        env = "TWILIO_VERIFY_EMULATOR_DELIVERY_DELAY",
        hide_env_values = true
    )]
    delivery_delay: Option<Duration>,

    /// Show attempts as they are at the time of the emulator's clock, not as they
    /// end: later ones are not there yet, and convert when they are updated
    #[arg(
        long,
        value_parser = BoolishValueParser::new(),
        env = "TWILIO_VERIFY_EMULATOR_AS_OF_CLOCK",
        hide_env_values = true
    )]
    as_of_clock: bool,

    /// How many of the 30 days of made-up attempts are still to come, such as 1d:
    /// they happen as the clock runs, which is --as-of-clock [default: 0s]
    #[arg(
        long,
        value_name = "DURATION",
        conflicts_with = "attempts",
        value_parser = duration,
        env = "TWILIO_VERIFY_EMULATOR_SAMPLE_AHEAD",
        hide_env_values = true
    )]
    pub(super) sample_ahead: Option<Duration>,
}

fn bound() -> impl TypedValueParser<Value = Bound> {
    PossibleValuesParser::new(["inclusive", "exclusive"]).map(|text| match text.as_str() {
        "inclusive" => Bound::Inclusive,
        _ => Bound::Exclusive,
    })
}

impl Assumptions {
    /// Sets the assumptions that were given.
    pub(super) fn set(&self, mut builder: EmulatorBuilder) -> EmulatorBuilder {
        if let Some(bound) = self.created_after {
            builder = builder.created_after(bound);
        }
        if let Some(bound) = self.created_before {
            builder = builder.created_before(bound);
        }
        if let Some(retention) = self.summary_retention {
            builder = builder.summary_retention(retention);
        }
        builder
            .list_lag(self.list_lag.unwrap_or_default())
            .summary_lag(self.summary_lag.unwrap_or_default())
            .price_delay(self.price_delay)
            .delivery_delay(self.delivery_delay)
            .as_of_clock(self.as_of_clock || self.sample_ahead.is_some())
    }
}
