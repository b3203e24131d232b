//! Measures whether the filters by date include their instants.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify::{Attempts, Error};

use crate::breakdown::requests::ask::Ask;
use crate::breakdown::requests::bounds::Bounds;
use crate::breakdown::requests::filters::{Filters, PAGE};
use crate::period::Period;

impl Bounds {
    /// Measures both by what the Summary endpoint counts around seconds whose attempts were listed,
    /// with one page of the list of `period` and one or two summaries. `None` if the attempts don't
    /// tell: there are none, or the two endpoints disagree.
    ///
    /// An account's bounds don't change while a program runs: measure once, and give them to
    /// [`Breakdown::bounds`](crate::Breakdown::bounds).
    ///
    /// # Errors
    ///
    /// A request that failed.
    pub async fn measure(attempts: &Attempts, period: Period) -> Result<Option<Self>, Error> {
        let filters = Filters::of(period);
        let mut seconds = Seconds::default();
        let mut rows = 0;
        filters
            .list(attempts, Some(PAGE.into()), |attempt| {
                rows += 1;
                seconds.extend(attempt.date_created);
            })
            .await?;
        if rows >= usize::from(PAGE) {
            seconds.cut();
        }
        measure(&mut Ask::unlimited(attempts), &filters, &seconds).await
    }
}

/// How many attempts each second has, of those seconds of which all attempts were listed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seconds(BTreeMap<DateTime<Utc>, u64>);

impl Extend<DateTime<Utc>> for Seconds {
    fn extend<I: IntoIterator<Item = DateTime<Utc>>>(&mut self, dates: I) {
        for date in dates {
            *self.0.entry(date).or_default() += 1;
        }
    }
}

impl Seconds {
    /// Leaves out both ends, which may have more attempts than were listed.
    pub(crate) fn cut(&mut self) {
        self.0.pop_first();
        self.0.pop_last();
    }

    /// Two seconds that follow each other among those that have attempts, with different numbers.
    fn unequal(&self) -> Option<[(DateTime<Utc>, u64); 2]> {
        let pairs = self.0.iter().zip(self.0.iter().skip(1));
        let mut unequal = pairs.filter(|((_, a), (_, c))| a != c);
        unequal.next().map(|((a, m), (c, n))| [(*a, *m), (*c, *n)])
    }

    /// A second whose neighbors have no attempts. The first and the last don't count: beyond them
    /// nothing is known.
    fn alone(&self) -> Option<(DateTime<Utc>, u64)> {
        let second = TimeDelta::seconds(1);
        let has = |date| self.0.contains_key(&date);
        let inner = self.0.iter().skip(1).rev().skip(1);
        let mut alone = inner.filter(|(date, _)| !has(**date - second) && !has(**date + second));
        alone.next().map(|(date, count)| (*date, *count))
    }
}

/// Measures by seconds whose attempts are known.
///
/// Between seconds `a` and `c` with different numbers of attempts, and with none in between, the
/// count is that of `a`, of `c`, of both or of neither, as one, both or neither are included: one
/// call. Where all seconds have the same number, the ends are asked one by one, around a second
/// without neighbors: two calls.
pub(crate) async fn measure(
    ask: &mut Ask<'_>,
    filters: &Filters,
    seconds: &Seconds,
) -> Result<Option<Bounds>, Error> {
    let mut count = async |from, to| match Period::new(from, to) {
        // As they are, for this is what is measured.
        Ok(period) => {
            let filters = Filters { period, ..filters.clone() };
            Ok::<_, Error>(ask.summary_within(&filters, Bounds::default()).await?)
        }
        Err(_) => Ok(None),
    };
    if let Some([(a, first), (c, last)]) = seconds.unequal() {
        let found = count(a, c).await?.map(|counts| counts.attempts);
        let both = [(true, true), (true, false), (false, true), (false, false)];
        let expected =
            |(after, before): (bool, bool)| u64::from(after) * first + u64::from(before) * last;
        let matching = both.into_iter().find(|included| found == Some(expected(*included)));
        return Ok(matching.map(|(after_is_included, before_is_included)| Bounds {
            after_is_included,
            before_is_included,
        }));
    }
    let Some((b, attempts)) = seconds.alone() else { return Ok(None) };
    let second = TimeDelta::seconds(1);
    let after = count(b, b + second).await?.map(|counts| counts.attempts);
    let before = count(b - second, b).await?.map(|counts| counts.attempts);
    let included = |found| match found {
        Some(found) if found == attempts => Some(true),
        Some(0) => Some(false),
        _ => None,
    };
    Ok(included(after).zip(included(before)).map(|(after_is_included, before_is_included)| {
        Bounds { after_is_included, before_is_included }
    }))
}
