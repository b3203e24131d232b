//! Asks the parts of a breakdown.

use std::pin::Pin;

use chrono::TimeDelta;
use futures_util::future::try_join;
use twilio_verify::Attempts;

use crate::breakdown::bounds::Bounds;
use crate::breakdown::error::BreakdownError;
use crate::breakdown::filters::{Filters, PAGE};
use crate::breakdown::plan::{Sample, Way, estimate};
use crate::breakdown::values;
use crate::period::Period;
use crate::table::by::By;
use crate::table::counts::Counts;
use crate::table::label::Label;
use crate::table::table::Table;

/// How far a breakdown is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many requests were sent.
    pub calls: u64,
    /// How many the plan expects. It may turn out to be more or fewer.
    pub planned: u64,
}

/// A part: attempts with the first labels, which are counted already.
pub(crate) struct Part {
    pub(crate) labels: Vec<Label>,
    pub(crate) filters: Filters,
    pub(crate) counts: Counts,
}

/// A breakdown under way.
pub(crate) struct Run<'a, P> {
    pub(crate) attempts: &'a Attempts,
    pub(crate) by: &'a [By],
    pub(crate) bounds: Bounds,
    pub(crate) sample: &'a Sample,
    pub(crate) min_attempts: u64,
    /// How many requests may be sent yet; `None` is any number.
    pub(crate) left: Option<u64>,
    pub(crate) progress: P,
    pub(crate) done: Progress,
    pub(crate) table: Table,
    /// Listed attempts that are in no cell.
    pub(crate) unreadable: Counts,
}

/// A future in a box: a part has parts.
type Boxed<'f> = Pin<Box<dyn Future<Output = Result<(), BreakdownError>> + Send + 'f>>;

impl<P: FnMut(Progress) + Send> Run<'_, P> {
    /// Breaks a part down. `listable` is whether the list can be filtered to it.
    pub(crate) fn part(&mut self, part: Part, listable: bool) -> Boxed<'_> {
        Box::pin(async move {
            let Some(&by) = self.by.get(part.labels.len()) else {
                return self.cell(part.labels, &part.counts);
            };
            if part.counts.attempts == 0 {
                return Ok(());
            }
            // What is left of it would only be cells that are too small.
            if part.counts.attempts < self.min_attempts {
                self.table.add_other(&part.counts);
                return Ok(());
            }
            let Part { labels, filters, counts } = &part;
            let way =
                estimate(self.by, labels, filters, counts.attempts, listable, self.sample).way;
            match (way, by) {
                (Way::List, _) => self.list(part).await,
                (Way::Split, By::Prefix(digits)) => self.prefixes(part, digits).await,
                (Way::Split, _) => self.split(part, by, listable).await,
            }
        })
    }

    /// Adds a cell.
    fn cell(&mut self, mut labels: Vec<Label>, counts: &Counts) -> Result<(), BreakdownError> {
        labels.resize(self.by.len(), Label::NONE);
        self.table
            .add(labels, counts)
            .map_err(|_| BreakdownError::Dimensions("a cell has a label for each dimension"))
    }

    /// Counts requests that were sent.
    fn sent(&mut self, calls: u64) {
        self.done.calls = self.done.calls.saturating_add(calls);
        self.left = self.left.map(|left| left.saturating_sub(calls));
        (self.progress)(self.done);
    }

    /// Summarizes a part, unless the budget is used up.
    async fn summary(&mut self, filters: &Filters) -> Result<Option<Counts>, BreakdownError> {
        if self.left == Some(0) {
            return Ok(None);
        }
        let counts = filters.summary(self.attempts, self.bounds).await?;
        self.sent(1);
        Ok(Some(counts))
    }

    /// Lists the attempts of a part: two halves of the period at once, because the pages of one list
    /// follow each other.
    async fn list(&mut self, part: Part) -> Result<(), BreakdownError> {
        let Part { labels, filters, counts } = part;
        if self.left.is_some_and(|left| left < counts.attempts.div_ceil(PAGE.into())) {
            self.table.add_other(&counts);
            return Ok(());
        }
        let by = self.by;
        let read = async |period: Period| {
            let filters = Filters { period, ..filters.clone() };
            let mut table = Table::new(by.iter().copied());
            let mut unreadable = Counts::default();
            let listed = filters
                .list(self.attempts, None, |attempt| {
                    if !table.count_below(&labels, attempt) {
                        unreadable += &Counts::of(attempt);
                    }
                })
                .await?;
            Ok::<_, BreakdownError>((table, unreadable, listed.calls))
        };
        let parts = match halves(filters.period).filter(|_| counts.attempts > u64::from(PAGE)) {
            Some((older, newer)) => {
                let (older, newer) = try_join(read(older), read(newer)).await?;
                vec![older, newer]
            }
            None => vec![read(filters.period).await?],
        };
        for (table, unreadable, calls) in parts {
            self.table.absorb(&table);
            self.unreadable += &unreadable;
            self.sent(calls);
        }
        Ok(())
    }

    /// Summarizes the children of a part, until they sum to it.
    async fn split(&mut self, part: Part, by: By, listable: bool) -> Result<(), BreakdownError> {
        let Part { labels, filters, counts } = part;
        let seen: Vec<Label> =
            self.sample.labels(&labels).into_iter().map(|(label, _)| label).collect();
        let mut rest = counts;
        let mut asked_all = true;
        for (label, filters) in values::children(by, &filters, &seen, &self.sample.services) {
            if rest.attempts < self.min_attempts {
                asked_all = false;
                break;
            }
            let Some(counts) = self.summary(&filters).await? else {
                asked_all = false;
                break;
            };
            rest -= &counts;
            let mut labels = labels.clone();
            labels.push(label);
            self.part(Part { labels, filters, counts }, listable).await?;
        }
        // Of countries there are no others; a channel may be unknown.
        let label = (asked_all && by == By::Country).then_some(Label::NONE);
        self.rest(labels, label, &rest)
    }

    /// Adds what is left of a part: to the cell of that label, if it is known and the last one.
    fn rest(
        &mut self,
        mut labels: Vec<Label>,
        label: Option<Label>,
        rest: &Counts,
    ) -> Result<(), BreakdownError> {
        match label {
            Some(label) if labels.len() + 1 == self.by.len() && rest.attempts > 0 => {
                labels.push(label);
                self.cell(labels, rest)
            }
            _ => {
                self.table.add_other(rest);
                Ok(())
            }
        }
    }

    /// Follows the digits of numbers, one a level, to prefixes of `digits` digits.
    async fn prefixes(&mut self, part: Part, digits: u8) -> Result<(), BreakdownError> {
        let Part { labels, filters, counts } = part;
        let mut open = vec![(filters, counts)];
        while let Some((filters, counts)) = open.pop() {
            let prefix = filters.prefix.as_ref().map_or("+", |prefix| prefix.as_str()).to_owned();
            if prefix.len() > usize::from(digits) {
                let label = prefix.get(..=usize::from(digits)).unwrap_or(&prefix);
                let mut labels = labels.clone();
                labels.push(Label::from(label));
                self.part(Part { labels, filters, counts }, false).await?;
                continue;
            }
            if counts.attempts < self.min_attempts {
                self.table.add_other(&counts);
                continue;
            }
            let mut rest = counts;
            let mut asked_all = true;
            let is_root = filters.prefix.is_none();
            for (_, filters) in values::children(By::Prefix(digits), &filters, &[], &[]) {
                if rest.attempts < self.min_attempts {
                    asked_all = false;
                    break;
                }
                let Some(counts) = self.summary(&filters).await? else {
                    asked_all = false;
                    break;
                };
                rest -= &counts;
                if counts.attempts > 0 {
                    open.push((filters, counts));
                }
            }
            // Without a further digit: e-mails, and numbers that are as short.
            let label = if is_root { Label::NONE } else { Label::from(prefix.as_str()) };
            self.rest(labels.clone(), asked_all.then_some(label), &rest)?;
        }
        Ok(())
    }
}

fn halves(period: Period) -> Option<(Period, Period)> {
    let middle = period.from() + TimeDelta::seconds(period.length().num_seconds() / 2);
    Some((Period::new(period.from(), middle).ok()?, Period::new(middle, period.to()).ok()?))
}
