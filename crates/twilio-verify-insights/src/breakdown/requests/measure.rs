//! Measures whether the filters by date include their instants: Twilio doesn't document it.

use twilio_verify::{Attempt, Attempts, Error};

use crate::breakdown::requests::ask::Ask;
use crate::breakdown::requests::bounds::Bounds;
use crate::breakdown::requests::filters::PartFilters;
use crate::breakdown::requests::seconds::{SECOND, Seconds};
use crate::filters::PAGE;
use crate::period::Period;

/// The most places that are measured.
const PLACES: usize = 2;

/// How many requests a place takes.
pub(crate) const A_PLACE: u64 = 3;

impl Bounds {
    /// Measures both bounds with what the Summary endpoint counts around seconds that have more
    /// attempts than the seconds next to them. This takes one page of the list of `period` and three
    /// summaries, or six if attempts are made there at this moment. Returns `None` if the attempts
    /// don't show it.
    ///
    /// An account's bounds don't change while a program runs: measure once, and pass them to
    /// [`Breakdown::bounds`](crate::Breakdown::bounds).
    ///
    /// # Errors
    ///
    /// Returns the error of a request that failed.
    pub async fn measure(attempts: &Attempts, period: Period) -> Result<Option<Self>, Error> {
        by_list(&mut Ask::unlimited(attempts), &PartFilters::of(period)).await
    }
}

/// Lists one page of attempts, and measures the bounds with them.
pub(crate) async fn by_list(
    ask: &mut Ask<'_>,
    filters: &PartFilters,
) -> Result<Option<Bounds>, Error> {
    let mut seconds = Seconds::within(filters.period);
    let mut items = 0;
    let page = |attempts: &[Attempt]| {
        items += attempts.len() as u64;
        seconds.extend(attempts.iter().filter_map(|attempt| attempt.date_created));
    };
    let listed = filters.pages(ask.attempts, Some(PAGE.into()), page).await?;
    ask.sent(listed.calls);
    if items + listed.unread >= u64::from(PAGE) {
        seconds.cut();
    }
    measure(ask, filters, &seconds).await
}

/// Measures the bounds with seconds whose attempts are known, as long as the budget allows.
pub(crate) async fn measure(
    ask: &mut Ask<'_>,
    filters: &PartFilters,
    seconds: &Seconds,
) -> Result<Option<Bounds>, Error> {
    for peak in seconds.peaks().into_iter().take(PLACES) {
        let (a, c) = (peak.first - SECOND, peak.last + SECOND);
        let mut counts = [0; 3];
        for (count, (after, before)) in
            counts.iter_mut().zip([(a, peak.first), (peak.last, c), (a, c)])
        {
            let Some(found) = ask.between(filters, after, before).await? else { return Ok(None) };
            *count = found.attempts;
        }
        let bounds = [true, false].into_iter().flat_map(|after_is_included| {
            [true, false].map(|before_is_included| Bounds { after_is_included, before_is_included })
        });
        let bounds = bounds.into_iter().find(|bounds| peak.expected(*bounds) == counts);
        if bounds.is_some() {
            return Ok(bounds);
        }
    }
    Ok(None)
}
