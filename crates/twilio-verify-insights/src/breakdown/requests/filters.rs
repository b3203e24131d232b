//! The filters of a part of a breakdown.

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify::{Attempt, Attempts, Channel, Error};

use crate::filters::{Filters, PAGE, filtered};
use crate::period::Period;
use crate::table::by::By;
use crate::table::counts::Counts;
use crate::table::label::Label;

/// The filters of a part.
#[derive(Clone, Debug)]
pub(crate) struct PartFilters {
    pub(crate) period: Period,
    pub(crate) chosen: Filters,
}

/// The result of a list.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Listed {
    /// How many requests were sent.
    pub(crate) calls: u64,
    /// How many items could not be read.
    pub(crate) unread: u64,
}

impl PartFilters {
    /// Selects all attempts of a period.
    pub(crate) fn of(period: Period) -> Self {
        Self { period, chosen: Filters::default() }
    }

    /// Removes the filter by prefix.
    pub(crate) fn without_prefix(mut self) -> Self {
        self.chosen.prefix = None;
        self
    }

    /// Whether all attempts that match have one value of a dimension.
    pub(crate) const fn fixes(&self, by: By) -> bool {
        match by {
            By::Country => self.chosen.country.is_some(),
            By::Channel => self.chosen.channel.is_some(),
            By::Service => self.chosen.service.is_some(),
            _ => false,
        }
    }

    /// Returns the value of a dimension that all attempts that match have.
    pub(crate) fn label(&self, by: By) -> Label {
        match by {
            By::Country => {
                self.chosen.country.as_ref().map(|country| Label::from(country.code())).into()
            }
            By::Channel => {
                self.chosen.channel.as_ref().map(|channel| Label::from(channel.as_str())).into()
            }
            By::Service => {
                self.chosen.service.as_ref().map(|service| Label::from(service.as_str())).into()
            }
            _ => Label::NONE,
        }
    }

    /// Whether only e-mails match.
    pub(crate) fn is_email(&self) -> bool {
        self.chosen.channel == Some(Channel::Email)
    }

    /// Counts attempts by the Summary endpoint, with these values of `DateCreatedAfter` and
    /// `DateCreatedBefore` instead of the period.
    pub(crate) async fn between(
        &self,
        attempts: &Attempts,
        after: DateTime<Utc>,
        before: DateTime<Utc>,
    ) -> Result<Counts, Error> {
        let request = attempts.summary().created_after(after).created_before(before);
        let mut request = filtered!(request, &self.chosen);
        if let Some(prefix) = &self.chosen.prefix {
            request = request.destination_prefix(prefix.clone());
        }
        let summary = request.send().await?;
        Ok(Counts::new(summary.total_attempts, summary.total_converted, summary.total_unconverted))
    }

    /// Lists the attempts, and calls `each` with every one that is in the period and has the prefix.
    /// The list has no filter by prefix.
    pub(crate) async fn list(
        &self,
        attempts: &Attempts,
        limit: Option<usize>,
        mut each: impl FnMut(&Attempt),
    ) -> Result<Listed, Error> {
        let page = |items: &[Attempt]| {
            items.iter().filter(|attempt| self.holds(attempt)).for_each(&mut each);
        };
        self.pages(attempts, limit, page).await
    }

    /// Lists the attempts page by page, with any prefix and a second more at both ends, so that the
    /// ends need no measuring.
    pub(crate) async fn pages(
        &self,
        attempts: &Attempts,
        limit: Option<usize>,
        mut each: impl FnMut(&[Attempt]),
    ) -> Result<Listed, Error> {
        let second = TimeDelta::seconds(1);
        let mut request = attempts
            .list()
            .page_size(PAGE)
            .created_after(self.period.from() - second)
            .created_before(self.period.to() + second);
        if let Some(limit) = limit {
            request = request.limit(limit);
        }
        let mut pages = filtered!(request, &self.chosen).pages();
        let mut listed = Listed::default();
        while let Some(page) = pages.try_next().await? {
            listed.calls += 1;
            // Unread parts of the page itself are not items.
            let items = page.unread.iter().filter(|(path, _)| !path.starts_with("meta."));
            listed.unread += items.count() as u64;
            each(&page.items);
        }
        Ok(listed)
    }

    /// Whether a listed attempt is in the period and has the prefix. An attempt without a date may be
    /// in the period: it is included, and counts as unreadable.
    pub(crate) fn holds(&self, attempt: &Attempt) -> bool {
        let has_prefix = self.chosen.prefix.as_ref().is_none_or(|prefix| {
            let to = attempt.channel_data.as_ref().and_then(|data| data.to.as_ref());
            to.is_some_and(|to| to.expose().starts_with(prefix.as_str()))
        });
        has_prefix && attempt.date_created.is_none_or(|date| self.period.holds(date))
    }
}
