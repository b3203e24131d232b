//! Outcomes of sending codes.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The outcome of sending a code to a destination.
///
/// It is chosen per destination, through [`EmulatorBuilder::outcome`](crate::EmulatorBuilder::outcome) or
/// [`Emulator::set_outcome`](crate::Emulator::set_outcome). These *magic numbers* have an outcome by default; the first
/// four are Twilio's test numbers of other APIs, with the same meaning:
///
/// | number | outcome |
/// |---|---|
/// | `+15005550001` | [`InvalidNumber`](Self::InvalidNumber) |
/// | `+15005550003` | [`GeoBlocked`](Self::GeoBlocked) |
/// | `+15005550004` | [`Blocked`](Self::Blocked) |
/// | `+15005550009` | [`Landline`](Self::Landline) |
/// | `+15005550002` | [`Undelivered`](Self::Undelivered) |
/// | `+15005550005` | [`Slow`](Self::Slow), 3 seconds |
/// | `+15005550007` | [`Busy`](Self::Busy) |
/// | `+15005550008` | [`ChannelDisabled`](Self::ChannelDisabled) |
///
/// Any other number, including `+15005550006`, is [`Delivered`](Self::Delivered).
///
/// Serialised, an outcome is its name in snake case; `Slow` is an object, `{"slow": 1500}`, with milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// The code arrives at once.
    #[default]
    Delivered,
    /// The verification starts, but its code never arrives: the outbox has no message, and the attempt's
    /// `message_status` is `undelivered`, or its `call_status` is `no-answer`. With the channel `sna`, the device has
    /// another number.
    Undelivered,
    /// The response is delayed by this time, by the clock of the machine. The code arrives before it.
    Slow(#[serde(with = "milliseconds")] Duration),
    /// The number is a landline: only a call arrives. SMS are rejected with 403/60205 if the service has
    /// `SkipSmsToLandlines` and `LookupEnabled`; otherwise they are undelivered.
    Landline,
    /// Fraud guard rejects SMS with 403/60410, unless the number is on the safe list or `RiskCheck` is `disable`.
    Blocked,
    /// The country is not permitted: calls, and SMS unless `RiskCheck` is `disable`, are rejected with 403/60605.
    GeoBlocked,
    /// The number does not exist: 400/60200.
    InvalidNumber,
    /// Another request for the number is in progress: 429/60212.
    Busy,
    /// The channel is disabled: 400/60223.
    ChannelDisabled,
}

/// The magic numbers, with their outcomes.
const MAGIC: [(&str, Outcome); 8] = [
    ("+15005550001", Outcome::InvalidNumber),
    ("+15005550002", Outcome::Undelivered),
    ("+15005550003", Outcome::GeoBlocked),
    ("+15005550004", Outcome::Blocked),
    ("+15005550005", Outcome::Slow(Duration::from_secs(3))),
    ("+15005550007", Outcome::Busy),
    ("+15005550008", Outcome::ChannelDisabled),
    ("+15005550009", Outcome::Landline),
];

/// The outcomes that were set. They override those of the magic numbers.
#[derive(Clone, Default)]
pub(crate) struct Outcomes(BTreeMap<String, Chosen>);

/// An outcome that was set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub(crate) outcome: Outcome,
    /// Whether the outcome applies to the next send only.
    pub(crate) once: bool,
}

impl Outcomes {
    pub(crate) fn get(&self, to: &str) -> Outcome {
        let magic = || MAGIC.iter().find(|(number, _)| *number == to);
        self.0
            .get(to)
            .map(|chosen| chosen.outcome)
            .or_else(|| magic().map(|(_, outcome)| *outcome))
            .unwrap_or_default()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Sets the outcome of sends to a destination; `None` restores the default.
    pub(crate) fn set(&mut self, to: String, outcome: Option<Outcome>) {
        match outcome {
            Some(outcome) => self.0.insert(to, Chosen { outcome, once: false }),
            None => self.0.remove(&to),
        };
    }

    /// Sets the outcome of the next send to a destination.
    pub(crate) fn set_once(&mut self, to: String, outcome: Outcome) {
        self.0.insert(to, Chosen { outcome, once: true });
    }

    /// Returns the outcome of a send that is made now. An outcome for the next send only is removed.
    pub(crate) fn take(&mut self, to: &str) -> Outcome {
        let outcome = self.get(to);
        if self.0.get(to).is_some_and(|chosen| chosen.once) {
            self.0.remove(to);
        }
        outcome
    }

    /// Returns the outcome that was set for a destination.
    pub(crate) fn chosen(&self, to: &str) -> Option<Chosen> {
        self.0.get(to).copied()
    }

    /// Returns the outcomes that were set, by destination.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, Chosen)> {
        self.0.iter().map(|(to, chosen)| (to.as_str(), *chosen))
    }

    /// Returns the magic numbers, with their outcomes.
    pub(crate) fn magic() -> impl Iterator<Item = (&'static str, Outcome)> {
        MAGIC.into_iter()
    }
}

mod milliseconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        duration: &Duration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_millis)
    }
}

/// The settings of sending that can change at run time.
#[derive(Clone, Default)]
pub(crate) struct Sending {
    /// The code of every new verification; `None` for random codes.
    pub(crate) code: Option<String>,
    pub(crate) outcomes: Outcomes,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_outcome_is_read_as_it_is_written() {
        for (outcome, written) in [
            (Outcome::Delivered, json!("delivered")),
            (Outcome::GeoBlocked, json!("geo_blocked")),
            (Outcome::Slow(Duration::from_millis(1500)), json!({ "slow": 1500 })),
        ] {
            assert_eq!(serde_json::to_value(outcome).unwrap(), written);
            assert_eq!(serde_json::from_value::<Outcome>(written).unwrap(), outcome);
        }
    }

    #[test]
    fn what_is_set_goes_over_magic_and_can_be_taken_back() {
        let mut outcomes = Outcomes::default();
        outcomes.set("+15005550004".into(), Some(Outcome::Delivered));
        assert_eq!(outcomes.get("+15005550004"), Outcome::Delivered);
        outcomes.set("+15005550004".into(), None);
        assert_eq!(outcomes.get("+15005550004"), Outcome::Blocked);
        assert_eq!(outcomes.get("+573003003030"), Outcome::Delivered);
    }

    #[test]
    fn an_outcome_for_the_next_send_is_used_once() {
        let mut outcomes = Outcomes::default();
        outcomes.set_once("+15005550004".into(), Outcome::Busy);
        assert_eq!(outcomes.get("+15005550004"), Outcome::Busy);
        assert_eq!(outcomes.take("+15005550004"), Outcome::Busy);
        assert_eq!(outcomes.take("+15005550004"), Outcome::Blocked);
        outcomes.set("+573003003030".into(), Some(Outcome::Busy));
        assert_eq!(outcomes.take("+573003003030"), Outcome::Busy);
        assert_eq!(outcomes.take("+573003003030"), Outcome::Busy);
    }
}
