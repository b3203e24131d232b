//! Eight scenarios, with parameters drawn from a seed.

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use twilio_verify_emulator::{Channel, Scenario, ScenarioKind, ScenarioNumbers};

/// A scenario of the benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Case {
    /// Pumping in a country that was not used before.
    NewCountry,
    /// Pumping in a prefix that is in use.
    KnownPrefix,
    /// A few messages an hour, for one day or more.
    Drip,
    /// An attack of which a part converts.
    Masked,
    /// An attack by calls.
    Voice,
    /// No attack: more attempts, which convert as usual.
    Spike,
    /// No attack: a country that is new, and converts.
    Launch,
    /// No attack: messages don't arrive.
    Outage,
}

impl Case {
    /// All cases.
    pub const ALL: [Self; 8] = [
        Self::NewCountry,
        Self::KnownPrefix,
        Self::Drip,
        Self::Masked,
        Self::Voice,
        Self::Spike,
        Self::Launch,
        Self::Outage,
    ];

    /// Returns the name of the case in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NewCountry => "pumping, new country",
            Self::KnownPrefix => "pumping, known prefix",
            Self::Drip => "drip",
            Self::Masked => "masked",
            Self::Voice => "voice",
            Self::Spike => "spike",
            Self::Launch => "launch",
            Self::Outage => "outage",
        }
    }

    /// Returns how many minutes are played, up to the end of the month.
    pub const fn minutes(self) -> i64 {
        if matches!(self, Self::Drip) { 34 * 60 } else { 6 * 60 }
    }
}

/// Countries that the sample does not have: calling code and a network's digits.
const NEW: [&str; 6] = ["+998", "+959", "+373", "+994", "+992", "+996"];

/// Prefixes that the sample has: the digits, and the rate at which an SMS to them usually converts.
const KNOWN: [(&str, f64); 16] = [
    ("+1202555", 0.77),
    ("+1212555", 0.77),
    ("+44770090", 0.78),
    ("+57300000", 0.71),
    ("+57315000", 0.71),
    ("+55119000", 0.72),
    ("+5255000", 0.70),
    ("+9155500", 0.67),
    ("+49176040", 0.80),
    ("+3363998", 0.79),
    ("+3460000", 0.77),
    ("+234803000", 0.59),
    ("+62811000", 0.56),
    ("+63917000", 0.64),
    ("+27820000", 0.68),
    ("+5233000", 0.70),
];

/// Networks that fail: MCC and MNC.
const NETWORKS: [&str; 8] =
    ["310260", "23410", "732101", "72406", "334020", "405857", "26201", "20801"];

/// Draws a number between `low` and `high`, evenly by orders of magnitude.
fn between(random: &mut Rng, low: f64, high: f64) -> f64 {
    (low.ln() + random.f64() * (high.ln() - low.ln())).exp()
}

fn minutes(count: f64) -> TimeDelta {
    TimeDelta::seconds((60.0 * count) as i64)
}

impl Case {
    /// Returns the scenario in a month that ends at `end`.
    pub fn scenario(self, seed: u64, end: DateTime<Utc>) -> Scenario {
        let mut random = Rng::with_seed(seed.wrapping_mul(8).wrapping_add(self as u64));
        let random = &mut random;
        let numbers = [ScenarioNumbers::Sequential, ScenarioNumbers::Random];
        let numbers = numbers[random.usize(0..2)];
        let (known, usual) = KNOWN[random.usize(0..KNOWN.len())];
        let new = NEW[random.usize(0..NEW.len())];
        // A block of 10,000 numbers, or several of them.
        let digits = random.usize(1..=8 - (new.len() - 1));
        let new: String =
            new.chars().chain((0..digits).map(|_| char::from(b'0' + random.u8(0..10)))).collect();
        let any = if random.bool() { new.as_str() } else { known };
        let (kind, prefix, rate, length, converted) = match self {
            Self::NewCountry | Self::KnownPrefix => {
                let prefix = if self == Self::NewCountry { &new } else { known };
                let rate = between(random, 60.0, 3600.0);
                (ScenarioKind::Pumping, prefix, rate, between(random, 15.0, 240.0), 0.0)
            }
            Self::Drip => {
                let hours = 24.0 + random.f64() * 6.0;
                (ScenarioKind::Drip, any, between(random, 5.0, 30.0), 60.0 * hours, 0.0)
            }
            Self::Masked => {
                let converted = 0.2 + 0.2 * random.f64();
                let rate = between(random, 60.0, 1200.0);
                (ScenarioKind::Masked, any, rate, between(random, 60.0, 240.0), converted)
            }
            Self::Voice => {
                let rate = between(random, 300.0, 2400.0);
                (ScenarioKind::Voice, any, rate, between(random, 10.0, 60.0), 0.0)
            }
            Self::Spike => {
                let converted = usual - 0.05 + 0.1 * random.f64();
                let rate = between(random, 120.0, 3600.0);
                (ScenarioKind::Spike, known, rate, between(random, 30.0, 240.0), converted)
            }
            Self::Launch => {
                let converted = 0.6 + 0.2 * random.f64();
                let rate = between(random, 20.0, 300.0);
                (ScenarioKind::Launch, new.as_str(), rate, between(random, 120.0, 240.0), converted)
            }
            Self::Outage => (ScenarioKind::Outage, "", 0.0, between(random, 60.0, 240.0), 0.0),
        };
        let length = minutes(length.floor());
        // It ends over an hour before the month, so that its end can be noticed.
        let room = TimeDelta::minutes(self.minutes() - 90) - length;
        let room = room.num_seconds().max(1);
        let start = end - minutes(80.0) - length - TimeDelta::seconds(random.i64(0..room));
        let scenario = Scenario::new(kind).start_at(start).length(length);
        if self == Self::Outage {
            return scenario.carrier(NETWORKS[random.usize(0..NETWORKS.len())]);
        }
        let scenario = scenario.prefix(prefix).rate_per_hour(rate).converted(converted);
        let numbers = if matches!(self, Self::Spike | Self::Launch) {
            ScenarioNumbers::Random
        } else {
            numbers
        };
        let channel = if self == Self::Voice { Channel::Call } else { Channel::Sms };
        scenario.numbers(numbers).channel(channel)
    }
}
