//! Scenarios of a builder and of an emulator.

use chrono::{DateTime, Utc};

use crate::attempts::data::attempt::Attempt;
use crate::attempts::store::Store;
use crate::emulator::builder::EmulatorBuilder;
use crate::emulator::error::StartError;
use crate::emulator::handle::Emulator;
use crate::scenarios::happening::Happenings;
use crate::scenarios::scenario::Scenario;
use crate::scenarios::truth::Truth;

impl EmulatorBuilder {
    /// Adds what happens among the attempts: an attack, or something that looks like one. Default: none.
    ///
    /// Its attempts are made from the [seed](Self::seed), on top of others: of the past at once, later ones as the clock
    /// runs, which is [`Self::as_of_clock`]. Their prices are known at once, unless [`Self::price_delay`] is set. While
    /// an outage lasts, codes that are sent to what it concerns don't arrive either.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use twilio_verify_emulator::Emulator;
    ///
    /// let emulator = Emulator::builder()
    ///     .sample(7, chrono::Utc::now(), 1_000)
    ///     .scenario("pumping prefix=+99899394 start=-6h for=4h rate=600/h carrier=43404".parse()?)
    ///     .start()
    ///     .await?;
    /// let truth = emulator.truth();
    /// assert_eq!((truth[0].attempts, truth[0].converted), (2_400, 0));
    /// # Ok(())
    /// # }
    /// ```
    pub fn scenario(mut self, scenario: Scenario) -> Self {
        self.scenarios.push(scenario);
        self
    }

    /// Adds scenarios, such as those of [`Scenario::parse_all`]. Default: none.
    pub fn scenarios(mut self, scenarios: impl IntoIterator<Item = Scenario>) -> Self {
        self.scenarios.extend(scenarios);
        self
    }

    /// After how many messages within 24 hours Fraud Guard blocks a prefix: SMS to numbers that are the same but for
    /// their last four digits, which did not convert. Then each SMS to such a number is rejected with 403/60410, for 12
    /// hours from the last one, unless the number is on the safe list or `RiskCheck` is `disable`. `None` blocks
    /// nothing. Default: `None`. Twilio documents the 12 hours; the rest is assumed.
    pub fn fraud_guard(mut self, messages: impl Into<Option<u64>>) -> Self {
        self.settings.fraud_guard = messages.into();
        self
    }
}

/// What scenarios make of attempts in an emulator that starts at `now`, without starting one: the attempts given, changed by
/// outages, with those that the other scenarios make; and the truth about them. Newest first.
///
/// # Errors
///
/// A scenario or an attempt is invalid, or two attempts have the same SID.
///
/// ```
/// use twilio_verify_emulator::{apply_scenarios, sample};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let now = chrono::Utc::now();
/// let scenarios = ["pumping prefix=+99899394 rate=600/h for=1h".parse()?];
/// let (attempts, truth) = apply_scenarios(sample(7, now, 100), &scenarios, 7, now)?;
/// assert_eq!((attempts.len(), truth[0].attempts), (700, 600));
/// # Ok(())
/// # }
/// ```
pub fn apply_scenarios(
    attempts: impl IntoIterator<Item = Attempt>,
    scenarios: &[Scenario],
    seed: u64,
    now: DateTime<Utc>,
) -> Result<(Vec<Attempt>, Vec<Truth>), StartError> {
    scenarios.iter().try_for_each(Scenario::check)?;
    let store = Store::default();
    store.extend(attempts)?;
    let happenings = Happenings::begin(scenarios, seed, now, &store)?;
    let truth = happenings.truth(&store).into_iter().cloned().collect();
    Ok((store.all(), truth))
}

impl Emulator {
    /// What the [scenarios](EmulatorBuilder::scenario) have made, in their order: what a detector should find. Also what
    /// is still to come. Those are left out whose attempts are not there: after a reset, or with an existing
    /// [data file](EmulatorBuilder::data).
    #[must_use]
    pub fn truth(&self) -> Vec<Truth> {
        self.app.happenings.truth(self.store()).into_iter().cloned().collect()
    }
}
