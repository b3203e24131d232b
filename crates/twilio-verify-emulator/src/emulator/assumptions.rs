//! The settings of a builder for what Twilio leaves open about attempts.

use std::time::Duration;

use crate::attempts::data::filter::Bound;
use crate::attempts::rate::{RateOfNone, Rounding};
use crate::emulator::builder::EmulatorBuilder;

impl EmulatorBuilder {
    /// How long an attempt can be listed and fetched, by the emulator's clock; `None` is forever. Default: 30 days
    /// (documented by Twilio). The first instant of that period is retained (assumed).
    pub fn retention(mut self, retention: impl Into<Option<Duration>>) -> Self {
        self.settings.retention = retention.into();
        self
    }

    /// How long an attempt counts in a summary, by the emulator's clock; `None` is forever. Default: `None` (assumed:
    /// Twilio documents no end).
    pub fn summary_retention(mut self, retention: impl Into<Option<Duration>>) -> Self {
        self.settings.summary_retention = retention.into();
        self
    }

    /// Whether `DateCreatedAfter` includes its instant. Default: [`Bound::Inclusive`] (assumed).
    pub fn created_after(mut self, bound: Bound) -> Self {
        self.settings.bounds.after = bound;
        self
    }

    /// Whether `DateCreatedBefore` includes its instant. Default: [`Bound::Exclusive`] (assumed).
    pub fn created_before(mut self, bound: Bound) -> Self {
        self.settings.bounds.before = bound;
        self
    }

    /// The number of decimals of `conversion_rate_percentage`: 0 to 15, the maximum. Default: 9 (seen in Twilio's
    /// example, `81.818181818`; that trailing zeros are written is assumed).
    pub fn rate_decimals(mut self, decimals: u32) -> Self {
        self.settings.rate.decimals = decimals;
        self
    }

    /// How `conversion_rate_percentage` is rounded. Default: [`Rounding::HalfUp`] (assumed).
    pub fn rate_rounding(mut self, rounding: Rounding) -> Self {
        self.settings.rate.rounding = rounding;
        self
    }

    /// What `conversion_rate_percentage` is when no attempt was counted. Default: [`RateOfNone::Null`] (assumed).
    pub fn rate_of_none(mut self, rate: RateOfNone) -> Self {
        self.settings.rate.of_none = rate;
        self
    }

    /// Whether attempts are shown as they are at the time of the emulator's clock, and not as they end. Default:
    /// `false`.
    ///
    /// Then an attempt that is dated later is not there yet. Until its `date_updated` it is unconverted and
    /// `unconfirmed`, whatever it ends as. With a [`sample`](crate::sample) that ends in the future, or attempts from a
    /// file, traffic goes on while the clock does.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use chrono::{TimeDelta, Utc};
    /// use twilio_verify::Client;
    /// use twilio_verify_emulator::{Emulator, ManualClock};
    ///
    /// let now = Utc::now();
    /// let emulator = Emulator::builder()
    ///     .clock(ManualClock::at(now))
    ///     .sample(7, now + TimeDelta::days(15), 1_000)
    ///     .as_of_clock(true)
    ///     .start()
    ///     .await?;
    /// let client = Client::builder()
    ///     .credentials(emulator.credentials())
    ///     .base_url(emulator.url())
    ///     .build()?;
    /// let half = client.attempts().summary().send().await?.total_attempts;
    /// emulator.advance_clock(TimeDelta::days(15));
    /// let all = client.attempts().summary().send().await?.total_attempts;
    /// assert!(half < all && all == 1_000);
    /// # Ok(())
    /// # }
    /// ```
    pub fn as_of_clock(mut self, is: bool) -> Self {
        self.settings.timing.as_of_clock = is;
        self
    }

    /// How far the list is behind the emulator's clock: it shows attempts as they were this long ago, without those
    /// that were made since. Single attempts and the summary don't lag with it. Default: zero (assumed).
    pub fn list_lag(mut self, lag: Duration) -> Self {
        self.settings.timing.list_lag = lag;
        self
    }

    /// How far the summary is behind the emulator's clock: it counts attempts as they were this long ago. Default: zero
    /// (assumed).
    pub fn summary_lag(mut self, lag: Duration) -> Self {
        self.settings.timing.summary_lag = lag;
        self
    }

    /// How long after an attempt is made its price is known. Until then `price` is null; then it is its own, or, if it
    /// has none, one made up by channel and country; `date_updated` is not before that instant. `None` leaves prices
    /// as they are. Default: `None`. Twilio documents that it takes up to 24 hours.
    pub fn price_delay(mut self, delay: impl Into<Option<Duration>>) -> Self {
        self.settings.timing.price_delay = delay.into();
        self
    }

    /// How long after an attempt is made it is known whether its message or call arrived. Until then its
    /// `message_status` is `queued`, from half of the time on `sent` (`call_status`: `queued`, `in-progress`), and
    /// `error_code` is null; each change moves `date_updated`. `None` leaves statuses as they are. Default: `None`.
    /// Twilio documents that `message_status` changes over time; the statuses on the way are assumed.
    pub fn delivery_delay(mut self, delay: impl Into<Option<Duration>>) -> Self {
        self.settings.timing.delivery_delay = delay.into();
        self
    }
}
