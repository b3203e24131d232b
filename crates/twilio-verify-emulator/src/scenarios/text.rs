//! The text form of scenarios. The documentation of [`Scenario`] has the grammar.

use std::str::FromStr;

use chrono::TimeDelta;

use crate::scenarios::error::ScenarioError;
use crate::scenarios::scenario::{Begin, Scenario, ScenarioKind};
use crate::time::date::date;

const KIND: &str = "expected pumping, drip, masked, voice, spike, launch or outage, then fields such as \
                    prefix=+99899394";
const FIELD: &str = "unknown; expected prefix, start, for, rate, converted, numbers, carrier, channel or service, each as \
                     name=value";
const START: &str = "expected a duration before or after the emulator's start, such as -6h or 10m, or a date such as 2026-03-02T21:00:00Z";

impl FromStr for Scenario {
    type Err = ScenarioError;

    fn from_str(text: &str) -> Result<Self, ScenarioError> {
        let mut words = text.split_whitespace();
        let kind = words.next().and_then(|word| word.parse::<ScenarioKind>().ok());
        let mut scenario = Self::new(kind.ok_or(ScenarioError::new("kind", KIND))?);
        let mut seen = Vec::new();
        for word in words {
            let (name, value) = word.split_once('=').ok_or(ScenarioError::new("field", FIELD))?;
            let name = scenario.set(name, value)?;
            if seen.contains(&name) {
                return Err(ScenarioError::new(name, "is given twice; leave one out"));
            }
            seen.push(name);
        }
        scenario.check()?;
        Ok(scenario)
    }
}

impl Scenario {
    /// Reads scenarios that are separated by `;` or line breaks. A `#` begins a comment.
    ///
    /// # Errors
    ///
    /// A scenario is invalid. The error names the field, and what is expected.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, ScenarioError> {
        let lines = text.lines().map(|line| line.split_once('#').map_or(line, |(line, _)| line));
        let texts = lines.flat_map(|line| line.split(';')).filter(|text| !text.trim().is_empty());
        texts.map(str::parse).collect()
    }

    /// Sets a field by its name.
    fn set(&mut self, name: &str, value: &str) -> Result<&'static str, ScenarioError> {
        let read = |field, expected| move || ScenarioError::new(field, expected);
        Ok(match name {
            "prefix" => {
                self.prefix = Some(value.to_owned());
                "prefix"
            }
            "start" => {
                self.begin = Some(begin(value).ok_or_else(read("start", START))?);
                "start"
            }
            "for" => {
                let expected = "expected a duration from 1s to 60d, such as 15m, 4h or 2d";
                self.length = Some(duration(value).ok_or_else(read("for", expected))?);
                "for"
            }
            "rate" => {
                let expected = "expected a number above 0 and a unit, such as 600/h, 20/m or 1/s";
                self.rate = Some(rate(value).ok_or_else(read("rate", expected))?);
                "rate"
            }
            "converted" => {
                let expected = "expected a share from 0 to 1, or from 0% to 100%";
                self.converted = Some(share(value).ok_or_else(read("converted", expected))?);
                "converted"
            }
            "numbers" => {
                let expected = "expected sequential or random";
                self.numbers = Some(value.parse().map_err(|_| read("numbers", expected)())?);
                "numbers"
            }
            "carrier" => {
                self.carrier = Some(value.to_owned());
                "carrier"
            }
            "channel" => {
                let expected = "expected one that has numbers: sms, call, whatsapp or rbm";
                self.channel = Some(value.parse().map_err(|_| read("channel", expected)())?);
                "channel"
            }
            "service" => {
                let expected = "expected `VA` and 32 hexadecimal digits";
                self.service = Some(value.parse().map_err(|_| read("service", expected)())?);
                "service"
            }
            _ => return Err(ScenarioError::new("field", FIELD)),
        })
    }
}

fn begin(text: &str) -> Option<Begin> {
    if let Ok(date) = date(text) {
        return Some(Begin::At(date));
    }
    match text.strip_prefix('-') {
        Some(before) => duration(before).map(|before| Begin::After(-before)),
        None => duration(text.strip_prefix('+').unwrap_or(text)).map(Begin::After),
    }
}

/// Parses whole numbers with units: `90s`, `15m`, `4h`, `2d`, `1d12h`.
fn duration(text: &str) -> Option<TimeDelta> {
    let mut rest = text;
    let mut sum = TimeDelta::zero();
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, tail) = rest.split_at_checked(digits)?;
        let number: i64 = number.parse().ok()?;
        let mut tail = tail.chars();
        let part = match tail.next()? {
            's' => TimeDelta::try_seconds(number),
            'm' => TimeDelta::try_minutes(number),
            'h' => TimeDelta::try_hours(number),
            'd' => TimeDelta::try_days(number),
            _ => None,
        };
        sum = sum.checked_add(&part?)?;
        rest = tail.as_str();
    }
    (!text.is_empty()).then_some(sum)
}

/// Parses a rate, and returns the attempts an hour.
fn rate(text: &str) -> Option<f64> {
    let (number, unit) = text.split_once('/')?;
    let an_hour = match unit {
        "d" => 1.0 / 24.0,
        "h" => 1.0,
        "m" | "min" => 60.0,
        "s" => 3600.0,
        _ => return None,
    };
    Some(decimal(number)? * an_hour)
}

fn share(text: &str) -> Option<f64> {
    match text.strip_suffix('%') {
        Some(percent) => Some(decimal(percent)? / 100.0),
        None => decimal(text),
    }
}

/// Parses a number of digits and a point; `parse` alone accepts `inf` and `1e9`.
fn decimal(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.parse().ok().filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::*;
    use crate::scenarios::scenario::ScenarioNumbers;
    use crate::values::channel::Channel;

    #[test]
    fn every_field_is_read() {
        let text = "pumping prefix=+99899394 start=-6h for=1d12h rate=20/m converted=5% numbers=random carrier=43404 \
                    channel=call service=VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        let built = Scenario::new(ScenarioKind::Pumping)
            .prefix("+99899394")
            .start(TimeDelta::hours(-6))
            .length(TimeDelta::hours(36))
            .rate_per_hour(1200.0)
            .converted(0.05)
            .numbers(ScenarioNumbers::Random)
            .carrier("43404")
            .channel(Channel::Call)
            .service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse().unwrap());
        assert_eq!(text.parse(), Ok(built));
        let date = "drip prefix=+1 start=2026-03-02T21:00:00Z".parse::<Scenario>().unwrap();
        assert_eq!(
            date.begin,
            Some(Begin::At(DateTime::from_timestamp(1_772_485_200, 0).unwrap()))
        );
        let all = Scenario::parse_all("drip prefix=+1; # a comment\nvoice prefix=+373 start=10m\n")
            .unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!(all[1].begin, Some(Begin::After(TimeDelta::minutes(10))));
    }

    #[test]
    fn an_error_names_the_field_and_the_remedy() {
        for (text, field, expected) in [
            ("", "kind", "pumping"),
            ("attack", "kind", "pumping"),
            ("pumping", "prefix", "prefix=+99899394"),
            ("pumping prefix=998", "prefix", "`+` and 1 to 11 digits"),
            ("pumping prefix=+998993940000", "prefix", "1 to 11"),
            ("pumping prefix", "field", "name=value"),
            ("pumping prefix=+1 speed=2", "field", "rate"),
            ("pumping prefix=+1 prefix=+2", "prefix", "twice"),
            ("pumping prefix=+1 start=yesterday", "start", "-6h"),
            ("pumping prefix=+1 start=-400d", "start", "366 days"),
            ("pumping prefix=+1 for=0s", "for", "1s to 60d"),
            ("pumping prefix=+1 for=61d", "for", "1s to 60d"),
            ("pumping prefix=+1 for=99999999999999999999h", "for", "4h"),
            ("pumping prefix=+1 for=4", "for", "4h"),
            ("pumping prefix=+1 rate=600", "rate", "600/h"),
            ("pumping prefix=+1 rate=0/h", "rate", "above 0"),
            ("pumping prefix=+1 rate=inf/h", "rate", "600/h"),
            ("pumping prefix=+1 rate=1000/s", "rate", "1,000,000"),
            ("pumping prefix=+1 converted=1.5", "converted", "0 to 1"),
            ("pumping prefix=+1 converted=-1", "converted", "0 to 1"),
            ("pumping prefix=+1 numbers=some", "numbers", "sequential"),
            ("pumping prefix=+1 carrier=4340", "carrier", "43404"),
            ("pumping prefix=+1 channel=email", "channel", "sms"),
            ("pumping prefix=+1 channel=pigeon", "channel", "sms"),
            ("pumping prefix=+1 service=1", "service", "VA"),
            ("outage", "carrier", "43404"),
            ("outage carrier=43404 rate=1/h", "rate", "leave it out"),
            ("outage carrier=43404 numbers=random", "numbers", "leave it out"),
        ] {
            let error = text.parse::<Scenario>().unwrap_err();
            assert_eq!(error.field(), field, "{text}");
            assert!(error.to_string().contains(expected), "{text}: {error}");
        }
        let error = "pumping prefix=+1 channel=+573003003030".parse::<Scenario>().unwrap_err();
        assert!(!error.to_string().contains("573003"), "{error}");
    }
}
