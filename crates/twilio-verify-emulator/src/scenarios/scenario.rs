//! Scenarios: events among an emulator's attempts.

use chrono::{DateTime, TimeDelta, Utc};

use crate::scenarios::error::ScenarioError;
use crate::values::api_enum::api_enum;
use crate::values::channel::Channel;
use crate::values::sid::ServiceSid;

api_enum! {
    /// The kind of event in a [`Scenario`].
    ScenarioKind: "pumping, drip, masked, voice, spike, launch or outage" {
        /// An attack: many messages to adjacent numbers of one block, none of which converts.
        Pumping = "pumping",
        /// An attack: a few messages an hour, for days.
        Drip = "drip",
        /// An attack of which a third converts, so that the rate alone does not show it.
        Masked = "masked",
        /// An attack by calls.
        Voice = "voice",
        /// Not an attack: many more attempts than usual, such as after an advertisement, that convert as usual.
        Spike = "spike",
        /// Not an attack: a product launches in a country, and attempts convert.
        Launch = "launch",
        /// Not an attack: messages and calls to a network or a prefix don't arrive. It adds no attempts, but changes
        /// existing ones.
        Outage = "outage"
    }
}

api_enum! {
    /// The numbers that the attempts of a [`Scenario`] go to.
    ScenarioNumbers: "sequential or random" {
        /// Consecutive numbers.
        Sequential = "sequential",
        /// Random numbers with the prefix.
        Random = "random"
    }
}

/// The start of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Begin {
    /// A time after the emulator's start, or before it if negative.
    After(TimeDelta),
    At(DateTime<Utc>),
}

/// An attack, or an event that looks like one, among the attempts of an emulator: in the past, or while its clock runs.
///
/// Pass it to [`EmulatorBuilder::scenario`](crate::EmulatorBuilder::scenario);
/// [`Emulator::truth`](crate::Emulator::truth) reports what it generated. The text form is its kind, and fields
/// separated by spaces:
///
/// ```text
/// pumping prefix=+99899394 start=-6h for=4h rate=600/h converted=0 numbers=sequential carrier=43404 channel=sms
/// ```
///
/// | field | meaning | default |
/// |---|---|---|
/// | `prefix` | the first digits of the numbers: `+` and 1 to 11 digits | required; of an outage, all numbers |
/// | `start` | when it begins: `-6h` and `10m` are relative to the emulator's start; or a date, `2026-03-02T21:00:00Z` | as long ago as it takes |
/// | `for` | how long it takes: `15m`, `4h`, `2d` | by kind |
/// | `rate` | attempts an hour, a minute or a second: `600/h`, `20/m`, `1/s` | by kind |
/// | `converted` | the share that converts, 0 to 1, or `33%`; of an outage, the share that still arrives | by kind |
/// | `numbers` | `sequential` or `random` | by kind |
/// | `carrier` | the network: MCC and MNC, 5 or 6 digits; of an outage, the one that fails | one of the country's; of an outage, all |
/// | `channel` | `sms`, `call`, `whatsapp` or `rbm` | `sms`, and `call` of `voice`; of an outage, all of these |
/// | `service` | the SID of a service | the first of [`SAMPLE_SERVICES`](crate::SAMPLE_SERVICES); of an outage, all |
///
/// | kind | `for` | `rate` | `converted` | `numbers` |
/// |---|---|---|---|---|
/// | `pumping` | 4h | 600/h | 0 | `sequential` |
/// | `drip` | 48h | 12/h | 0 | `random` |
/// | `masked` | 6h | 200/h | 0.33 | `sequential` |
/// | `voice` | 15m | 1200/h | 0 | `sequential` |
/// | `spike` | 2h | 1500/h | 0.75 | `random` |
/// | `launch` | 24h | 100/h | 0.75 | `random` |
/// | `outage` | 2h | none | 0 | none |
///
/// If a code is submitted, this happens 8 to 95 seconds after its attempt. A scenario generates up to a million
/// attempts; the same seed generates the same ones.
///
/// ```
/// use twilio_verify_emulator::{Scenario, ScenarioKind};
///
/// let text: Scenario = "pumping prefix=+99899394 start=-6h rate=20/m".parse()?;
/// let built = Scenario::new(ScenarioKind::Pumping)
///     .prefix("+99899394")
///     .start(chrono::TimeDelta::hours(-6))
///     .rate_per_hour(1200.0);
/// assert_eq!(text, built);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a scenario does nothing until it is given to a builder"]
pub struct Scenario {
    pub(crate) kind: ScenarioKind,
    pub(crate) prefix: Option<String>,
    pub(crate) begin: Option<Begin>,
    pub(crate) length: Option<TimeDelta>,
    /// Attempts an hour.
    pub(crate) rate: Option<f64>,
    pub(crate) converted: Option<f64>,
    pub(crate) numbers: Option<ScenarioNumbers>,
    pub(crate) carrier: Option<String>,
    pub(crate) channel: Option<Channel>,
    pub(crate) service: Option<ServiceSid>,
}

impl Scenario {
    /// The maximum number of attempts of a scenario.
    pub(crate) const MOST: f64 = 1_000_000.0;

    /// Creates a scenario with the defaults of its kind.
    pub fn new(kind: ScenarioKind) -> Self {
        Self {
            kind,
            prefix: None,
            begin: None,
            length: None,
            rate: None,
            converted: None,
            numbers: None,
            carrier: None,
            channel: None,
            service: None,
        }
    }

    /// Sets the first digits of the numbers: `+` and 1 to 11 digits.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = Some(prefix.into());
        self
    }

    /// Sets when the scenario begins, relative to the emulator's start; negative is before it.
    pub fn start(mut self, after: TimeDelta) -> Self {
        self.begin = Some(Begin::After(after));
        self
    }

    /// Sets when the scenario begins.
    pub fn start_at(mut self, date: DateTime<Utc>) -> Self {
        self.begin = Some(Begin::At(date));
        self
    }

    /// Sets the duration: a second to 60 days.
    pub fn length(mut self, length: TimeDelta) -> Self {
        self.length = Some(length);
        self
    }

    /// Sets the number of attempts an hour.
    pub fn rate_per_hour(mut self, rate: f64) -> Self {
        self.rate = Some(rate);
        self
    }

    /// Sets the share that converts: 0 to 1.
    pub fn converted(mut self, share: f64) -> Self {
        self.converted = Some(share);
        self
    }

    /// Sets which numbers the attempts go to.
    pub fn numbers(mut self, numbers: ScenarioNumbers) -> Self {
        self.numbers = Some(numbers);
        self
    }

    /// Sets the network: its MCC and MNC, 5 or 6 digits.
    pub fn carrier(mut self, carrier: impl Into<String>) -> Self {
        self.carrier = Some(carrier.into());
        self
    }

    /// Sets the channel. [`Channel::Email`] is not allowed, as it has no numbers.
    pub fn channel(mut self, channel: Channel) -> Self {
        self.channel = Some(channel);
        self
    }

    /// Sets the service that sends.
    pub fn service(mut self, service: ServiceSid) -> Self {
        self.service = Some(service);
        self
    }

    /// Checks every field, and their combination.
    pub(crate) fn check(&self) -> Result<(), ScenarioError> {
        let error = |field, problem| Err(ScenarioError::new(field, problem));
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let is_outage = self.kind == ScenarioKind::Outage;
        match self.prefix.as_deref() {
            None if is_outage => {}
            None => {
                return error(
                    "prefix",
                    "is missing; write the first digits, such as prefix=+99899394",
                );
            }
            Some(prefix) => match prefix.strip_prefix('+') {
                Some(digits) if (1..=11).contains(&digits.len()) && are_digits(digits) => {}
                _ => return error("prefix", "expected `+` and 1 to 11 digits, such as +99899394"),
            },
        }
        if self
            .carrier
            .as_deref()
            .is_some_and(|code| !matches!(code.len(), 5 | 6) || !are_digits(code))
        {
            return error("carrier", "expected an MCC and an MNC, 5 or 6 digits, such as 43404");
        }
        if self.channel == Some(Channel::Email) {
            return error("channel", "expected one that has numbers: sms, call, whatsapp or rbm");
        }
        if self.converted.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
            return error("converted", "expected a share from 0 to 1, or from 0% to 100%");
        }
        let longest = TimeDelta::days(60);
        if self.length.is_some_and(|length| length < TimeDelta::seconds(1) || length > longest) {
            return error("for", "expected a duration from 1s to 60d, such as 4h");
        }
        if matches!(self.begin, Some(Begin::After(after)) if after.abs() > TimeDelta::days(366)) {
            return error(
                "start",
                "expected at most 366 days before or after the emulator's start",
            );
        }
        if is_outage && self.rate.is_some() {
            return error("rate", "an outage makes no attempts; leave it out");
        }
        if is_outage && self.numbers.is_some() {
            return error("numbers", "an outage makes no attempts; leave it out");
        }
        if is_outage && self.prefix.is_none() && self.carrier.is_none() {
            return error(
                "carrier",
                "is missing; write the network that fails, such as carrier=43404, or a prefix",
            );
        }
        if self.rate.is_some_and(|rate| !rate.is_finite() || rate <= 0.0) {
            return error(
                "rate",
                "expected a number above 0 and a unit, such as 600/h, 20/m or 1/s",
            );
        }
        if self.count() > Self::MOST {
            return error(
                "rate",
                "makes more than 1,000,000 attempts; choose a lower one, or a shorter `for`",
            );
        }
        Ok(())
    }
}
