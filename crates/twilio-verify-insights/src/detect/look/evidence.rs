//! Collects further evidence for a finding.

use std::collections::{BTreeMap, HashMap};

use crate::detect::finding::{Evidence, PriceRank, Share};
use crate::detect::history::History;
use crate::detect::look::measure::Measures;
use crate::detect::look::search::{Case, Found};
use crate::detect::look::span::{Span, recents};
use crate::detect::look::waste::Waste;
use crate::detect::store::bins::{DAY, HOUR};
use crate::detect::store::prefix::Prefix;
use crate::detect::store::recent::Recent;

/// Numbers that are at most this far apart are neighbors.
const NEAR: u16 = 10;
const BLOCK: f64 = 10_000.0;

impl Evidence {
    /// Collects the evidence of the recent attempts of a span: for pumping those that have not
    /// converted, for an outage the undelivered ones, otherwise all.
    pub(crate) fn of(
        history: &History,
        measures: &Measures,
        found: &Found<'_>,
        span: &Span,
        waste: &Waste,
    ) -> Self {
        let hours = span.from.div_euclid(HOUR)..=span.to.div_euclid(HOUR);
        let of_case = |recent: &&Recent| match found.case {
            Case::Pumping => recent.converted != Some(true),
            Case::Delivery => recent.undelivered,
            Case::Novel | Case::Spending => true,
        };
        let in_span = |recent: &&Recent| (span.from..=span.to).contains(&recent.created);
        let attempts: Vec<&Recent> =
            recents(history, found, hours).filter(in_span).filter(of_case).collect();
        let most = |of: fn(&Recent) -> u32| {
            let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
            for recent in &attempts {
                *counts.entry(of(recent)).or_default() += 1;
            }
            let (number, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
            let label = history.names.label(number);
            label.as_str()?;
            Some(Share { label, share: count as f64 / attempts.len() as f64 })
        };
        let channel = found.channel.or_else(|| Some(found.spots.first()?.place.channel));
        let rank = waste.price.zip(channel).map(|(price, channel)| {
            let (dearer, of) = history.prices.rank(channel, price);
            PriceRank { rank: dearer as u64 + 1, of: of.max(dearer + 1) as u64 }
        });
        Self {
            carrier: most(|recent| recent.carrier),
            service: most(|recent| recent.service),
            price: rank,
            off_hours: off_hours(measures, found, &attempts),
            ..of_numbers(&attempts)
        }
    }
}

/// Returns the evidence of the numbers, if they are known.
fn of_numbers(attempts: &[&Recent]) -> Evidence {
    let mut blocks: HashMap<Prefix, Vec<u16>> = HashMap::new();
    for recent in attempts {
        if let Some(last_four) = &recent.last_four {
            blocks.entry(recent.prefix).or_default().push(*last_four.expose());
        }
    }
    let of_numbers: usize = blocks.values().map(Vec::len).sum();
    let (mut numbers, mut adjacent, mut by_chance) = (0, 0, 0.0);
    for block in blocks.values_mut() {
        block.sort_unstable();
        block.dedup();
        let near = |a: Option<&u16>, b: u16| a.is_some_and(|a| a.abs_diff(b) <= NEAR);
        adjacent += (0..block.len())
            .filter(|index| {
                let number = block.get(*index).copied().unwrap_or_default();
                near(index.checked_sub(1).and_then(|before| block.get(before)), number)
                    || near(block.get(index + 1), number)
            })
            .count();
        numbers += block.len();
        let others = block.len().saturating_sub(1) as f64;
        let lonely = (1.0 - 2.0 * f64::from(NEAR) / BLOCK).powf(others);
        by_chance += block.len() as f64 * (1.0 - lonely);
    }
    let share = |count: f64| (numbers > 0).then(|| count / numbers as f64);
    Evidence {
        adjacent: share(adjacent as f64),
        adjacent_by_chance: share(by_chance),
        attempts_per_number: share(of_numbers as f64),
        ..Evidence::default()
    }
}

/// Returns the share of attempts in hours that usually have less than half of the mean.
fn off_hours(measures: &Measures, found: &Found<'_>, attempts: &[&Recent]) -> Option<f64> {
    let usual = measures.base.usual(found.country)?;
    let mean = usual.attempts / (measures.base.known.1 - measures.base.known.0).max(1) as f64;
    if usual.attempts < 200.0
        || attempts.is_empty()
        || measures.base.known.1 - measures.base.known.0 < DAY
    {
        return None;
    }
    let mut quiet: BTreeMap<i64, bool> = BTreeMap::new();
    let off = attempts.iter().filter(|recent| {
        let hour = recent.created.div_euclid(HOUR);
        *quiet.entry(hour).or_insert_with(|| usual.attempts(hour) < 0.5 * mean)
    });
    Some(off.count() as f64 / attempts.len() as f64)
}
