//! Builds findings.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::detect::finding::{Evidence, Finding, FindingCell, FindingKind};
use crate::detect::history::History;
use crate::detect::look::measure::Measures;
use crate::detect::look::search::{Case, Found, NEARLY_ALL};
use crate::detect::look::span::{Span, recents};
use crate::detect::look::waste::Waste;
use crate::detect::store::bins::HOUR;
use crate::detect::store::prefix::{LONGEST, Prefix};

/// Pumping is masked if more than this share of the attempts beyond the usual ones converts.
const MASKED: f64 = 0.1;

/// Builds the finding of an unusual cell, and computes its waste.
pub(crate) fn describe(
    history: &History,
    measures: &Measures,
    found: &Found<'_>,
) -> (Finding, Waste) {
    let span = Span::of(history, measures, found);
    let waste = Waste::of(history, found, &span);
    let evidence = Evidence::of(history, measures, found, &span, &waste);
    let rate = usual_rate(found);
    let (attempts, converted) = (span.tally.attempts as f64, span.tally.converted as f64);
    let kind = match found.case {
        Case::Delivery => FindingKind::Delivery,
        Case::Novel => FindingKind::NewDestination,
        Case::Spending => FindingKind::Cost,
        Case::Pumping => {
            let usual = (span.usual - span.usual_lost).max(0.0);
            let beyond = converted - usual;
            let is_masked =
                beyond > MASKED * (attempts - span.usual) && beyond > 2.0 * (usual + 1.0).sqrt();
            if is_masked { FindingKind::Masked } else { FindingKind::Pumping }
        }
    };
    let is_outage = found.case == Case::Delivery;
    let excess = match found.case {
        Case::Delivery => rate * attempts - converted,
        _ => span.tally.unconverted as f64 - span.usual_lost,
    };
    let cell = cell(history, found, deepest(history, found, &span));
    let within = found.within.iter().map(|prefix| FindingCell {
        channel: Default::default(),
        ..self::cell(history, found, *prefix)
    });
    let mut within: Vec<FindingCell> = within.filter(|above| *above != cell).collect();
    within.dedup();
    let finding = Finding {
        kind,
        within,
        cell,
        from: date(span.from),
        to: date(span.to),
        attempts: u64::try_from(span.tally.attempts).unwrap_or_default(),
        converted: u64::try_from(span.tally.converted).unwrap_or_default(),
        expected: span.usual,
        usual_rate: 100.0 * rate,
        excess: excess.max(0.0),
        waste: if is_outage { Default::default() } else { waste.costs.clone() },
        unpriced: if is_outage { 0 } else { waste.estimated },
        p_value: found.p_value,
        evidence,
    };
    (finding, waste)
}

/// Returns the prefix of a finding. If destinations have fewer digits than recent attempts, adds the digits that
/// nearly all of the latter share.
fn deepest(history: &History, found: &Found<'_>, span: &Span) -> Prefix {
    let mut prefix = found.prefix;
    if prefix.length() != history.destinations.digits || found.case != Case::Pumping {
        return prefix;
    }
    let hours = span.from.div_euclid(HOUR)..=span.to.div_euclid(HOUR);
    let lost = recents(history, found, hours).filter(|recent| recent.converted == Some(false));
    let prefixes: Vec<Prefix> = lost.map(|recent| recent.prefix).collect();
    for length in prefix.length() + 1..=LONGEST {
        let mut counts: HashMap<Prefix, usize> = HashMap::new();
        for prefix in prefixes.iter().filter(|other| other.begins_with(prefix)) {
            *counts.entry(prefix.first(length)).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        match most {
            Some((longer, count)) if count as f64 >= NEARLY_ALL * prefixes.len() as f64 => {
                prefix = longer
            }
            _ => break,
        }
    }
    prefix
}

/// Returns the usual rate of the attempts that were made, 0 to 1.
fn usual_rate(found: &Found<'_>) -> f64 {
    let mut sums = (0.0, 0.0);
    for spot in &found.spots {
        let attempts = spot.windows.get(found.window).map_or(0.0, |sums| sums.attempts);
        sums = (sums.0 + attempts * spot.rate, sums.1 + attempts);
    }
    if sums.1 > 0.0 { sums.0 / sums.1 } else { 0.0 }
}

fn cell(history: &History, found: &Found<'_>, prefix: Prefix) -> FindingCell {
    FindingCell {
        country: history.names.label(found.country),
        channel: found.channel.map(|channel| history.names.label(channel)).unwrap_or_default(),
        prefix: prefix.label(),
    }
}

fn date(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}
