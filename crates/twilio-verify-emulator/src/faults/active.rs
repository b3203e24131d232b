//! The faults of a running emulator.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use crate::faults::error::FaultError;
use crate::faults::fault::Fault;
use crate::faults::rule::{Act, Rule};

/// The faults of a running emulator: [`Emulator::faults`](crate::Emulator::faults).
///
/// From the time it is added, a fault counts the requests that it matches: requests for an operation of the API, with
/// valid credentials. The first fault that hits a request, in the order of addition, determines the response; latencies
/// add up and apply to any response.
/// latencies add up and apply to any response.
pub struct Faults {
    seed: u64,
    /// The initial faults.
    initial: Vec<Fault>,
    /// Whether there are any faults, so that a request can check without the lock.
    any: AtomicBool,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// The number of faults that were added so far.
    added: u64,
    entries: Vec<Entry>,
}

struct Entry {
    id: u64,
    fault: Fault,
    rule: Rule,
    draw: ChaCha8Rng,
    requests: u64,
    hits: u64,
}

/// A fault of a running emulator, with its counts.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ActiveFault {
    /// The number of the fault, from 1, in the order of addition.
    pub id: u64,
    /// The fault itself.
    #[serde(flatten)]
    pub fault: Fault,
    /// The number of requests that it has matched.
    pub requests: u64,
    /// The number of requests that it has hit.
    pub hits: u64,
}

/// The effects of the faults that hit a request.
pub(crate) struct Plan {
    /// The delay before the request is processed.
    pub(crate) before: Duration,
    /// The delay of the response.
    pub(crate) after: Duration,
    /// The effect on the response, and whether the request is processed first.
    pub(crate) act: Option<(Act, bool)>,
    /// The faults that hit the request, as text.
    pub(crate) hit: String,
}

impl Faults {
    /// The maximum number of active faults.
    pub const CAPACITY: usize = 1000;

    pub(crate) fn new(seed: u64, initial: Vec<Fault>) -> Result<Self, FaultError> {
        let faults = Self {
            seed,
            initial: initial.clone(),
            any: AtomicBool::new(false),
            inner: Mutex::default(),
        };
        faults.add_all(initial)?;
        Ok(faults)
    }

    /// Restores the initial faults, with counts of zero.
    pub(crate) fn reset(&self) {
        *self.inner() = Inner::default();
        self.any.store(false, Ordering::Release);
        // The faults were valid at the start.
        let _ = self.add_all(self.initial.clone());
    }

    /// Adds a fault and returns its id. It hits requests from now on.
    ///
    /// # Errors
    ///
    /// The fault is invalid, such as one with a probability of 2 or an unknown operation, or [`Self::CAPACITY`] faults
    /// are active.
    pub fn add(&self, fault: Fault) -> Result<u64, FaultError> {
        Ok(self.add_all([fault])?.into_iter().sum())
    }

    /// Adds faults and returns their ids. If one of them is invalid, no fault is added.
    ///
    /// # Errors
    ///
    /// The same as for [`Self::add`].
    pub fn add_all(&self, faults: impl IntoIterator<Item = Fault>) -> Result<Vec<u64>, FaultError> {
        let rules = faults.into_iter().map(|fault| Ok((fault.rule()?, fault)));
        let rules: Vec<_> = rules.collect::<Result<_, FaultError>>()?;
        let mut inner = self.inner();
        if inner.entries.len().saturating_add(rules.len()) > Self::CAPACITY {
            let problem = format!("at most {} can be active; remove some first", Self::CAPACITY);
            return Err(FaultError::new("faults", problem));
        }
        let mut ids = Vec::new();
        for (rule, fault) in rules {
            inner.added += 1;
            let id = inner.added;
            // Each fault has its own random stream, so that its hits do not depend on other faults.
            let mut draw = ChaCha8Rng::seed_from_u64(self.seed);
            draw.set_stream(id);
            inner.entries.push(Entry { id, fault, rule, draw, requests: 0, hits: 0 });
            ids.push(id);
        }
        self.any.store(!inner.entries.is_empty(), Ordering::Release);
        Ok(ids)
    }

    /// Replaces all faults with these. If one of them is invalid, nothing changes.
    pub(crate) fn replace(&self, faults: Vec<Fault>) -> Result<(), FaultError> {
        faults.iter().try_for_each(|fault| fault.rule().map(drop))?;
        if faults.len() > Self::CAPACITY {
            return Err(FaultError::new("faults", format!("expected at most {}", Self::CAPACITY)));
        }
        self.clear();
        self.add_all(faults).map(drop)
    }

    /// Removes a fault. Returns `false` if no fault has this id.
    pub fn remove(&self, id: u64) -> bool {
        self.retain(|entry| entry.id != id)
    }

    /// Removes all faults.
    pub fn clear(&self) {
        self.retain(|_| false);
    }

    /// Returns the active faults, in the order in which they were added, and their counts.
    #[must_use]
    pub fn list(&self) -> Vec<ActiveFault> {
        self.inner()
            .entries
            .iter()
            .map(|entry| ActiveFault {
                id: entry.id,
                fault: entry.fault.clone(),
                requests: entry.requests,
                hits: entry.hits,
            })
            .collect()
    }

    fn retain(&self, is_wanted: impl FnMut(&Entry) -> bool) -> bool {
        let mut inner = self.inner();
        let before = inner.entries.len();
        inner.entries.retain(is_wanted);
        self.any.store(!inner.entries.is_empty(), Ordering::Release);
        inner.entries.len() < before
    }

    /// Returns the plan for a request of an operation, or `None` if no fault hits it.
    pub(crate) fn plan(&self, operation: &str) -> Option<Plan> {
        if !self.any.load(Ordering::Acquire) {
            return None;
        }
        let mut plan =
            Plan { before: Duration::ZERO, after: Duration::ZERO, act: None, hit: String::new() };
        for entry in &mut self.inner().entries {
            if !entry.rule.matches(operation) {
                continue;
            }
            entry.requests += 1;
            let hits = entry.rule.hits(entry.requests, &mut entry.draw);
            match &entry.rule.act {
                _ if !hits => continue,
                Act::Latency(latency) => {
                    let wait = latency.draw(&mut entry.draw);
                    let sum = match entry.rule.after {
                        true => &mut plan.after,
                        false => &mut plan.before,
                    };
                    *sum = sum.saturating_add(wait);
                }
                act if plan.act.is_none() => plan.act = Some((act.clone(), entry.rule.after)),
                _ => continue,
            }
            entry.hits += 1;
            if !plan.hit.is_empty() {
                plan.hit.push_str("; ");
            }
            plan.hit.push_str(&entry.fault.to_string());
        }
        Some(plan).filter(|plan| !plan.hit.is_empty())
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.list()).finish()
    }
}
