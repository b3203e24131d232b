//! What a part of a breakdown is asked by.

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify::{Attempt, Attempts, Channel, Country, DestinationPrefix, Error, ServiceSid};

use crate::period::Period;
use crate::table::by::By;
use crate::table::counts::Counts;
use crate::table::label::Label;

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

/// What came of a list.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Listed {
    /// How many requests were sent.
    pub(crate) calls: u64,
    /// How many items could not be read.
    pub(crate) unread: u64,
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

impl Filters {
    /// All attempts of a period.
    pub(crate) const fn of(period: Period) -> Self {
        Self { period, service: None, country: None, channel: None, prefix: None }
    }

    /// Whether all that it finds has one value of a dimension.
    pub(crate) const fn fixes(&self, by: By) -> bool {
        match by {
            By::Country => self.country.is_some(),
            By::Channel => self.channel.is_some(),
            By::Service => self.service.is_some(),
            _ => false,
        }
    }

    /// The value of a dimension that all that it finds has.
    pub(crate) fn label(&self, by: By) -> Label {
        match by {
            By::Country => self.country.as_ref().map(|country| Label::from(country.code())).into(),
            By::Channel => {
                self.channel.as_ref().map(|channel| Label::from(channel.as_str())).into()
            }
            By::Service => {
                self.service.as_ref().map(|service| Label::from(service.as_str())).into()
            }
            _ => Label::NONE,
        }
    }

    /// Whether it finds e-mails alone.
    pub(crate) fn is_email(&self) -> bool {
        self.channel == Some(Channel::Email)
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
        let page = |items: &[Attempt]| {
            items.iter().filter(|attempt| self.holds(attempt)).for_each(&mut each);
        };
        self.pages(attempts, limit, page).await
    }

    /// The same page by page, with attempts of a second more at both ends, so that the ends need no
    /// measuring, and with any prefix.
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
        request = filtered!(request, self);
        let mut pages = request.pages();
        let mut listed = Listed::default();
        while let Some(page) = pages.try_next().await? {
            listed.calls += 1;
            // What is unread of a page itself is no item.
            let items = page.unread.iter().filter(|(path, _)| !path.starts_with("meta."));
            listed.unread += items.count() as u64;
            each(&page.items);
        }
        Ok(listed)
    }

    /// Whether a listed attempt is in the period and has the prefix. Without a date it can't be told;
    /// then it counts, as unreadable.
    pub(crate) fn holds(&self, attempt: &Attempt) -> bool {
        let has_prefix = self.prefix.as_ref().is_none_or(|prefix| {
            let to = attempt.channel_data.as_ref().and_then(|data| data.to.as_ref());
            to.is_some_and(|to| to.expose().starts_with(prefix.as_str()))
        });
        has_prefix && attempt.date_created.is_none_or(|date| self.period.holds(date))
    }
}
