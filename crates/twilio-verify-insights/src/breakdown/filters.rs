//! What a part of a breakdown is asked by.

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify::{Attempt, Attempts, Channel, Country, DestinationPrefix, Error, ServiceSid};

use crate::breakdown::bounds::Bounds;
use crate::period::Period;
use crate::table::counts::Counts;

/// The most items of a page of the list.
pub(crate) const PAGE: u16 = 1000;

/// The filters of a part.
#[derive(Clone, Debug)]
pub(crate) struct Filters {
    pub(crate) period: Period,
    pub(crate) service: Option<ServiceSid>,
    pub(crate) country: Option<Country>,
    pub(crate) channel: Option<Channel>,
    pub(crate) prefix: Option<DestinationPrefix>,
}

/// Sets the filters that the requests for a summary and for a list have in common.
macro_rules! filtered {
    ($request:ident, $filters:ident) => {{
        if let Some(service) = &$filters.service {
            $request = $request.service(service.clone());
        }
        if let Some(country) = &$filters.country {
            $request = $request.country(country.clone());
        }
        if let Some(channel) = &$filters.channel {
            $request = $request.channel(channel.clone());
        }
        $request
    }};
}

/// What listing took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Listed {
    /// How many requests were sent.
    pub(crate) calls: u64,
    /// How many items came, those included that are not in the period.
    pub(crate) items: usize,
}

impl Filters {
    /// Counts by the Summary endpoint.
    pub(crate) async fn summary(
        &self,
        attempts: &Attempts,
        bounds: Bounds,
    ) -> Result<Counts, Error> {
        let (after, before) = bounds.of(self.period);
        self.between(attempts, after, before).await
    }

    /// Counts by the Summary endpoint, with these values of `DateCreatedAfter` and
    /// `DateCreatedBefore` instead of the period.
    pub(crate) async fn between(
        &self,
        attempts: &Attempts,
        after: DateTime<Utc>,
        before: DateTime<Utc>,
    ) -> Result<Counts, Error> {
        let mut request = attempts.summary().created_after(after).created_before(before);
        request = filtered!(request, self);
        if let Some(prefix) = &self.prefix {
            request = request.destination_prefix(prefix.clone());
        }
        let summary = request.send().await?;
        Ok(Counts::new(summary.total_attempts, summary.total_converted, summary.total_unconverted))
    }

    /// Lists the attempts, and calls `each` with every one that is in the period and has the prefix:
    /// the list has no filter for it.
    pub(crate) async fn list(
        &self,
        attempts: &Attempts,
        limit: Option<usize>,
        mut each: impl FnMut(&Attempt),
    ) -> Result<Listed, Error> {
        // Wider by a second at both ends, so that the ends need no measuring.
        let second = TimeDelta::seconds(1);
        let mut request = attempts
            .list()
            .page_size(PAGE)
            .created_after(self.period.from() - second)
            .created_before(self.period.to() + second);
        if let Some(limit) = limit {
            request = request.limit(limit);
        }
        request = filtered!(request, self);
        let mut pages = request.pages();
        let mut listed = Listed::default();
        while let Some(page) = pages.try_next().await? {
            listed.calls += 1;
            listed.items += page.items.len();
            for attempt in &page.items {
                if self.holds(attempt) {
                    each(attempt);
                }
            }
        }
        Ok(listed)
    }

    /// Whether a listed attempt is in the period and has the prefix. Without a date it can't be told;
    /// then it counts, as unreadable.
    pub(crate) fn holds(&self, attempt: &Attempt) -> bool {
        let in_period = attempt
            .date_created
            .is_none_or(|date| self.period.from() <= date && date < self.period.to());
        let has_prefix = self.prefix.as_ref().is_none_or(|prefix| {
            let to = attempt.channel_data.as_ref().and_then(|data| data.to.as_ref());
            to.is_some_and(|to| to.expose().starts_with(prefix.as_str()))
        });
        in_period && has_prefix
    }
}
