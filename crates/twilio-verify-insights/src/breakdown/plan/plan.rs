//! The plan of a breakdown.

use std::fmt;

use crate::breakdown::plan::estimate::{Estimate, Way};
use crate::breakdown::plan::ready::Ready;
use crate::breakdown::requests::ask::Ask;
use crate::period::Period;
use crate::table::by::By;
use crate::table::caveat::Caveat;

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

/// How many requests to an endpoint Twilio allows per minute.
const A_MINUTE: u64 = 100;

/// The fewest requests of any breakdown: the whole before and after, and one part.
pub(crate) const FEWEST: u64 = 3;

/// How many requests a breakdown takes, and why.
///
/// Its [`Display`](fmt::Display) form explains this in lines of text. [`run`](Self::run) runs it
/// without planning again.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Plan {
    /// The period.
    pub period: Period,
    /// The dimensions.
    pub by: Vec<By>,
    /// How many attempts the period has, as counted when the plan was made. `None` if they were not
    /// counted, because the budget doesn't allow any breakdown.
    pub attempts: Option<u64>,
    /// How many requests are expected, including those that the plan itself took and the two that
    /// count the whole.
    pub calls: Calls,
    /// Whether [`calls`](Self::calls) is a lower bound: the budget did not allow a closer estimate,
    /// or the bound already shows that the budget is too small.
    pub is_at_least: bool,
    /// How many requests the plan itself took.
    pub spent: Calls,
    /// How many requests it takes to list all attempts, if the list has them.
    pub list: Option<Calls>,
    /// How many requests it takes to summarize every possible cell, if summaries have all dimensions.
    pub grid: Option<Calls>,
    /// The budget, if there is one.
    pub budget: Option<Calls>,
    /// What remains unknown.
    pub caveats: Vec<Caveat>,
    pub(crate) way: Option<Way>,
    pub(crate) ready: Option<Box<Ready>>,
}

impl Plan {
    /// Returns how many minutes the requests take at least, at the 100 a minute that Twilio allows.
    pub const fn minutes(&self) -> u64 {
        self.calls.0.div_ceil(A_MINUTE)
    }

    /// Whether the requests are within the budget.
    pub fn is_within_budget(&self) -> bool {
        self.budget.is_none_or(|budget| self.calls <= budget)
    }

    /// Adds the estimated requests, and the one that counts the whole afterwards.
    pub(crate) fn of(self, ask: &Ask<'_>, estimate: Estimate) -> Self {
        let spent = ask.done.calls;
        let calls = spent.saturating_add(estimate.calls).saturating_add(1);
        Self {
            spent: Calls(spent),
            calls: Calls(calls),
            is_at_least: false,
            way: Some(estimate.way),
            ..self
        }
    }

    /// Returns the plan with all that is needed to run it.
    pub(crate) fn ready(self, ask: &Ask<'_>, ready: Ready, estimate: Estimate) -> Self {
        let attempts = Some(ready.before.attempts);
        Self { attempts, ready: Some(Box::new(ready)), ..self.of(ask, estimate) }
    }

    /// Returns the reason for the number of requests.
    fn reason(&self) -> String {
        let names = |by: &[By]| {
            let names: Vec<String> = by.iter().map(ToString::to_string).collect();
            names.join(", ")
        };
        let only: Vec<By> = self.by.iter().copied().filter(|by| !by.is_summarized()).collect();
        match self.way {
            None => "the whole is counted before and after, and a part at least once".to_owned(),
            Some(Way::Nothing) => "there is nothing to break down".to_owned(),
            Some(Way::List) if self.calls.0 == self.spent.0 + 1 => {
                "all attempts are listed: on the page that the plan took".to_owned()
            }
            Some(Way::List) if !only.is_empty() => {
                format!(
                    "the attempts are listed, 1000 to a page: only the list has {}",
                    names(&only)
                )
            }
            Some(Way::List) => {
                "the attempts are listed, 1000 to a page: summaries take more requests".to_owned()
            }
            Some(Way::Split(first)) => {
                let first = self.by.get(first).map(ToString::to_string).unwrap_or_default();
                let list = match self.list {
                    Some(list) => format!("to list all attempts takes {list}"),
                    None => "the list doesn't give these attempts".to_owned(),
                };
                let grid = match self.grid {
                    Some(grid) => format!(", to ask every cell {grid}"),
                    None => String::new(),
                };
                format!(
                    "summaries, by {first} first, as long as something is left, and lists where they \
                     take fewer requests; {list}{grid}"
                )
            }
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by: Vec<String> = self.by.iter().map(ToString::to_string).collect();
        if let Some(attempts) = self.attempts {
            write!(f, "{attempts} attempts, ")?;
        }
        writeln!(f, "{}, by {}", self.period, by.join(", "))?;
        let minutes = match self.minutes() {
            0 | 1 => "a minute at most".to_owned(),
            minutes => format!("at least {minutes} minutes at {A_MINUTE} requests a minute"),
        };
        let about = if self.is_at_least { "at least" } else { "about" };
        writeln!(f, "{about} {}: {minutes}", self.calls)?;
        f.write_str(&self.reason())?;
        for caveat in &self.caveats {
            write!(f, "\n{caveat}")?;
        }
        match self.budget {
            Some(budget) if !self.is_within_budget() => write!(
                f,
                "\nthe budget is {budget}: too few; allow {}{}; {} {} sent to find out",
                if self.is_at_least { "at least " } else { "" },
                self.calls,
                self.spent,
                if self.spent == Calls(1) { "was" } else { "were" },
            ),
            Some(budget) => write!(f, "\nthe budget is {budget}"),
            None => Ok(()),
        }
    }
}
