//! Two rules that people use today, by country.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify_insights::{Label, Observation};

/// One of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Fires if there were 20 or more attempts in an hour, and fewer than half of them converted. Attempts of the last
    /// two minutes don't count, as they may still convert.
    LowRate,
    /// Authgear's rule. Fires if the unverified attempts of 24 hours are more than each of: 20, a fifth of the most
    /// verified ones of a day in 14 days, and a fifth of those verified in the 24 hours. Also fires if those of an hour
    /// are more than each of: 3, a sixth of that limit, and a fifth of those verified in the hour.
    Quota,
}

/// The attempts of a country.
#[derive(Clone, Debug, Default)]
struct Country {
    /// The attempts of the last 24 hours: date, SID, and whether they converted.
    day: VecDeque<(DateTime<Utc>, Label, bool)>,
    /// The verified attempts of each day.
    days: BTreeMap<i64, u64>,
    counts: [Counts; 2],
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    attempts: u64,
    verified: u64,
}

/// The counts of both rules.
#[derive(Clone, Debug, Default)]
pub struct Rules(BTreeMap<Label, Country>);

const HOUR: TimeDelta = TimeDelta::hours(1);
const DAY: TimeDelta = TimeDelta::hours(24);

impl Rules {
    /// Records an attempt, or a change of one.
    pub fn record(&mut self, observation: &Observation) {
        let country = self.0.entry(observation.country.clone()).or_default();
        let verified = observation.converted == Some(true);
        let day = observation.created.timestamp().div_euclid(86_400);
        let place = country.day.partition_point(|(created, ..)| *created < observation.created);
        let known = country
            .day
            .range_mut(place..)
            .take_while(|(created, ..)| *created == observation.created);
        for (_, sid, was) in known {
            if *sid == observation.sid {
                if verified && !*was {
                    *was = true;
                    *country.days.entry(day).or_default() += 1;
                }
                return;
            }
        }
        if country.day.front().is_some_and(|(oldest, ..)| observation.created < *oldest) {
            return;
        }
        *country.days.entry(day).or_default() += u64::from(verified);
        country.day.insert(place, (observation.created, observation.sid.clone(), verified));
    }

    /// Returns the countries in which a rule fires.
    pub fn fires(&mut self, rule: Rule, now: DateTime<Utc>) -> Vec<Label> {
        let mut fired = Vec::new();
        for (label, country) in &mut self.0 {
            while country.day.front().is_some_and(|(created, ..)| now - *created > DAY) {
                country.day.pop_front();
            }
            let fires = match rule {
                Rule::LowRate => {
                    let until = now - TimeDelta::minutes(2);
                    let Counts { attempts, verified } = country.count(until - HOUR, until);
                    attempts >= 20 && 2 * verified < attempts
                }
                Rule::Quota => country.is_over_quota(now),
            };
            if fires {
                fired.push(label.clone());
            }
        }
        fired
    }
}

impl Country {
    fn count(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Counts {
        let mut counts = Counts::default();
        for (_, _, verified) in self
            .day
            .iter()
            .rev()
            .skip_while(|(created, ..)| *created > to)
            .take_while(|(created, ..)| *created > from)
        {
            counts.attempts += 1;
            counts.verified += u64::from(*verified);
        }
        counts
    }

    fn is_over_quota(&mut self, now: DateTime<Utc>) -> bool {
        let today = now.timestamp().div_euclid(86_400);
        let most = self.days.range(today - 14..today).map(|(_, verified)| *verified).max();
        self.counts = [self.count(now - HOUR, now), self.count(now - DAY, now)];
        let [hour, day] =
            self.counts.map(|counts| (counts.attempts - counts.verified, counts.verified));
        let fifth = |verified: u64| 0.2 * verified as f64;
        let of_day = 20.0_f64.max(fifth(most.unwrap_or_default())).max(fifth(day.1));
        let of_hour = 3.0_f64.max(of_day / 6.0).max(fifth(hour.1));
        day.0 as f64 > of_day || hour.0 as f64 > of_hour
    }
}
