//! Finds when a finding began and ended, and counts its attempts.

use std::ops::RangeInclusive;

use crate::detect::history::History;
use crate::detect::look::measure::{BACK, Measures};
use crate::detect::look::search::{Case, Found};
use crate::detect::statistics::cusum::Cusum;
use crate::detect::statistics::tail::at_least;
use crate::detect::store::bins::{HOUR, Tally};
use crate::detect::store::recent::Recent;

/// An hour with a probability below this is part of the finding.
const UNUSUAL: f64 = 0.05;

/// An hour with less than this part of the mean is not part of the finding.
const PART_OF_MEAN: f64 = 0.1;

/// The time of a finding, in seconds since the epoch, and its counts.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) tally: Tally,
    /// The usual attempts of this time, and how many of them do not convert.
    pub(crate) usual: f64,
    pub(crate) usual_lost: f64,
}

/// An hour of a cell.
#[derive(Clone, Copy, Debug, Default)]
struct Hour {
    tally: Tally,
    usual: f64,
    usual_lost: f64,
    /// How many of its attempts usually convert.
    converting: f64,
}

/// Returns the recent attempts of a cell in a range of hours.
pub(crate) fn recents<'h>(
    history: &'h History,
    found: &Found<'_>,
    hours: RangeInclusive<i64>,
) -> impl Iterator<Item = &'h Recent> {
    let mut numbers: Vec<u32> = found.spots.iter().map(|spot| spot.number).collect();
    numbers.sort_unstable();
    let recents = history.recent.range(hours).flat_map(|(_, all)| all);
    recents.filter(move |recent| numbers.binary_search(&recent.destination).is_ok())
}

impl Span {
    pub(crate) fn of(history: &History, measures: &Measures, found: &Found<'_>) -> Self {
        let first = (measures.hour - BACK).max(history.first_hour().min(measures.hour));
        let hours = hours(history, measures, found, first);
        let usual = measures.base.usual(found.country);
        let dispersion = usual.map_or(measures.base.all.dispersion.0, |usual| usual.dispersion.0);
        let score = |hour: &Hour| match found.case {
            Case::Pumping => {
                let excess = hour.tally.unconverted as f64 - hour.usual_lost;
                excess / (dispersion * hour.usual_lost + 1.0).sqrt()
            }
            Case::Delivery => {
                let missing = hour.converting - hour.tally.converted as f64;
                missing / (hour.converting + 1.0).sqrt()
            }
            Case::Novel | Case::Spending => {
                let excess = hour.tally.attempts as f64 - hour.usual;
                excess / (dispersion * hour.usual + 1.0).sqrt()
            }
        };
        let scores: Vec<f64> = hours.iter().map(score).collect();
        // If no excess is left at the end, falls back to the window in which the cell is unusual.
        let begin = (found.begin(measures).div_euclid(HOUR) - first).max(0) as usize;
        let since = Cusum::of(scores.iter().copied()).since;
        let since = if since >= hours.len() { begin.min(hours.len() - 1) } else { since };
        let (mut sum, mut most, mut last) = (0.0, 0.0, since);
        let size = |hour: &Hour| match found.case {
            Case::Pumping => hour.tally.unconverted as f64,
            Case::Delivery => hour.tally.undelivered as f64,
            Case::Novel | Case::Spending => hour.tally.attempts as f64,
        };
        let mut counted = 0.0;
        for (index, (hour, score)) in hours.iter().zip(&scores).enumerate().skip(since) {
            sum += score - 0.5;
            let is_unusual = match found.case {
                Case::Pumping => {
                    let lost = hour.tally.unconverted as f64;
                    lost > 0.0 && at_least(lost, hour.usual_lost, dispersion) < UNUSUAL
                }
                Case::Delivery => *score > 1.0,
                Case::Novel | Case::Spending => {
                    let attempts = hour.tally.attempts as f64;
                    attempts > 0.0 && at_least(attempts, hour.usual, dispersion) < UNUSUAL
                }
            };
            // A single attempt hours after an attack is not part of it.
            let mean = counted / (last - since + 1) as f64;
            if (sum >= most || is_unusual) && size(hour) >= PART_OF_MEAN * mean {
                (most, last) = (sum.max(most), index);
                counted += size(hour);
            }
        }
        let mut span = Self {
            from: (first + since as i64) * HOUR,
            to: ((first + last as i64 + 1) * HOUR).min(measures.now),
            tally: Tally::default(),
            usual: 0.0,
            usual_lost: 0.0,
        };
        let (since, last) = (first + since as i64, first + last as i64);
        span.narrow(history, found, (since, last), &hours, first);
        span.count(history, found, &hours, first, measures.now);
        span
    }

    /// Moves both ends to an attempt, if the attempts are kept individually.
    fn narrow(
        &mut self,
        history: &History,
        found: &Found<'_>,
        (since, last): (i64, i64),
        hours: &[Hour],
        first: i64,
    ) {
        let is_lost = |recent: &&Recent| match found.case {
            Case::Pumping => recent.converted == Some(false),
            Case::Delivery => recent.undelivered,
            Case::Novel | Case::Spending => true,
        };
        let range = since..=last;
        let of_cell = recents(history, found, range).filter(is_lost);
        let mut lost: Vec<i64> =
            of_cell.map(|recent| recent.created).filter(|created| *created <= self.to).collect();
        lost.sort_unstable();
        let Some((oldest, newest)) = lost.first().copied().zip(lost.last().copied()) else {
            return;
        };
        self.to = newest;
        if oldest.div_euclid(HOUR) > since
            && history.recent.first_key_value().is_some_and(|(hour, _)| *hour > since)
        {
            // It began before the recent attempts.
            return;
        }
        self.from = oldest;
        // Chooses the beginning with the most attempts above the midpoint of their mean rate and
        // the usual rate.
        for _ in 0..2 {
            let in_span = lost.iter().filter(|created| **created >= self.from).count() as f64;
            let rate = in_span / (self.to - self.from).max(1) as f64;
            let usual = hours.get((self.from.div_euclid(HOUR) - first).max(0) as usize);
            let usual = usual.map_or(0.0, |hour| hour.usual_lost) / HOUR as f64;
            let least = f64::midpoint(rate, usual.min(rate));
            let score = |(index, created): (usize, &i64)| {
                (lost.len() - index) as f64 - least * (self.to - created) as f64
            };
            let end = self.to.min(oldest + 3 * HOUR);
            let candidates = lost.iter().enumerate().filter(|(_, created)| **created <= end);
            let best =
                candidates.max_by(|a, b| score(*a).total_cmp(&score(*b)).then(b.0.cmp(&a.0)));
            self.from = best.map_or(oldest, |(_, created)| *created);
        }
    }

    fn count(
        &mut self,
        history: &History,
        found: &Found<'_>,
        hours: &[Hour],
        first: i64,
        now: i64,
    ) {
        let (since, last) = (self.from.div_euclid(HOUR), self.to.div_euclid(HOUR));
        let known = history.recent.first_key_value().map_or(i64::MAX, |(hour, _)| *hour);
        for (hour, counted) in
            (first..).zip(hours).filter(|(hour, _)| (since..=last).contains(hour))
        {
            let (begin, end) = (self.from.max(hour * HOUR), self.to.min(hour * HOUR + HOUR - 1));
            let length = (now - hour * HOUR).clamp(1, HOUR);
            let part = ((end - begin + 1) as f64 / length as f64).clamp(0.0, 1.0);
            self.usual += part * counted.usual;
            self.usual_lost += part * counted.usual_lost;
            if hour < known {
                self.tally.add(&counted.tally);
            }
        }
        let in_span = |recent: &&Recent| (self.from..=self.to).contains(&recent.created);
        let mut tally = Tally::default();
        for recent in recents(history, found, since..=last).filter(in_span) {
            tally.add(&Tally::of(recent.converted, recent.undelivered));
        }
        self.tally.add(&tally);
    }

    /// Returns the number of attempts beyond the usual ones.
    pub(crate) fn beyond(&self) -> f64 {
        (self.tally.attempts as f64 - self.usual).max(0.0)
    }
}

/// Returns the hours of a cell from `first` to the current one.
fn hours(history: &History, measures: &Measures, found: &Found<'_>, first: i64) -> Vec<Hour> {
    let length = usize::try_from(measures.hour - first + 1).unwrap_or(1).max(1);
    let mut hours = vec![Hour::default(); length];
    let share: f64 = found.spots.iter().map(|spot| spot.share).sum();
    let share_lost: f64 = found.spots.iter().map(|spot| spot.share * (1.0 - spot.rate)).sum();
    let usual = measures.base.usual(found.country);
    for (number, hour) in (first..).zip(&mut hours) {
        let of_land = usual.map_or(0.0, |usual| usual.attempts(number));
        let part = crate::detect::hours::part(number, (first * HOUR, measures.now));
        hour.usual = share * of_land * part;
        hour.usual_lost = share_lost * of_land * part;
    }
    for spot in &found.spots {
        let Some(destination) = history.destinations.get(spot.number) else {
            continue;
        };
        for (number, tally) in destination.hours.between(first, measures.hour + 1) {
            if let Some(hour) = hours.get_mut((number - first).max(0) as usize) {
                hour.tally.add(&tally);
                hour.converting += (tally.converted + tally.unconverted) as f64 * spot.rate;
            }
        }
    }
    hours
}
