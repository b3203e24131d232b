//! The detector.

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::detect::finding::Finding;
use crate::detect::history::History;
use crate::detect::hours::part;
use crate::detect::look::base::known;
use crate::detect::look::describe::describe;
use crate::detect::look::measure::Measures;
use crate::detect::look::novel::novel;
use crate::detect::look::search::{Groups, search};
use crate::detect::look::spending::spending;
use crate::detect::statistics::tail::{at_least, at_most};
use crate::detect::store::bins::HOUR;
use crate::detect::usual::Usual;
use crate::table::counts::Counts;

/// Notices attacks and outages: compares attempts with what is usual at their hour of the week.
///
/// Pure: it reads nothing but a [`History`], so it runs over live attempts, an archive or data of one's own
/// alike. A cell is a country, or a part of one by channel and the first digits of numbers. In windows of 5
/// minutes, of 1, 6 and 24 hours, and since small excesses add up (a one-sided CUSUM), the attempts of each
/// cell that don't convert are compared with those of the same hours in earlier weeks, by a negative binomial
/// distribution, and the rate with the usual one. Young attempts count as much as the account's conversions
/// are usually there by their age. Of all tests of a look at most [`false_discovery`](Self::false_discovery) of
/// those that are rejected are false (Benjamini and Hochberg); the deepest cell is reported, once.
///
/// | kind | condition |
/// |---|---|
/// | `pumping` | at least 20 attempts; at least 15 that don't convert beyond the usual ones, because more attempts are made; a rate below the usual one by more than 5 points (the upper end of its 99 % interval), and below 60 % of it for the attempts beyond the usual; waste of [`min_cost`](Self::min_cost) or more |
/// | `masked` | the same, where more than a tenth of the attempts beyond the usual converts |
/// | `delivery` | the rate is below the usual one, because attempts don't arrive that usually do |
/// | `new_destination` | at least 20 attempts in a day to a country or prefix without attempts before, and no attack |
/// | `cost` | a country's day costs half more than usual, by [`min_cost`](Self::min_cost) or more, and no attack |
///
/// ```
/// use chrono::{TimeDelta, TimeZone, Utc};
/// use twilio_verify_insights::{Detector, FindingKind, History, Observation};
///
/// let now = Utc.with_ymd_and_hms(2026, 3, 30, 15, 0, 0).unwrap();
/// let mut history = History::new();
/// // Two weeks with an attempt every ten minutes, of which three of four convert.
/// for number in 0..14 * 144 {
///     let created = now - TimeDelta::minutes(10 * (14 * 144 - number));
///     let mut attempt = Observation::new(format!("VL{number}"), created).to("+33639980000");
///     attempt.country = "FR".into();
///     attempt.channel = "sms".into();
///     attempt.converted = Some(number % 4 > 0);
///     attempt.price = Some(("USD".parse()?, "0.0798".parse()?));
///     history.record(attempt);
/// }
/// assert!(Detector::new().look(&history, now).is_empty());
///
/// // In the last five minutes, an attempt every ten seconds to the next number of a block.
/// for number in 0..30 {
///     let created = now - TimeDelta::seconds(10 * (30 - number));
///     let number = format!("+99899394{number:04}");
///     let mut attempt = Observation::new(format!("VL{number}"), created).to(&number);
///     attempt.country = "UZ".into();
///     attempt.channel = "sms".into();
///     attempt.converted = Some(false);
///     attempt.price = Some(("USD".parse()?, "0.3130".parse()?));
///     history.record(attempt);
/// }
/// let findings = Detector::new().look(&history, now);
/// assert_eq!(findings[0].kind, FindingKind::Pumping);
/// assert_eq!(findings[0].cell.prefix.as_str(), Some("+99899394"));
/// assert!(findings[0].to_string().starts_with("pumping: UZ +99899394 sms, 2026-03-30T14:55:00Z"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [`Episodes`](crate::Episodes) puts the findings of successive looks together.
#[derive(Clone, Debug)]
pub struct Detector {
    false_discovery: f64,
    min_cost: Decimal,
    weeks: u8,
}

impl Default for Detector {
    fn default() -> Self {
        Self { false_discovery: 0.01, min_cost: Decimal::from(5), weeks: 4 }
    }
}

/// Totals with a lower chance are not calm.
const CALM: f64 = 0.02;

impl Detector {
    /// With the default settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// The share of findings that may be false, 0 to 1. Default: 0.01.
    #[must_use]
    pub fn false_discovery(mut self, share: f64) -> Self {
        self.false_discovery = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        self
    }

    /// The least waste that is pumping, in any currency. Default: 5.
    #[must_use]
    pub fn min_cost(mut self, cost: Decimal) -> Self {
        self.min_cost = cost;
        self
    }

    /// With how many earlier weeks an hour is compared, 1 to 52. Default: 4. [`History::weeks`] must keep as many.
    #[must_use]
    pub fn weeks(mut self, weeks: u8) -> Self {
        self.weeks = weeks.clamp(1, 52);
        self
    }

    /// What is unusual in the last 24 hours before `now`, attacks first. Empty if nothing is known of earlier hours.
    pub fn look(&self, history: &History, now: DateTime<Utc>) -> Vec<Finding> {
        let Some(measures) = Measures::of(history, now, self.weeks) else {
            return Vec::new();
        };
        let groups = Groups::of(&measures.spots);
        let mut found = search(&groups, &measures, self.false_discovery);
        let mut findings = Vec::new();
        found.retain(|found| {
            let (finding, waste) = describe(history, &measures, found);
            let is_worth_it = !finding.kind.is_attack() || waste.is_at_least(self.min_cost);
            if is_worth_it {
                findings.push(finding);
            }
            is_worth_it
        });
        // What is reported already is not reported as new, or as dear.
        let least = self.min_cost.to_f64().unwrap_or_default();
        let others = [novel(&groups, &measures), spending(history, &measures, least)];
        for other in others.into_iter().flatten() {
            if !found.iter().any(|found| found.overlaps(&other)) {
                findings.push(describe(history, &measures, &other).0);
                found.push(other);
            }
        }
        findings.sort_by(|a, b| a.kind.cmp(&b.kind).then(b.excess.total_cmp(&a.excess)));
        findings
    }

    /// Whether the counts of all attempts of the last `length` before `now` are within their band:
    /// then no look at the cells is needed. Also if nothing is known of earlier hours.
    pub fn is_calm(
        &self,
        history: &History,
        now: DateTime<Utc>,
        length: TimeDelta,
        total: &Counts,
    ) -> bool {
        let (now, length) = (now.timestamp(), length.num_seconds().clamp(1, 7 * 24 * HOUR));
        let hour = now.div_euclid(HOUR);
        let usual = known(history, hour, self.weeks).and_then(|(known_from, before)| {
            Usual::of(&history.all, None, known_from, before, self.weeks)
        });
        let Some(usual) = usual else {
            return true;
        };
        let period = (now - length, now);
        let hours = (now - length).div_euclid(HOUR)..=hour;
        let attempts: f64 = hours.map(|hour| usual.attempts(hour) * part(hour, period)).sum();
        let converting = history.delays.shares().of_last(length) * usual.rate;
        let counted = total.attempts as f64;
        let dispersion = usual.dispersion.0;
        let lost = (total.attempts - total.converted.min(total.attempts)) as f64;
        at_least(counted, attempts, dispersion) >= CALM
            && at_least(lost, attempts * (1.0 - converting), dispersion) >= CALM
            && at_most(total.converted as f64, counted, converting) >= CALM / 4.0
    }
}
