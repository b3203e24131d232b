//! Lists the attempts of a part.

use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use futures_util::future::try_join;
use twilio_verify::Attempt;

use crate::breakdown::plan::error::BreakdownError;
use crate::breakdown::plan::estimate::pages;
use crate::breakdown::plan::sample::Row;
use crate::breakdown::requests::filters::PartFilters;
use crate::breakdown::run::found::Found;
use crate::breakdown::run::node::Node;
use crate::breakdown::run::run::{Lists, Run};
use crate::period::Period;
use crate::table::counts::Counts;

/// The number of pages from which the two halves of a period are listed concurrently.
const AT_ONCE: u64 = 20;

impl<'a> Run<'a, '_> {
    /// Returns the attempts of a part that were listed already.
    fn listed_rows(&self, node: &Node) -> impl Iterator<Item = &'a Row> {
        let rows = self.model.sample.listed_rows();
        let by = self.model.by;
        rows.filter(move |row| node.has(by, row) && node.filters.period.holds(row.date))
    }

    /// Returns how many attempts of a part are still to be listed.
    pub(crate) fn to_list(&self, node: &Node) -> Option<u64> {
        let listed = self.listed_rows(node).count() as u64;
        node.listed.map(|attempts| attempts.saturating_sub(listed))
    }

    /// Lists the attempts of a part. If there are many, lists two halves of the period concurrently,
    /// because the pages of one list must be read in sequence.
    pub(crate) async fn list(&mut self, node: Node) -> Result<Found, BreakdownError> {
        let by = self.model.by;
        let pages = self.to_list(&node).map_or(u64::MAX, pages);
        if !self.ask.affords(pages) {
            self.is_cut = true;
            return Ok(Found::other(by, &node.counts));
        }
        let mut found = Found::new(by);
        let mut newest = None;
        for row in self.listed_rows(&node) {
            found.table.add_row(&row.labels, &row.counts);
            newest = newest.max(Some(row.date));
        }
        let sample = self.model.sample;
        let is_whole = node.open.len() == by.len();
        if is_whole {
            found.add_unreadable(&sample.unreadable);
        }
        self.lists = if is_whole { Lists::Whole { newest } } else { Lists::Parts };
        let whole = node.filters.period;
        let missing = match sample.listed() {
            Some(listed) if listed.to() >= whole.to() => {
                Period::new(whole.from(), listed.from().min(whole.to())).ok()
            }
            _ => Some(whole),
        };
        let Some(missing) = missing else { return Ok(found) };
        let attempts = self.ask.attempts;
        // Shared by two lists, which count their requests.
        let ask = Mutex::new(&mut self.ask);
        let read = async |period: Period| {
            let filters = PartFilters { period, ..node.filters.clone() };
            let mut part = Found::new(by);
            let mut newest = None;
            let page = |attempts: &[Attempt]| {
                for attempt in attempts.iter().filter(|attempt| filters.holds(attempt)) {
                    part.count(attempt);
                    newest = newest.max(attempt.date_created);
                }
                ask.lock().unwrap_or_else(PoisonError::into_inner).sent(1);
            };
            let listed = filters.pages(attempts, None, page).await?;
            part.add_unreadable(&Counts::new(listed.unread, 0, 0));
            Ok::<_, BreakdownError>((part, newest))
        };
        let mut parts = Vec::new();
        match halves(missing).filter(|_| pages >= AT_ONCE) {
            Some((older, newer)) => {
                let (older, newer) = try_join(read(older), read(newer)).await?;
                parts.extend([older, newer]);
            }
            None => parts.push(read(missing).await?),
        }
        for (part, last) in parts {
            found.absorb(&part);
            newest = newest.max(last);
        }
        if is_whole {
            self.lists = Lists::Whole { newest };
        }
        Ok(found)
    }
}

fn halves(period: Period) -> Option<(Period, Period)> {
    let middle = period.from() + TimeDelta::seconds(period.length().num_seconds() / 2);
    Some((Period::new(period.from(), middle).ok()?, Period::new(middle, period.to()).ok()?))
}
