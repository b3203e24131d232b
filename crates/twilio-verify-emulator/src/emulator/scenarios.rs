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
    /// Adds a scenario among the attempts: an attack, or something that looks like one. Default: no scenarios.
    ///
    /// Its attempts are generated from the [seed](Self::seed), on top of others: past ones at once, later ones as the
    /// clock runs, which enables [`Self::as_of_clock`]. Their prices are known at once, unless [`Self::price_delay`] is
    /// set. During an outage, codes that are sent to the affected destinations don't arrive either.
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

    /// Adds scenarios, such as those of [`Scenario::parse_all`]. Default: no scenarios.
    pub fn scenarios(mut self, scenarios: impl IntoIterator<Item = Scenario>) -> Self {
        self.scenarios.extend(scenarios);
        self
    }

    /// Sets after how many messages within 24 hours Fraud Guard blocks a prefix. It counts SMS that did not convert, to
    /// numbers that differ only in their last four digits. Each further SMS to such a number is rejected with
    /// 403/60410, for 12 hours from the last one, unless the number is on the safe list or `RiskCheck` is `disable`.
    /// `None` blocks nothing. Default: `None`. Twilio documents the 12 hours; the rest is assumed.
    pub fn fraud_guard(mut self, messages: impl Into<Option<u64>>) -> Self {
        self.settings.fraud_guard = messages.into();
        self
    }
}

/// Applies scenarios to attempts as an emulator that starts at `now` does, without starting one. Returns the attempts,
/// newest first, and the truth about the scenarios: outages have changed the given attempts, and the other scenarios
/// have added theirs.
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
    /// Returns the truth about the [scenarios](EmulatorBuilder::scenario), in their order: what a detector should find.
    /// This includes future attempts. Scenarios whose attempts do not exist are left out: after a reset, or with an
    /// existing [data file](EmulatorBuilder::data).
    #[must_use]
    pub fn truth(&self) -> Vec<Truth> {
        self.app.happenings.truth(self.store()).into_iter().cloned().collect()
    }
}
