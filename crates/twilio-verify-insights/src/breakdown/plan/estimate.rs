//! Estimates from a sample how many requests it takes to break a part down.

use std::collections::BTreeMap;

use twilio_verify::Channel;

use crate::breakdown::plan::sample::{Row, Sample, groups};
use crate::breakdown::plan::values;
use crate::breakdown::requests::filters::PartFilters;
use crate::filters::PAGE;
use crate::table::by::By;
use crate::table::label::Label;

/// How a part is requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// There is nothing to break down.
    Nothing,
    /// Its attempts are listed, which gives all dimensions at once.
    List,
    /// It is split by this dimension, and its children are summarized.
    Split(usize),
}

/// The estimate of one part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Estimate {
    pub(crate) way: Way,
    pub(crate) calls: u64,
}

impl Estimate {
    /// The estimate of a part that takes no requests.
    pub(crate) const NOTHING: Self = Self { way: Way::Nothing, calls: 0 };
}

/// A part, as far as it is known.
#[derive(Clone, Copy)]
pub(crate) struct Part<'p> {
    pub(crate) filters: &'p PartFilters,
    /// The dimensions that it is still to be broken down by.
    pub(crate) open: &'p [usize],
    pub(crate) attempts: u64,
    /// How many attempts must be listed for it. `None` if it can't be listed.
    pub(crate) listed: Option<u64>,
    /// The attempts of the sample that are in it.
    pub(crate) rows: &'p [&'p Row],
}

/// Returns how many pages a list of attempts has.
pub(crate) const fn pages(attempts: u64) -> u64 {
    attempts.div_ceil(PAGE as u64)
}

/// The cost model.
#[derive(Clone, Copy)]
pub(crate) struct Model<'m> {
    pub(crate) by: &'m [By],
    pub(crate) sample: &'m Sample,
    pub(crate) min_attempts: u64,
    pub(crate) emails_have_no_country: bool,
}

impl Model<'_> {
    /// Returns the way that takes the fewest requests. Of several such ways, it prefers the list,
    /// because that has prices too, then the dimension that was named first.
    pub(crate) fn best(&self, part: Part<'_>) -> Estimate {
        if part.open.is_empty() || part.attempts < self.min_attempts.max(1) {
            return Estimate::NOTHING;
        }
        let calls = part.listed.map_or(u64::MAX, pages);
        let mut best = Estimate { way: Way::List, calls };
        let by = |dimension: &usize| self.by.get(*dimension).copied();
        // A list has all dimensions; summaries have only some.
        if calls <= 1 || part.open.iter().filter_map(by).any(|by| !by.is_summarized()) {
            return best;
        }
        for &dimension in part.open {
            let Some(by) = by(&dimension) else { continue };
            let calls = self.split(part, dimension, by, best.calls);
            if calls < best.calls {
                best = Estimate { way: Way::Split(dimension), calls };
            }
        }
        best
    }

    /// Returns how many requests it takes to split a part. It stops adding them up at `most`.
    fn split(&self, part: Part<'_>, dimension: usize, by: By, most: u64) -> u64 {
        let open: Vec<usize> = part.open.iter().copied().filter(|it| *it != dimension).collect();
        let part = Part { open: &open, ..part };
        match by {
            By::Day | By::Hour => self.steps(part, by),
            By::Prefix(digits) => self.prefixes(part, dimension, usize::from(digits)),
            _ if part.filters.fixes(by) => self.best(part).calls,
            By::Country if part.filters.is_email() && self.emails_have_no_country => {
                self.best(part).calls
            }
            _ => self.values(part, dimension, by, most),
        }
    }

    fn steps(&self, part: Part<'_>, by: By) -> u64 {
        let mut children = values::children(by, part.filters, &[], &[]);
        let count = children.len().max(1) as u64;
        // A step in the middle is a whole day or hour.
        let child = children.drain(..).nth((count / 2) as usize);
        let filters = child.map_or_else(|| part.filters.clone(), |(_, filters)| filters);
        let attempts = part.attempts.div_ceil(count);
        let below = Part { filters: &filters, attempts, ..part }.listable_as(part);
        let below = self.best(below).calls;
        let asked = if count == 1 { 0 } else { count };
        asked.saturating_add(count.saturating_mul(below))
    }

    /// Estimates a split by countries, channels or services.
    fn values(&self, part: Part<'_>, dimension: usize, by: By, most: u64) -> u64 {
        let all = values::count(by, part.filters, self.sample.services.len());
        let groups = groups(part.rows, dimension);
        let (mut calls, mut rest, mut seen, mut single) = (0_u64, part.attempts, 0_u64, 0_u64);
        let sampled = part.rows.len() as u64;
        let mut none: &[&Row] = &[];
        for (label, rows) in &groups {
            if label.as_str().is_none() {
                none = rows;
                continue;
            }
            if rest < self.min_attempts.max(1) || calls >= most {
                return calls;
            }
            seen += 1;
            single += u64::from(rows.len() == 1);
            let attempts = share(part.attempts, rows.len() as u64, sampled);
            rest = rest.saturating_sub(attempts);
            calls = calls.saturating_add(1);
            let filters = child(by, part.filters, label);
            let below = Part { filters: &filters, attempts, rows, ..part };
            calls = calls.saturating_add(self.best(below.listable_as(part)).calls);
        }
        let is_whole = sampled >= part.attempts;
        if !none.is_empty() {
            let attempts = share(part.attempts, none.len() as u64, sampled);
            if attempts < self.min_attempts {
                return calls;
            }
            let emails = none.iter().all(|row| row.is_email) && self.emails_have_no_country;
            let rest = if by == By::Country && emails { 1 } else { all.saturating_sub(seen) };
            let below = self.best(Part { attempts, rows: none, ..part }.listable_as(part));
            return calls.saturating_add(rest).saturating_add(below.calls);
        }
        if is_whole {
            return calls;
        }
        if seen == 0 {
            // Nothing is known: all values are requested, and some of them are broken down further.
            let attempts = part.attempts.div_ceil(UNKNOWN);
            let below = self.best(Part { attempts, ..part }.listable_as(part)).calls;
            return all.saturating_add(UNKNOWN.min(all).saturating_mul(below));
        }
        // Labels that occur once suggest that there are others that did not occur.
        let known = self.sample.weights(dimension);
        let elsewhere = known.len() as u64;
        if single > 0 {
            calls = calls.saturating_add(elsewhere.saturating_sub(seen));
        }
        if known.values().any(|count| *count == 1) {
            calls = calls.saturating_add(all.saturating_sub(elsewhere.max(seen)) / 2);
        }
        calls
    }

    /// Estimates a split by prefixes, digit by digit.
    fn prefixes(&self, part: Part<'_>, dimension: usize, digits: usize) -> u64 {
        let known =
            part.filters.chosen.prefix.as_ref().map_or(0, |prefix| prefix.as_str().len() - 1);
        let mut filters = part.filters.clone();
        filters.chosen.prefix = filters.chosen.prefix.or_else(|| "+1".parse().ok());
        // The list can't be filtered by prefix.
        let below = Part { filters: &filters, listed: None, ..part };
        self.trie(below, dimension, known, digits)
    }

    /// Returns how many requests it takes below a prefix of `depth` digits.
    fn trie(&self, part: Part<'_>, dimension: usize, depth: usize, digits: usize) -> u64 {
        if part.attempts < self.min_attempts.max(1) {
            return 0;
        }
        if depth >= digits {
            return self.best(part).calls;
        }
        let sampled = part.rows.len() as u64;
        if sampled < THIN && sampled < part.attempts {
            // The sample is too small: assumes as many prefixes as possible.
            let levels = u32::try_from(digits - depth).unwrap_or(u32::MAX);
            let leaves = part.attempts / self.min_attempts.max(1);
            let nodes = (0..levels).fold(0_u64, |nodes, level| {
                nodes.saturating_add(10_u64.saturating_pow(level).min(leaves.max(1)))
            });
            return nodes.saturating_mul(10);
        }
        let mut by_digit: BTreeMap<Option<u8>, Vec<&Row>> = BTreeMap::new();
        for row in part.rows {
            let text = row.labels.get(dimension).and_then(Label::as_str);
            let digit = text.and_then(|text| text.as_bytes().get(depth + 1)).copied();
            by_digit.entry(digit).or_default().push(row);
        }
        let none = by_digit.remove(&None).is_some();
        let asked = if none { 10 } else { by_digit.len() as u64 };
        by_digit.values().fold(asked, |calls, rows| {
            let attempts = share(part.attempts, rows.len() as u64, sampled);
            let below = Part { attempts, rows, ..part };
            calls.saturating_add(self.trie(below, dimension, depth + 1, digits))
        })
    }
}

/// The assumed number of parts of attempts about which nothing is known.
const UNKNOWN: u64 = 5;

/// How many attempts of the sample show how a part is spread.
const THIN: u64 = 30;

impl Part<'_> {
    /// Makes a child listable if its parent is, and it has no prefix: the list can't be filtered by
    /// prefix.
    fn listable_as(self, parent: Part<'_>) -> Self {
        let listed = parent.listed.filter(|_| self.filters.chosen.prefix.is_none());
        Self { listed: listed.map(|_| self.attempts), ..self }
    }
}

/// Returns the filters of a child, as far as the cost depends on them.
fn child(by: By, filters: &PartFilters, label: &Label) -> PartFilters {
    let mut filters = filters.clone();
    let text = label.as_str().unwrap_or_default();
    match by {
        By::Country => filters.chosen.country = text.parse().ok(),
        By::Channel => filters.chosen.channel = text.parse::<Channel>().ok(),
        By::Service => filters.chosen.service = text.parse().ok(),
        _ => {}
    }
    filters
}

/// Returns `attempts` x `part` / `of`, at least one.
fn share(attempts: u64, part: u64, of: u64) -> u64 {
    let share = u128::from(attempts) * u128::from(part) / u128::from(of.max(1));
    u64::try_from(share).unwrap_or(u64::MAX).max(1)
}
