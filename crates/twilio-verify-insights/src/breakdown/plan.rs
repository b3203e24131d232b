//! What a breakdown costs, before it is asked.

use std::fmt;

use crate::breakdown::filters::{Filters, PAGE};
use crate::breakdown::values;
use crate::period::Period;
use crate::table::by::By;
use crate::table::label::Label;

/// A number of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Calls(pub u64);

impl fmt::Display for Calls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("1 call"),
            calls => write!(f, "{calls} calls"),
        }
    }
}

/// How many requests of an endpoint Twilio allows in a minute.
const A_MINUTE: u64 = 100;

/// How a part of a breakdown is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Its attempts are listed, which gives all dimensions at once.
    List,
    /// Each of its children is summarized.
    Split,
}

/// What the planner knows: labels of a sample of attempts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample {
    pub(crate) rows: Vec<Vec<Label>>,
    /// The services of the account, where they are a dimension.
    pub(crate) services: Vec<Label>,
}

impl Sample {
    /// The labels of a dimension, the most frequent first, among rows with these labels before it.
    pub(crate) fn labels(&self, fixed: &[Label]) -> Vec<(Label, usize)> {
        let mut counts: Vec<(Label, usize)> = Vec::new();
        let rows = self.rows.iter().filter(|row| row.starts_with(fixed));
        for label in rows.filter_map(|row| row.get(fixed.len())) {
            match counts.iter_mut().find(|(known, _)| known == label) {
                Some((_, count)) => *count += 1,
                None => counts.push((label.clone(), 1)),
            }
        }
        counts.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.cmp(b)));
        counts
    }
}

/// The estimate of one part.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Estimate {
    pub(crate) way: Way,
    pub(crate) calls: u64,
}

/// Estimates what a part with `attempts` costs, with `fixed` labels.
pub(crate) fn estimate(
    by: &[By],
    fixed: &[Label],
    filters: &Filters,
    attempts: u64,
    listable: bool,
    sample: &Sample,
) -> Estimate {
    let Some(&next) = by.get(fixed.len()) else {
        return Estimate { way: Way::Split, calls: 0 };
    };
    if attempts == 0 {
        return Estimate { way: Way::Split, calls: 0 };
    }
    let list = Estimate { way: Way::List, calls: attempts.div_ceil(PAGE.into()).max(1) };
    if by[fixed.len()..].iter().any(|by| !by.is_summarized()) {
        return list;
    }
    let most = if listable { list.calls } else { u64::MAX };
    let seen = sample.labels(fixed);
    let calls = match next {
        By::Prefix(digits) => {
            // At each level, each open prefix has 10 children.
            let open = seen.len().max(1) as u64;
            u64::from(digits).saturating_mul(10).saturating_mul(open)
        }
        By::Day | By::Hour => {
            let children = values::children(next, filters, &[], &[]);
            let share = attempts / (children.len() as u64).max(1);
            let children = children.into_iter().map(|(label, filters)| (label, filters, share));
            sum(children, most, |label, filters, share| {
                below(by, fixed, label, filters, share, listable, sample)
            })
        }
        _ if seen.is_empty() => values::count(next, filters, sample.services.len()) as u64,
        _ => {
            let total: usize = seen.iter().map(|(_, count)| count).sum();
            let share = |count| attempts.saturating_mul(count as u64) / (total as u64).max(1);
            let children =
                seen.into_iter().map(|(label, count)| (label, filters.clone(), share(count)));
            sum(children, most, |label, filters, share| {
                below(by, fixed, label, filters, share, listable, sample)
            })
        }
    };
    if listable && list.calls <= calls { list } else { Estimate { way: Way::Split, calls } }
}

/// What children cost, one summary for each; no more than is needed to reach `most` is summed.
fn sum(
    children: impl Iterator<Item = (Label, Filters, u64)>,
    most: u64,
    below: impl Fn(Label, &Filters, u64) -> u64,
) -> u64 {
    let mut calls: u64 = 0;
    for (label, filters, attempts) in children {
        calls = calls.saturating_add(1).saturating_add(below(label, &filters, attempts));
        if calls >= most {
            break;
        }
    }
    calls
}

/// What a child costs that is summarized.
fn below(
    by: &[By],
    fixed: &[Label],
    label: Label,
    filters: &Filters,
    attempts: u64,
    listable: bool,
    sample: &Sample,
) -> u64 {
    let mut labels = fixed.to_vec();
    labels.push(label);
    estimate(by, &labels, filters, attempts, listable, sample).calls
}

/// What a breakdown costs, and why.
///
/// Its [`Display`](fmt::Display) form says it in lines of text.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Plan {
    /// The period.
    pub period: Period,
    /// The dimensions.
    pub by: Vec<By>,
    /// How many attempts the period has, as counted when the plan was made.
    pub attempts: u64,
    /// How many requests are expected, the two that count the whole included.
    pub calls: Calls,
    /// How many requests it takes to list all attempts.
    pub list: Calls,
    /// The budget, if there is one.
    pub budget: Option<Calls>,
    pub(crate) way: Way,
}

impl Plan {
    /// How many minutes the requests take at least, at the 100 a minute that Twilio allows.
    pub const fn minutes(&self) -> u64 {
        self.calls.0.div_ceil(A_MINUTE)
    }

    /// Whether the requests are within the budget.
    pub fn is_within_budget(&self) -> bool {
        self.budget.is_none_or(|budget| self.calls <= budget)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by: Vec<String> = self.by.iter().map(ToString::to_string).collect();
        writeln!(f, "{} attempts, {}, by {}", self.attempts, self.period, by.join(", "))?;
        let minutes = match self.minutes() {
            0 | 1 => "a minute at most".to_owned(),
            minutes => format!("at least {minutes} minutes at {A_MINUTE} requests a minute"),
        };
        writeln!(f, "about {}: {minutes}", self.calls)?;
        match self.way {
            Way::List => write!(
                f,
                "the attempts are listed, {PAGE} to a page: summaries can't give these dimensions, or \
                 take more requests"
            ),
            Way::Split => write!(
                f,
                "each cell is summarized, and what is small is listed; to list all takes {}",
                self.list
            ),
        }?;
        match self.budget {
            Some(budget) if !self.is_within_budget() => {
                write!(f, "\nthe budget is {budget}: too few; allow {}", self.calls)
            }
            Some(budget) => write!(f, "\nthe budget is {budget}"),
            None => Ok(()),
        }
    }
}
