//! Notices, and whether they are right.

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify_emulator::Truth;
use twilio_verify_insights::Label;

/// A notice of the detector or of a rule.
#[derive(Clone, Debug)]
pub struct Notice {
    /// When it was made.
    pub at: DateTime<Utc>,
    /// The country that it is about.
    pub country: Label,
    /// The first digits of the numbers.
    pub prefix: Label,
    /// The text for a human.
    pub text: String,
}

impl Notice {
    /// Whether the notice is about an attack, and was made during it or up to an hour later.
    pub fn is_of(&self, truth: &Truth) -> bool {
        self.is_at(truth) && truth.from <= self.at && self.at <= truth.to + TimeDelta::hours(1)
    }

    /// Whether the notice is about an attack's prefix.
    pub fn is_at(&self, truth: &Truth) -> bool {
        let country = truth.country.map(|country| country.to_string());
        let (own, attacked) =
            (self.prefix.as_str().unwrap_or("+"), truth.prefix.as_deref().unwrap_or("+"));
        truth.is_attack
            && country.as_deref() == self.country.as_str()
            && (own.starts_with(attacked) || attacked.starts_with(own))
    }
}

/// How an attack was noticed.
#[derive(Clone, Copy, Debug)]
pub struct Noticed {
    /// The time since the attack began, in minutes.
    pub minutes: f64,
    /// The attempts that the attack had made by then.
    pub lost: u64,
}

/// The score of a scenario.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// How the attack was first noticed, if it was.
    pub noticed: Option<Noticed>,
    /// Notices of the attack after the first.
    pub again: u64,
    /// Notices that are not about the attack, or not in its time.
    pub wrong: Vec<Notice>,
}

impl Score {
    /// Scores notices, which are in order. `made` are the dates of the attack's attempts.
    pub fn of(notices: Vec<Notice>, truth: &Truth, made: &[DateTime<Utc>]) -> Self {
        let mut score = Self::default();
        for notice in notices {
            if !notice.is_of(truth) {
                score.wrong.push(notice);
            } else if score.noticed.is_some() {
                score.again += 1;
            } else {
                let minutes = (notice.at - truth.from).as_seconds_f64() / 60.0;
                let lost = made.iter().filter(|made| **made <= notice.at).count() as u64;
                score.noticed = Some(Noticed { minutes, lost });
            }
        }
        score
    }
}

/// The countries in which a rule has fired. Without a pause of an hour, they are one notice.
#[derive(Clone, Debug, Default)]
pub struct Firing(Vec<(Label, DateTime<Utc>)>);

impl Firing {
    /// Records the countries in which a rule fires at a minute, and returns the new notices.
    pub fn update(&mut self, countries: Vec<Label>, at: DateTime<Utc>) -> Vec<Notice> {
        let mut notices = Vec::new();
        for country in countries {
            if let Some((_, last)) = self.0.iter_mut().find(|(known, _)| *known == country) {
                let is_new = at - *last >= TimeDelta::hours(1);
                *last = at;
                if !is_new {
                    continue;
                }
            } else {
                self.0.push((country.clone(), at));
            }
            notices.push(Notice { at, country, prefix: Label::NONE, text: String::new() });
        }
        notices
    }
}
