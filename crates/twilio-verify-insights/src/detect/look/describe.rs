//! What was found, as a finding.

use chrono::{DateTime, Utc};

use crate::detect::finding::{Evidence, Finding, FindingCell, FindingKind};
use crate::detect::history::History;
use crate::detect::look::measure::Measures;
use crate::detect::look::search::{Case, Found};
use crate::detect::look::span::Span;
use crate::detect::look::waste::Waste;
use crate::detect::store::prefix::Prefix;

/// If more than this share of the attempts beyond the usual ones converts, the rate is masked.
const MASKED: f64 = 0.1;

/// Describes a cell that stands out.
pub(crate) fn describe(history: &History, measures: &Measures<'_>, found: &Found<'_>) -> (Finding, Waste) {
    let span = Span::of(history, measures, found);
    let waste = Waste::of(history, found, &span);
    let evidence = Evidence::of(history, measures, found, &span, &waste);
    let rate = usual_rate(found);
    let (attempts, converted) = (span.tally.attempts as f64, span.tally.converted as f64);
    let kind = match found.case {
        Case::Delivery => FindingKind::Delivery,
        Case::Pumping => {
            let usual = (span.usual - span.usual_lost).max(0.0);
            let beyond = converted - usual;
            let is_masked = beyond > MASKED * (attempts - span.usual) && beyond > 2.0 * (usual + 1.0).sqrt();
            if is_masked { FindingKind::Masked } else { FindingKind::Pumping }
        }
    };
    let excess = match found.case {
        Case::Pumping => span.tally.unconverted as f64 - span.usual_lost,
        Case::Delivery => rate * attempts - converted,
    };
    let cell = cell(history, found, found.prefix);
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
        waste: if found.case == Case::Pumping { waste.costs.clone() } else { Default::default() },
        unpriced: if found.case == Case::Pumping { waste.estimated } else { 0 },
        p_value: found.p_value,
        evidence,
    };
    (finding, waste)
}

/// The usual rate of the attempts that were made, 0 to 1.
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
