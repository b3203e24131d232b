//! Detects attacks and outages.

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

/// A detector of attacks and outages, which compares attempts with the usual ones at the same hour of the week.
///
/// It reads only a [`History`], so it works on live attempts, an archive or your own data. A cell is a country, or a
/// part of one by channel and the first digits of numbers. The windows are 5 minutes, 1, 6 and 24 hours, and the time
/// over which small excesses have added up (a one-sided CUSUM). In each window, a cell's unconverted attempts are
/// compared with those of the same hours in earlier weeks, by a negative binomial distribution, and its rate with the
/// usual rate. A young attempt counts only by the share of the account's conversions that usually happen by its age. Of
/// the tests that a look rejects, at most a share of [`false_discovery`](Self::false_discovery) is expected to be false
/// (Benjamini and Hochberg). The deepest cell is reported, once.
///
/// | kind | condition |
/// |---|---|
/// | `pumping` | at least 20 attempts; at least 15 more unconverted attempts than usual, because more attempts were made; a rate whose 99 % interval ends more than 5 points below the usual rate; a rate of the attempts beyond the usual ones below 60 % of the usual rate; waste of [`min_cost`](Self::min_cost) or more |
/// | `masked` | the same, but more than a tenth of the attempts beyond the usual ones converts |
/// | `delivery` | the rate is below the usual rate because fewer attempts than usual are delivered |
/// | `new_destination` | at least 20 attempts in a day to a country or prefix that had none before, and no attack |
/// | `cost` | a country's day costs at least half more than usual, and at least [`min_cost`](Self::min_cost) more, and no attack |
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
/// [`Episodes`](crate::Episodes) groups the findings of successive looks.
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

/// Totals with a probability below this are not calm.
const CALM: f64 = 0.02;

impl Detector {
    /// Creates a detector with the default settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the share of findings that may be false, 0 to 1. Default: 0.01.
    #[must_use]
    pub fn false_discovery(mut self, share: f64) -> Self {
        self.false_discovery = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        self
    }

    /// Sets the least waste that counts as pumping, in any currency. Default: 5.
    #[must_use]
    pub fn min_cost(mut self, cost: Decimal) -> Self {
        self.min_cost = cost;
        self
    }

    /// Sets how many earlier weeks an hour is compared with, 1 to 52. Default: 4. [`History::weeks`] must keep as many.
    #[must_use]
    pub fn weeks(mut self, weeks: u8) -> Self {
        self.weeks = weeks.clamp(1, 52);
        self
    }

    /// Returns what is unusual in the 24 hours before `now`, attacks first. Returns nothing if no earlier hours are
    /// known.
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
        // A cell that is reported already is not reported again as new or expensive.
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

    /// Whether the counts of all attempts of the last `length` before `now` are in their usual range, so that no look
    /// at the cells is needed. Returns `true` if no earlier hours are known.
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
