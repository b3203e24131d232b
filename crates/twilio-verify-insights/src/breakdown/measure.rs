//! Measures whether the filters by date include their instants: Twilio doesn't say.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify::{Attempts, Error};

use crate::breakdown::bounds::Bounds;
use crate::breakdown::filters::{Filters, PAGE};
use crate::period::Period;

impl Bounds {
    /// Measures whether the filters include their instants, with one page of the list and three
    /// summaries, around a second of a period that has attempts. `None` if no second tells.
    ///
    /// # Errors
    ///
    /// If a request fails: see [`ErrorKind`](twilio_verify::ErrorKind).
    pub async fn measure(attempts: &Attempts, period: Period) -> Result<Option<Self>, Error> {
        let filters = Filters { period, service: None, country: None, channel: None, prefix: None };
        let mut seconds: BTreeMap<DateTime<Utc>, u64> = BTreeMap::new();
        filters
            .list(attempts, Some(PAGE.into()), |attempt| {
                if let Some(date) = attempt.date_created {
                    *seconds.entry(date).or_default() += 1;
                }
            })
            .await?;
        measure(attempts, &filters, &seconds).await
    }
}

/// Measures both by what Summary counts around a second that has attempts, among those that
/// `seconds` counts. Three calls; `None` if no second tells.
///
/// With `a` = `b` - 1 s and `c` = `b` + 1 s, the counts of (a, b) and (b, c) hold the attempts of
/// `b` once more than that of (a, c) if both ends are included, once less if neither is, and as
/// often if one is. Which one it is shows in the count of (b, c), if `b` and `c` have different
/// numbers of attempts.
pub(crate) async fn measure(
    attempts: &Attempts,
    filters: &Filters,
    seconds: &BTreeMap<DateTime<Utc>, u64>,
) -> Result<Option<Bounds>, Error> {
    let second = TimeDelta::seconds(1);
    let of = |instant: DateTime<Utc>| seconds.get(&instant).copied().unwrap_or(0);
    // The first and the last of them may have more attempts than were listed.
    let inner = seconds.keys().skip(1).rev().skip(1);
    let Some(&b) = inner.into_iter().find(|b| of(**b + second) != of(**b)) else {
        return Ok(None);
    };
    let (a, c) = (b - second, b + second);
    let mut counts = [0; 3];
    for (count, (from, to)) in counts.iter_mut().zip([(a, b), (b, c), (a, c)]) {
        // As they are, for this is what is measured.
        let Ok(period) = Period::new(from, to) else { return Ok(None) };
        let filters = Filters { period, ..filters.clone() };
        *count = filters.summary(attempts, Bounds::default()).await?.attempts;
    }
    let [first, second_count, both] = counts;
    if both < of(b) {
        // Summary doesn't count attempts of that time.
        return Ok(None);
    }
    let once_more = first + second_count;
    Ok(Some(match once_more.cmp(&both) {
        Ordering::Greater => Bounds { after_is_included: true, before_is_included: true },
        Ordering::Less => Bounds { after_is_included: false, before_is_included: false },
        Ordering::Equal => {
            let after = second_count == of(b);
            Bounds { after_is_included: after, before_is_included: !after }
        }
    }))
}
