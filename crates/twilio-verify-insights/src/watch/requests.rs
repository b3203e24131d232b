//! Sends the requests of a watch, and counts them.

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify::{Attempt, Attempts, Error};

use crate::filters::{Filters, PAGE, filtered};
use crate::table::counts::Counts;

/// The attempts that a list or a summary covers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    pub(crate) filters: Filters,
    pub(crate) after: Option<DateTime<Utc>>,
    pub(crate) before: Option<DateTime<Utc>>,
}

/// How far a list was read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Listed {
    /// When the oldest listed attempt was made.
    pub(crate) oldest: Option<DateTime<Utc>>,
    /// Whether there are older attempts that were not listed.
    pub(crate) is_cut: bool,
}

/// Requests for attempts, with a count of the calls.
#[derive(Clone, Debug)]
pub(crate) struct Requests {
    attempts: Attempts,
    /// How many calls were sent.
    pub(crate) calls: u64,
}

/// Sets the filters and dates of a scope on a request.
macro_rules! scoped {
    ($request:expr, $scope:ident) => {{
        let mut request = filtered!($request, &$scope.filters);
        // A second more at both ends: whether these instants are included is not known.
        if let Some(after) = $scope.after {
            request = request.created_after(after - TimeDelta::seconds(1));
        }
        if let Some(before) = $scope.before {
            request = request.created_before(before + TimeDelta::seconds(1));
        }
        request
    }};
}

impl Requests {
    pub(crate) fn new(attempts: Attempts) -> Self {
        Self { attempts, calls: 0 }
    }

    /// Lists attempts, the newest first, in at most `pages` calls. Pages that were passed to `each`
    /// before an error are valid.
    pub(crate) async fn list(
        &mut self,
        scope: &Scope,
        pages: u64,
        mut each: impl FnMut(&[Attempt]),
    ) -> Result<Listed, Error> {
        let mut list = scoped!(self.attempts.list().page_size(PAGE), scope).pages();
        let mut listed = Listed::default();
        for _ in 0..pages {
            self.calls += 1;
            let Some(page) = list.try_next().await? else {
                self.calls -= 1;
                break;
            };
            each(&page.items);
            let dates = page.items.iter().filter_map(|attempt| attempt.date_created);
            listed.oldest = dates.chain(listed.oldest).min();
            listed.is_cut = list.next_page_url().is_some();
            if !listed.is_cut {
                break;
            }
        }
        Ok(listed)
    }

    /// Counts attempts, in one call.
    pub(crate) async fn count(&mut self, scope: &Scope) -> Result<Counts, Error> {
        self.calls += 1;
        let summary = scoped!(self.attempts.summary(), scope).send().await?;
        Ok(Counts::new(summary.total_attempts, summary.total_converted, summary.total_unconverted))
    }
}
