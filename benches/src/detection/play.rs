//! Plays a month of attempts with a scenario near its end, minute by minute.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use fastrand::Rng;
use twilio_verify_emulator::{Attempt, Truth, apply_scenarios, sample};
use twilio_verify_insights::{Detector, EpisodeState, Episodes, Finding, FindingKind, History};

use crate::detection::cases::Case;
use crate::detection::events::{events, observation};
use crate::detection::notices::{Firing, Notice, Score};
use crate::detection::rules::{Rule, Rules};
use crate::error::Error;

/// A month without a scenario.
pub struct Month {
    seed: u64,
    end: DateTime<Utc>,
    /// The attempts, oldest first.
    attempts: Vec<Attempt>,
    /// The history and the counts of the rules at the beginning of each length of play.
    begins: Vec<(i64, History, Rules)>,
}

/// The result of a scenario.
pub struct Played {
    /// The scenario.
    pub case: Case,
    /// What really happened.
    pub truth: Truth,
    /// The scores of the detector and of the two rules.
    pub scores: [Score; 3],
    /// The findings of the attack, as they were when they ended.
    pub ended: Vec<Finding>,
    /// The number of findings about delivery, as an outage has.
    pub deliveries: usize,
    /// The number of findings of other kinds.
    pub others: usize,
    /// The total time of the detector's looks.
    pub looking: Duration,
    /// The number of looks.
    pub looks: u32,
}

impl Month {
    /// Creates a month with `a_day` attempts per day.
    pub fn new(seed: u64, a_day: usize) -> Self {
        let begin = Utc.with_ymd_and_hms(2026, 3, 2, 0, 0, 0).single().unwrap_or_default();
        let end = begin + TimeDelta::hours(Rng::with_seed(seed).i64(0..7 * 24));
        let mut attempts = sample(seed, end, 30 * a_day);
        attempts.reverse();
        let mut lengths: Vec<i64> = Case::ALL.iter().map(|case| case.minutes()).collect();
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        lengths.dedup();
        let mut history = History::new().known_from(end - TimeDelta::days(30));
        let mut rules = Rules::default();
        let mut recorded = attempts.iter().peekable();
        let mut begins = Vec::new();
        for length in lengths {
            let start = end - TimeDelta::minutes(length);
            while let Some(attempt) = recorded.next_if(|attempt| attempt.date_created < start) {
                let observation = observation(attempt);
                rules.record(&observation);
                history.record(observation);
            }
            begins.push((length, history.clone(), rules.clone()));
        }
        Self { seed, end, attempts, begins }
    }

    /// Plays a scenario.
    ///
    /// # Errors
    ///
    /// Returns an error if the scenario is invalid.
    pub fn play(&self, case: Case, detector: &Detector) -> Result<Played, Error> {
        let (length, history, rules) = self
            .begins
            .iter()
            .find(|(length, ..)| *length == case.minutes())
            .ok_or("no history of this length")?;
        let (mut history, mut rules) = (history.clone(), rules.clone());
        let start = self.end - TimeDelta::minutes(*length);
        let first = self.attempts.partition_point(|attempt| attempt.date_created < start);
        let own = self.attempts[first..].iter().cloned();
        let scenario = case.scenario(self.seed, self.end);
        let (attempts, truth) = apply_scenarios(own, &[scenario], self.seed, self.end)?;
        let truth = truth.into_iter().next().ok_or("no truth")?;
        let sids: std::collections::HashSet<_> = truth.sids.iter().copied().collect();
        let attacks = attempts.iter().filter(|attempt| sids.contains(&attempt.sid));
        let made: Vec<DateTime<Utc>> = attacks.map(|attempt| attempt.date_created).collect();
        let mut random = Rng::with_seed(self.seed);
        let mut events = events(&attempts, &mut random).into_iter().peekable();

        let mut episodes = Episodes::new();
        let mut firing = [Firing::default(), Firing::default()];
        let mut notices: [Vec<Notice>; 3] = Default::default();
        let (mut ended, mut deliveries, mut others) = (Vec::new(), 0, 0);
        let (mut looking, mut looks) = (Duration::ZERO, 0);
        for minute in 1..=*length {
            let now = start + TimeDelta::minutes(minute);
            while let Some((_, observation)) = events.next_if(|(seen, _)| *seen <= now) {
                rules.record(&observation);
                history.record(observation);
            }
            let began = Instant::now();
            let findings = detector.look(&history, now);
            looking += began.elapsed();
            looks += 1;
            for event in episodes.update(findings, now) {
                let finding = event.finding;
                let notice = Notice {
                    at: now,
                    country: finding.cell.country.clone(),
                    prefix: finding.cell.prefix.clone(),
                    text: finding.to_string(),
                };
                match (event.state, finding.kind) {
                    (EpisodeState::Started, kind) if kind.is_attack() => notices[0].push(notice),
                    (EpisodeState::Started, FindingKind::Delivery) => deliveries += 1,
                    (EpisodeState::Started, _) => others += 1,
                    (_, kind) if kind.is_attack() && notice.is_at(&truth) => ended.push(finding),
                    _ => {}
                }
            }
            for (index, rule) in [Rule::LowRate, Rule::Quota].into_iter().enumerate() {
                notices[index + 1].extend(firing[index].update(rules.fires(rule, now), now));
            }
        }
        let scores = notices.map(|notices| Score::of(notices, &truth, &made));
        Ok(Played { case, truth, scores, ended, deliveries, others, looking, looks })
    }
}
