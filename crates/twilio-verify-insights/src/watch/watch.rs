//! The builder of a watch.

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify::{Attempts, Country, ServiceSid};

use crate::breakdown::plan::plan::Calls;
use crate::detect::detector::Detector;
use crate::detect::history::History;
use crate::filters::Filters;
use crate::watch::backfill::Start;
use crate::watch::requests::{Requests, Scope};
use crate::watch::watcher::Watcher;

/// A builder of a watch over an account's attempts. Returned by [`WatchExt::watch`].
///
/// Nothing runs in the background: each [`tick`](Watcher::tick) is a look, and the program decides when to look. The
/// numbers here assume a look per minute.
///
/// # Calls
///
/// - The first look lists the history that the detector compares with: up to 28 days, the newest first, in at most 200
///   calls ([`budget`](Self::budget)) of 1000 attempts each. A smaller budget means a shorter history. With
///   [`history`](Self::history), only the missing part is listed.
/// - While nothing is found, a look is one call: a page of the list, with the attempts made since the last look and in
///   the 11 minutes before that, because a code is valid for 10 minutes. Such a page has every dimension, so finding
///   out where something happens takes no other call. After a pause of n minutes, a look takes up to n calls to list
///   the attempts made meanwhile.
/// - If a page of 1000 attempts does not reach back to the last look and, beyond it, for as long as 99 of 100 of the
///   account's conversions take (with the emulator's times, from about 500,000 attempts a day on), each attempt is
///   listed once, when that time has passed ([`Scale::Delayed`]): everything is known, two or three minutes later.
/// - If more than 1000 attempts are made in a minute (1.4 million a day), the account is large ([`Scale::Large`]): the
///   call is a summary of all attempts of the last 5 minutes, and attempts are listed only while their number or rate
///   is outside its usual range. The history then ends: add attempts from an archive with [`record`](Watcher::record),
///   or the usual range becomes outdated. Several watches, each of a [`service`](Self::service) or
///   [`country`](Self::country), avoid this.
/// - An episode takes at most 60 more calls: those that list it in a large account, and those that read its prices
///   when it has ended and again when they are final.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use twilio_verify_emulator::{Emulator, Scenario, sample};
/// # let now = chrono::Utc::now();
/// # let emulator = Emulator::builder()
/// #     .attempts(sample(7, now, 3_000))
/// #     .scenario("pumping prefix=+99899394 start=-1h for=50m rate=10/m".parse::<Scenario>()?)
/// #     .start()
/// #     .await?;
/// # let client = twilio_verify::Client::builder()
/// #     .credentials(emulator.credentials())
/// #     .base_url(emulator.url())
/// #     .build()?;
/// use chrono::Utc;
/// use twilio_verify_insights::{Calls, Detector, WatchExt};
///
/// let detector = Detector::new().false_discovery(0.01);
/// let mut watcher = client.attempts().watch().detector(detector).budget(Calls(100)).build();
/// let look = watcher.tick(Utc::now()).await?;
/// for event in &look.events {
///     println!("{:?}: {}", event.state, event.finding);
/// }
/// println!("{} calls", look.calls);
/// # assert!(!look.events.is_empty());
/// # Ok(())
/// # }
/// ```
///
/// [`Scale::Delayed`]: crate::Scale::Delayed
/// [`Scale::Large`]: crate::Scale::Large
#[derive(Clone, Debug)]
#[must_use = "a watch does nothing until it is built, and looks"]
pub struct Watch {
    attempts: Attempts,
    detector: Detector,
    budget: Calls,
    lookback: TimeDelta,
    history: History,
    complete_until: Option<DateTime<Utc>>,
    filters: Filters,
}

/// Adds watches to [`Attempts`].
pub trait WatchExt {
    /// Creates a watch of attempts as they are made. By default it covers all of them, with a history of 28 days in at
    /// most 200 calls.
    fn watch(&self) -> Watch;
}

impl WatchExt for Attempts {
    fn watch(&self) -> Watch {
        Watch {
            attempts: self.clone(),
            detector: Detector::new(),
            budget: Calls(200),
            lookback: TimeDelta::days(28),
            history: History::new(),
            complete_until: None,
            filters: Filters::default(),
        }
    }
}

impl Watch {
    /// Sets the detector. Default: [`Detector::new`].
    pub fn detector(mut self, detector: Detector) -> Self {
        self.detector = detector;
        self
    }

    /// Sets how many calls reading the history takes at most, at least 1. Default: 200, which take two minutes at
    /// Twilio's limit of 100 a minute, or three and a half if the client spreads them.
    pub fn budget(mut self, calls: Calls) -> Self {
        self.budget = calls;
        self
    }

    /// Sets how far back the history reaches. Default: 28 days. Twilio lists the last 30.
    pub fn lookback(mut self, length: TimeDelta) -> Self {
        self.lookback = length;
        self
    }

    /// Uses a history from elsewhere, such as an archive, that is complete up to an instant. Attempts made after it,
    /// and in the 11 minutes before it, are listed.
    pub fn history(mut self, history: History, complete_until: DateTime<Utc>) -> Self {
        self.history = history;
        self.complete_until = Some(complete_until);
        self
    }

    /// Watches only attempts of this service.
    pub fn service(mut self, service: ServiceSid) -> Self {
        self.filters.service = Some(service);
        self
    }

    /// Watches only attempts to this country.
    pub fn country(mut self, country: Country) -> Self {
        self.filters.country = Some(country);
        self
    }

    /// Builds the watcher. Sends nothing yet.
    pub fn build(self) -> Watcher {
        let Self { attempts, detector, budget, lookback, history, complete_until, .. } = self;
        let scope = Scope { filters: self.filters, ..Scope::default() };
        Watcher::new(
            Requests::new(attempts),
            scope,
            detector,
            history,
            Start { budget: budget.0.max(1), lookback, complete_until },
        )
    }
}
