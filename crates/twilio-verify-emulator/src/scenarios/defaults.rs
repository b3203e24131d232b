//! The defaults of each kind of scenario.

use chrono::{DateTime, TimeDelta, Utc};

use crate::attempts::sample::SAMPLE_SERVICES;
use crate::scenarios::scenario::{Begin, Scenario, ScenarioKind, ScenarioNumbers};
use crate::time::clock::shifted;
use crate::values::channel::Channel;
use crate::values::sid::ServiceSid;

/// Returns the default length in minutes, attempts an hour, share that converts, and numbers.
const fn defaults(kind: ScenarioKind) -> (i64, f64, f64, ScenarioNumbers) {
    use ScenarioNumbers::{Random, Sequential};
    match kind {
        ScenarioKind::Pumping => (4 * 60, 600.0, 0.0, Sequential),
        ScenarioKind::Drip => (48 * 60, 12.0, 0.0, Random),
        ScenarioKind::Masked => (6 * 60, 200.0, 0.33, Sequential),
        ScenarioKind::Voice => (15, 1200.0, 0.0, Sequential),
        ScenarioKind::Spike => (2 * 60, 1500.0, 0.75, Random),
        ScenarioKind::Launch => (24 * 60, 100.0, 0.75, Random),
        ScenarioKind::Outage => (2 * 60, 0.0, 0.0, Random),
    }
}

impl ScenarioKind {
    /// Whether it is an attack, instead of something that looks like one.
    #[must_use]
    pub const fn is_attack(self) -> bool {
        matches!(self, Self::Pumping | Self::Drip | Self::Masked | Self::Voice)
    }
}

impl Scenario {
    pub(crate) fn length_or_default(&self) -> TimeDelta {
        self.length.unwrap_or_else(|| TimeDelta::minutes(defaults(self.kind).0))
    }

    /// Returns the number of attempts, before rounding.
    pub(crate) fn count(&self) -> f64 {
        let rate = self.rate.unwrap_or(defaults(self.kind).1);
        rate * self.length_or_default().as_seconds_f64() / 3600.0
    }

    pub(crate) fn share(&self) -> f64 {
        self.converted.unwrap_or(defaults(self.kind).2)
    }

    pub(crate) fn numbers_or_default(&self) -> ScenarioNumbers {
        self.numbers.unwrap_or(defaults(self.kind).3)
    }

    pub(crate) fn channel_or_default(&self) -> Channel {
        let is_voice = self.kind == ScenarioKind::Voice;
        self.channel.unwrap_or(if is_voice { Channel::Call } else { Channel::Sms })
    }

    pub(crate) fn service_or_default(&self) -> ServiceSid {
        self.service.unwrap_or(SAMPLE_SERVICES[0])
    }

    /// Returns when the scenario begins and ends, in an emulator that starts now.
    pub(crate) fn window(&self, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
        let length = self.length_or_default();
        let from = match self.begin {
            Some(Begin::After(after)) => shifted(now, after),
            Some(Begin::At(date)) => date,
            None => shifted(now, -length),
        };
        (from, shifted(from, length))
    }
}
