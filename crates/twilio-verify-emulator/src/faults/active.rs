//! Faults on demand: what goes wrong, when, and for which operations.

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
/// Requests count for a fault from when it was added, those that it matches and no others: with an operation of
/// the API in their path, and with good credentials. The first fault, in the order in which they were added,
/// that hits a request decides its answer; latencies add up, and go with any answer.
pub struct Faults {
    seed: u64,
    /// Those that there were at the start.
    initial: Vec<Fault>,
    /// Whether there are any, so that a request need not wait for others to find out.
    any: AtomicBool,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// How many were ever added.
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

/// A fault of a running emulator, and what it has done.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ActiveFault {
    /// Its number among all that were added, from 1.
    pub id: u64,
    /// What it is.
    #[serde(flatten)]
    pub fault: Fault,
    /// How many requests it has matched.
    pub requests: u64,
    /// How many of them it has hit.
    pub hits: u64,
}

/// What is to happen to a request.
pub(crate) struct Plan {
    /// How long it waits before it is processed.
    pub(crate) before: Duration,
    /// How long its answer waits.
    pub(crate) after: Duration,
    /// What becomes of its answer, and whether it is processed first.
    pub(crate) act: Option<(Act, bool)>,
    /// The faults that hit it.
    pub(crate) hit: String,
}

impl Faults {
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

    /// As they were at the start: the same faults, which nothing was counted for.
    pub(crate) fn reset(&self) {
        *self.inner() = Inner::default();
        self.any.store(false, Ordering::Release);
        // They were sound then.
        let _ = self.add_all(self.initial.clone());
    }

    /// Adds a fault, and gives its id. It hits requests from now on.
    ///
    /// # Errors
    ///
    /// The fault can't be, such as one with a probability of 2, or its operation is none of the API's.
    pub fn add(&self, fault: Fault) -> Result<u64, FaultError> {
        Ok(self.add_all([fault])?.into_iter().sum())
    }

    /// Adds faults, or, if one of them can't be, none, and gives their ids.
    ///
    /// # Errors
    ///
    /// As [`Self::add`].
    pub fn add_all(&self, faults: impl IntoIterator<Item = Fault>) -> Result<Vec<u64>, FaultError> {
        let rules = faults.into_iter().map(|fault| Ok((fault.rule()?, fault)));
        let rules: Vec<_> = rules.collect::<Result<_, FaultError>>()?;
        let mut inner = self.inner();
        let mut ids = Vec::new();
        for (rule, fault) in rules {
            inner.added += 1;
            let id = inner.added;
            // Each its own, so that what one hits doesn't hang on which others there are.
            let mut draw = ChaCha8Rng::seed_from_u64(self.seed);
            draw.set_stream(id);
            inner.entries.push(Entry {
                id,
                fault,
                rule,
                draw,
                requests: 0,
                hits: 0,
            });
            ids.push(id);
        }
        self.any.store(!inner.entries.is_empty(), Ordering::Release);
        Ok(ids)
    }

    /// Takes a fault away; `false` if there is none of this id.
    pub fn remove(&self, id: u64) -> bool {
        self.retain(|entry| entry.id != id)
    }

    /// Takes all faults away.
    pub fn clear(&self) {
        self.retain(|_| false);
    }

    /// The faults that there are, in the order in which they were added, and what they have done.
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

    /// What is to happen to a request of an operation; `None` if nothing is.
    pub(crate) fn plan(&self, operation: &str) -> Option<Plan> {
        if !self.any.load(Ordering::Acquire) {
            return None;
        }
        let mut plan = Plan {
            before: Duration::ZERO,
            after: Duration::ZERO,
            act: None,
            hit: String::new(),
        };
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
