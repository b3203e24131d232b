//! The builder's settings for what Twilio leaves open about attempts.

use std::time::Duration;

use crate::attempts::data::filter::Bound;
use crate::attempts::rate::{RateOfNone, Rounding};
use crate::emulator::builder::EmulatorBuilder;

impl EmulatorBuilder {
    /// Sets how long an attempt can be listed and fetched, by the emulator's clock; `None` is forever. Default: 30 days
    /// (documented by Twilio). The first instant of that period is retained (assumed).
    pub fn retention(mut self, retention: impl Into<Option<Duration>>) -> Self {
        self.settings.retention = retention.into();
        self
    }

    /// Sets how long an attempt counts in a summary, by the emulator's clock; `None` is forever. Default: `None`
    /// (assumed: Twilio documents no end).
    pub fn summary_retention(mut self, retention: impl Into<Option<Duration>>) -> Self {
        self.settings.summary_retention = retention.into();
        self
    }

    /// Sets whether `DateCreatedAfter` includes its instant. Default: [`Bound::Inclusive`] (assumed).
    pub fn created_after(mut self, bound: Bound) -> Self {
        self.settings.bounds.after = bound;
        self
    }

    /// Sets whether `DateCreatedBefore` includes its instant. Default: [`Bound::Exclusive`] (assumed).
    pub fn created_before(mut self, bound: Bound) -> Self {
        self.settings.bounds.before = bound;
        self
    }

    /// Sets the number of decimals of `conversion_rate_percentage`: 0 to 15, the maximum. Default: 9 (seen in Twilio's
    /// example, `81.818181818`; that trailing zeros are written is assumed).
    pub fn rate_decimals(mut self, decimals: u32) -> Self {
        self.settings.rate.decimals = decimals;
        self
    }

    /// Sets how `conversion_rate_percentage` is rounded. Default: [`Rounding::HalfUp`] (assumed).
    pub fn rate_rounding(mut self, rounding: Rounding) -> Self {
        self.settings.rate.rounding = rounding;
        self
    }

    /// Sets the value of `conversion_rate_percentage` when no attempts were counted. Default: [`RateOfNone::Null`]
    /// (assumed).
    pub fn rate_of_none(mut self, rate: RateOfNone) -> Self {
        self.settings.rate.of_none = rate;
        self
    }

    /// Sets whether attempts are shown as of the emulator's clock, instead of in their final state. Default: `false`.
    ///
    /// If set, an attempt with a later date is hidden. Until its `date_updated` it is unconverted and `unconfirmed`,
    /// whatever its final state. With a [`sample`](crate::sample) that ends in the future, or attempts from a file,
    /// traffic continues as the clock runs.
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

    /// Sets how far the list lags behind the emulator's clock: it shows attempts as they were at that earlier time,
    /// without later ones. Single attempts and the summary don't lag with it. Default: zero (assumed).
    pub fn list_lag(mut self, lag: Duration) -> Self {
        self.settings.timing.list_lag = lag;
        self
    }

    /// Sets how far the summary lags behind the emulator's clock: it counts attempts as they were at that earlier time.
    /// Default: zero (assumed).
    pub fn summary_lag(mut self, lag: Duration) -> Self {
        self.settings.timing.summary_lag = lag;
        self
    }

    /// Sets how long after an attempt its price becomes known. Until then `price` is null; then it is the attempt's own
    /// price, or, if it has none, a made-up price by channel and country; `date_updated` is not before that instant.
    /// `None` leaves prices as they are. Default: `None`. Twilio documents that it takes up to 24 hours.
    pub fn price_delay(mut self, delay: impl Into<Option<Duration>>) -> Self {
        self.settings.timing.price_delay = delay.into();
        self
    }

    /// Sets how long after an attempt it becomes known whether its message or call arrived. Until then its
    /// `message_status` is `queued`, and `sent` from half of the time on (`call_status`: `queued`, `in-progress`), and
    /// `error_code` is null; each change moves `date_updated`. `None` leaves statuses as they are. Default: `None`.
    /// Twilio documents that `message_status` changes over time; the intermediate statuses are assumed.
    pub fn delivery_delay(mut self, delay: impl Into<Option<Duration>>) -> Self {
        self.settings.timing.delivery_delay = delay.into();
        self
    }
}
