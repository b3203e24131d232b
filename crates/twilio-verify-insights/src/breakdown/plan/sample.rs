//! A sample of attempts, which shows how they are spread before they are counted.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify::{Attempt, Channel, Error};

use crate::breakdown::requests::ask::Ask;
use crate::breakdown::requests::filters::PartFilters;
use crate::breakdown::requests::seconds::Seconds;
use crate::filters::PAGE;
use crate::period::Period;
use crate::table::by::By;
use crate::table::counts::Counts;
use crate::table::label::Label;

/// How much is listed around a period, to see the seconds next to its ends.
const MARGIN: TimeDelta = TimeDelta::seconds(2);

/// How many sampled e-mails without a country suffice to assume that e-mails have none.
const EMAILS: usize = 10;

/// A listed attempt.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// The labels, one for each dimension.
    pub(crate) labels: Vec<Label>,
    pub(crate) date: DateTime<Utc>,
    pub(crate) is_email: bool,
    has_country: bool,
    pub(crate) counts: Counts,
}

/// Listed pages of attempts.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    /// The newest attempts, then those of earlier hours.
    rows: Vec<Row>,
    /// How many of the rows are in `listed`.
    newest: usize,
    /// The part of the period whose attempts are all in the newest rows.
    listed: Option<Period>,
    /// The attempts of `listed` that have no SID or no date.
    pub(crate) unreadable: Counts,
    /// The filters of the list, with some seconds around the period, and the counts of its seconds.
    pub(crate) around: PartFilters,
    pub(crate) seconds: Seconds,
    /// The services of the account, if they are a dimension.
    pub(crate) services: Vec<Label>,
}

impl Sample {
    /// Creates a sample without attempts.
    pub(crate) fn none(filters: &PartFilters) -> Self {
        let period = filters.period;
        // Includes the seconds around the period, which show where its ends are.
        let around = Period::new(period.from() - MARGIN, period.to() + MARGIN).unwrap_or(period);
        let around = PartFilters { period: around, ..filters.clone().without_prefix() };
        Self {
            rows: Vec::new(),
            newest: 0,
            listed: None,
            unreadable: Counts::default(),
            seconds: Seconds::within(around.period),
            around,
            services: Vec::new(),
        }
    }

    /// Lists one page, of the newest attempts.
    pub(crate) async fn newest(
        ask: &mut Ask<'_>,
        by: &[By],
        filters: &PartFilters,
    ) -> Result<Self, Error> {
        let period = filters.period;
        let mut sample = Self::none(filters);
        // Attempts should arrive newest first; if they don't, only their labels are of use.
        let (mut is_sorted, mut last) = (true, None);
        let mut items: u64 = 0;
        let page = |attempts: &[Attempt]| {
            items += attempts.len() as u64;
            sample.seconds.extend(attempts.iter().filter_map(|attempt| attempt.date_created));
            for attempt in attempts {
                is_sorted &= last.is_none_or(|last| attempt.date_created <= Some(last));
                last = attempt.date_created.or(last);
                if !filters.holds(attempt) {
                    continue;
                }
                match Row::of(by, attempt) {
                    Some(row) => sample.rows.push(row),
                    None => sample.unreadable += &Counts::of(attempt),
                }
            }
        };
        let around = sample.around.clone();
        let listed = around.pages(ask.attempts, Some(PAGE.into()), page);
        let listed = listed.await?;
        ask.sent(listed.calls);
        sample.unreadable += &Counts::new(listed.unread, 0, 0);
        if items + listed.unread < u64::from(PAGE) {
            sample.listed = Some(period);
        } else {
            sample.seconds.cut();
            // The oldest second may have more attempts.
            let from = last.map(|last| last + TimeDelta::seconds(1)).filter(|_| is_sorted);
            let from = from.filter(|_| sample.unreadable.attempts == 0);
            sample.listed =
                from.and_then(|from| Period::new(from.max(period.from()), period.to()).ok());
            sample.unreadable = Counts::default();
        }
        let Some(listed) = sample.listed else { return Ok(sample) };
        sample.rows.sort_by_key(|row| !listed.holds(row.date));
        sample.newest = sample.rows.iter().filter(|row| listed.holds(row.date)).count();
        Ok(sample)
    }

    /// Lists a page from each quarter of the last day before the newest attempts, so that the sample
    /// covers more than one hour.
    pub(crate) async fn earlier(
        &mut self,
        ask: &mut Ask<'_>,
        by: &[By],
        filters: &PartFilters,
    ) -> Result<(), Error> {
        for quarters in 1..=3 {
            let to = filters.period.to() - TimeDelta::hours(6 * quarters);
            if to >= self.listed.map_or(filters.period.to(), |listed| listed.from()) {
                continue;
            }
            let Ok(period) = Period::new(filters.period.from(), to) else { break };
            let filters = PartFilters { period, ..filters.clone() };
            let listed = filters.list(ask.attempts, Some(PAGE.into()), |attempt| {
                self.rows.extend(Row::of(by, attempt));
            });
            ask.sent(listed.await?.calls);
        }
        Ok(())
    }

    /// Returns all rows.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter()
    }

    /// Returns the rows of [`listed`](Self::listed), which are all of its attempts.
    pub(crate) fn listed_rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().take(self.newest)
    }

    /// Returns the part of the period whose attempts are all known.
    pub(crate) const fn listed(&self) -> Option<Period> {
        self.listed
    }

    /// Returns when the newest attempt was made.
    pub(crate) fn newest_date(&self) -> Option<DateTime<Utc>> {
        self.rows.iter().map(|row| row.date).max()
    }

    /// Marks the sample as incomplete: the list doesn't reach back far enough.
    pub(crate) fn is_part(&mut self) {
        (self.listed, self.newest, self.unreadable) = (None, 0, Counts::default());
    }

    /// Returns how many e-mails it has, if there are enough and none has a country.
    pub(crate) fn emails_without_country(&self) -> Option<u64> {
        let emails = self.rows.iter().filter(|row| row.is_email);
        let count = emails.clone().count();
        (count >= EMAILS && emails.clone().all(|row| !row.has_country)).then_some(count as u64)
    }

    /// Returns how many rows have each label of a dimension.
    pub(crate) fn weights(&self, dimension: usize) -> BTreeMap<Label, u64> {
        let mut weights = BTreeMap::new();
        for label in self.rows.iter().filter_map(|row| row.labels.get(dimension)) {
            *weights.entry(label.clone()).or_default() += 1;
        }
        weights
    }
}

impl Row {
    fn of(by: &[By], attempt: &Attempt) -> Option<Self> {
        attempt.sid.as_ref()?;
        let data = attempt.channel_data.as_ref();
        Some(Self {
            labels: by.iter().map(|by| by.of(attempt)).collect(),
            date: attempt.date_created?,
            is_email: attempt.channel == Some(Channel::Email),
            has_country: data.is_some_and(|data| data.country.is_some()),
            counts: Counts::of(attempt),
        })
    }
}

/// Groups rows by their labels of a dimension, the most frequent first.
pub(crate) fn groups<'r>(rows: &[&'r Row], dimension: usize) -> Vec<(Label, Vec<&'r Row>)> {
    let mut groups: BTreeMap<&Label, Vec<&'r Row>> = BTreeMap::new();
    for row in rows {
        if let Some(label) = row.labels.get(dimension) {
            groups.entry(label).or_default().push(row);
        }
    }
    let mut groups: Vec<_> =
        groups.into_iter().map(|(label, rows)| (label.clone(), rows)).collect();
    groups.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
    groups
}
