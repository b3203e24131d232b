//! An emulator with attempts, and their naive count.

use chrono::{DateTime, TimeZone, Utc};
use twilio_verify::{Attempt, Client};
use twilio_verify_emulator::{self as emulator, Bound, Emulator, ManualClock, sample};
use twilio_verify_insights::{By, Period, Table};

/// The emulator's clock.
pub(crate) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 21, 0, 0).unwrap()
}

pub(crate) struct Account {
    pub(crate) emulator: Emulator,
    pub(crate) client: Client,
}

impl Account {
    /// With attempts of the emulator's sample, and without limits.
    pub(crate) async fn sample(seed: u64, attempts: usize) -> Self {
        Self::with(seed, attempts, Bound::Inclusive, Bound::Exclusive).await
    }

    pub(crate) async fn with(seed: u64, attempts: usize, after: Bound, before: Bound) -> Self {
        Self::of(sample(seed, now(), attempts), after, before).await
    }

    /// With these attempts, and the filters by date that the crate assumes.
    pub(crate) async fn of_attempts(attempts: Vec<emulator::Attempt>) -> Self {
        Self::of(attempts, Bound::Inclusive, Bound::Exclusive).await
    }

    async fn of(attempts: Vec<emulator::Attempt>, after: Bound, before: Bound) -> Self {
        let emulator = Emulator::builder()
            .clock(ManualClock::at(now()))
            .attempts(attempts)
            .summary_limit(None)
            .attempts_limit(None)
            .created_after(after)
            .created_before(before)
            .start()
            .await
            .unwrap();
        let client = client(&emulator);
        Self { emulator, client }
    }

    /// How many requests were sent meanwhile: fewer than 1000, because the emulator's log ends there.
    pub(crate) async fn calls_of<T>(&self, work: impl Future<Output = T>) -> (u64, T) {
        let last = self.emulator.requests().last().map(|request| request.id().to_owned());
        let result = work.await;
        let requests = self.emulator.requests();
        let new = requests.iter().rev().take_while(|request| Some(request.id()) != last.as_deref());
        let calls = new.count() as u64;
        assert!(calls < 1000, "too many requests to count");
        (calls, result)
    }

    /// Whether no request was sent at all.
    pub(crate) fn is_untouched(&self) -> bool {
        self.emulator.requests().is_empty()
    }

    /// The attempts of a period, all listed.
    pub(crate) async fn listed(&self, period: Period) -> Vec<Attempt> {
        let mut items = self.client.attempts().list().page_size(1000).items();
        let mut attempts = Vec::new();
        while let Some(attempt) = items.try_next().await.unwrap() {
            let date = attempt.date_created.unwrap();
            if period.from() <= date && date < period.to() {
                attempts.push(attempt);
            }
        }
        attempts
    }
}

/// The labels and numbers of a table's cells. Prices are left out: summaries have none.
pub(crate) fn numbers(table: &Table) -> Vec<(Vec<Option<&str>>, [u64; 3])> {
    let cells = table.cells().map(|(labels, counts)| {
        let labels = labels.iter().map(|label| label.as_str()).collect();
        (labels, [counts.attempts, counts.converted, counts.unconverted])
    });
    cells.collect()
}

/// Every combination of dimensions that the tests try.
pub(crate) fn dimensions() -> Vec<Vec<By>> {
    vec![
        vec![By::Country],
        vec![By::Channel, By::Country],
        vec![By::Country, By::Channel, By::Day],
        vec![By::Service, By::Channel],
        vec![By::Hour],
        vec![By::Prefix(3)],
        vec![By::Country, By::Prefix(4)],
        vec![By::Carrier],
        vec![By::Country, By::Status],
        vec![By::Locale, By::ErrorCode],
    ]
}

/// A client of an emulator, without limits.
pub(crate) fn client(emulator: &Emulator) -> Client {
    let builder = Client::builder().credentials(emulator.credentials()).base_url(emulator.url());
    builder.no_documented_limits().build().unwrap()
}
