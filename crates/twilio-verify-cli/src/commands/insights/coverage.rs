//! Determines which days of an archive are proven complete.

use std::fmt;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use twilio_verify_archive::State;
use twilio_verify_insights::Period;

/// The days of a period, and which of them are proven complete.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Coverage {
    /// The number of days.
    pub(super) days: usize,
    pub(super) proven: Vec<NaiveDate>,
    pub(super) unproven: Vec<NaiveDate>,
    /// The periods that Twilio deleted before they were read.
    pub(super) lost: Vec<Period>,
}

impl Coverage {
    /// Computes the coverage of a period, or of all days from the first to the last in the archive.
    pub(super) fn of(state: &State, days: &[NaiveDate], period: Option<Period>) -> Self {
        let lost: Vec<Period> = match period {
            Some(period) => state.lost.parts(period),
            None => state.lost.iter().collect(),
        };
        let (Some(first), Some(last)) = (days.first(), days.last()) else {
            return Self { lost, ..Self::default() };
        };
        let whole = match (period, state.begin) {
            (Some(period), _) => (period.from(), period.to()),
            // The first and the last day may be incomplete: only the part that was read has to be
            // proven.
            (None, begin) => {
                let end = state.proven().end().filter(|end| start(*last) < *end);
                let begin = begin.filter(|begin| begin.date_naive() == *first);
                (begin.unwrap_or(start(*first)), end.unwrap_or(start(next(*last))))
            }
        };
        let mut coverage = Self { lost, ..Self::default() };
        let mut day = whole.0.date_naive();
        while start(day) < whole.1 {
            let part = (start(day).max(whole.0), start(next(day)).min(whole.1));
            let is_proven = Period::new(part.0, part.1).is_ok_and(|part| state.is_proven(part));
            coverage.days += 1;
            match is_proven {
                true => coverage.proven.push(day),
                false => coverage.unproven.push(day),
            }
            if day == next(day) {
                break;
            }
            day = next(day);
        }
        coverage
    }

    /// Returns the period from the first day to the last one.
    #[cfg(feature = "plots")]
    pub(super) fn span(&self) -> Option<Period> {
        let mut days: Vec<&NaiveDate> = self.proven.iter().chain(&self.unproven).collect();
        days.sort_unstable();
        Period::new(start(**days.first()?), start(next(**days.last()?))).ok()
    }

    /// Returns what is proven and what is not, as sentences.
    #[cfg(feature = "plots")]
    pub(super) fn sentences(&self) -> (Vec<String>, Vec<String>) {
        let mut proven = Vec::new();
        if !self.proven.is_empty() {
            proven.push(format!(
                "{} of {} days are complete: as many attempts were read as Twilio counted.",
                self.proven.len(),
                self.days
            ));
        }
        let mut unknown = Vec::new();
        if !self.unproven.is_empty() {
            unknown.push(format!(
                "Whether these days are complete: {}. The next sync checks those of the last 30 days.",
                ranges(&self.unproven)
            ));
        }
        for period in &self.lost {
            unknown.push(format!(
                "What was made in {period}: it was not read before Twilio deleted it."
            ));
        }
        (proven, unknown)
    }

    /// Returns `exact` if all is proven, `unproven` otherwise.
    pub(super) fn verdict(&self) -> &'static str {
        match self.days > 0 && self.unproven.is_empty() && self.lost.is_empty() {
            true => "exact",
            false => "unproven",
        }
    }
}

fn start(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

fn next(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

/// Writes `28 of 30 days are proven complete; not proven: …; lost: …`.
impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} days are proven complete", self.proven.len(), self.days)?;
        if !self.unproven.is_empty() {
            write!(f, "; not proven: {}", ranges(&self.unproven))?;
        }
        for (index, period) in self.lost.iter().enumerate() {
            write!(f, "{}{period}", if index == 0 { "; lost: " } else { ", " })?;
        }
        Ok(())
    }
}

/// Formats days as ranges: `2026-03-01, 2026-03-05 to 2026-03-07`.
pub(super) fn ranges(days: &[NaiveDate]) -> String {
    let runs = days.chunk_by(|one, following| next(*one) == *following);
    let texts: Vec<String> = runs
        .filter_map(|run| match (run.first()?, run.last()?) {
            (first, last) if first == last => Some(first.to_string()),
            (first, last) => Some(format!("{first} to {last}")),
        })
        .collect();
    texts.join(", ")
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate, Utc};
    use serde_json::json;
    use twilio_verify_archive::State;
    use twilio_verify_insights::Period;

    use super::{Coverage, ranges};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    /// Returns a state with proofs of these periods, each exact or not.
    fn state(windows: &[(&str, &str, bool)]) -> State {
        let counts =
            |attempts: u64| json!({"attempts": attempts, "converted": 0, "unconverted": attempts});
        let proofs: Vec<_> = windows
            .iter()
            .map(|(from, to, exact)| {
                json!({
                    "period": {"from": from, "to": to},
                    "read": to,
                    "proof": {
                        "before": counts(1), "parts": counts(1), "after": counts(1),
                        "verdict": if *exact { json!({"verdict": "exact"}) } else { json!({"verdict": "inexact", "by": 1}) },
                    },
                })
            })
            .collect();
        serde_json::from_value(json!({ "proofs": proofs })).unwrap()
    }

    #[test]
    fn a_day_is_proven_if_all_of_it_is() {
        let state = state(&[
            ("2026-03-02T12:00:00Z", "2026-03-03T06:00:00Z", true),
            ("2026-03-01T00:00:00Z", "2026-03-02T12:00:00Z", true),
            ("2026-03-03T06:00:00Z", "2026-03-04T00:00:00Z", false),
            ("2026-03-04T00:00:00Z", "2026-03-04T10:00:00Z", true),
        ]);
        let days = [1, 2, 3, 4].map(day);
        let all = Coverage::of(&state, &days, None);
        // The last day is read until 10 o'clock, and proven until then.
        assert_eq!(
            (all.days, &*all.proven, &*all.unproven),
            (4, &[1, 2, 4].map(day)[..], &[day(3)][..])
        );
        assert_eq!(all.verdict(), "unproven");
        assert_eq!(all.to_string(), "3 of 4 days are proven complete; not proven: 2026-03-03");
        let period = Period::new(at("2026-03-01T05:00:00Z"), at("2026-03-03T05:00:00Z")).unwrap();
        let part = Coverage::of(&state, &days, Some(period));
        assert_eq!((part.days, part.verdict()), (3, "exact"));
        let later = Period::new(at("2026-03-04T09:00:00Z"), at("2026-03-04T11:00:00Z")).unwrap();
        assert_eq!(Coverage::of(&state, &days, Some(later)).verdict(), "unproven");
    }

    #[test]
    fn nothing_is_proven_without_a_state_or_with_a_gap() {
        let none = Coverage::of(&State::default(), &[day(1), day(3)], None);
        assert_eq!((none.days, none.proven.len()), (3, 0));
        assert_eq!(
            none.to_string(),
            "0 of 3 days are proven complete; not proven: 2026-03-01 to 2026-03-03"
        );
        let mut state = state(&[("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", true)]);
        let gap = Period::new(at("2026-02-01T00:00:00Z"), at("2026-02-02T00:00:00Z")).unwrap();
        state.lost.insert(gap);
        let lost = Coverage::of(&state, &[day(1)], None);
        assert_eq!((lost.verdict(), lost.proven.len()), ("unproven", 1));
        assert!(lost.to_string().contains("lost: 2026-02-01T00:00:00Z to 2026-02-02T00:00:00Z"));
        let first = Period::new(at("2026-03-01T00:00:00Z"), at("2026-03-02T00:00:00Z")).unwrap();
        assert_eq!(Coverage::of(&state, &[day(1)], Some(first)).verdict(), "exact");
        assert_eq!(Coverage::of(&state, &[], None).verdict(), "unproven");
    }

    #[test]
    fn days_are_ranges() {
        assert_eq!(
            ranges(&[1, 2, 3, 5, 7, 8].map(day)),
            "2026-03-01 to 2026-03-03, 2026-03-05, 2026-03-07 to 2026-03-08"
        );
        assert_eq!(ranges(&[]), "");
    }
}
