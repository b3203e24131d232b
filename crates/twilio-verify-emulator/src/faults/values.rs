//! Values of a fault with a text form: `50ms..200ms`, `1..3`, `reset-midway`.

use std::fmt;
use std::ops::{Bound, RangeBounds, RangeInclusive};
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The longest delay of a fault.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Reads a whole number; `parse` alone accepts `+5`.
pub(crate) fn whole<T: FromStr>(text: &str) -> Option<T> {
    let digits = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    digits.and_then(|text| text.parse().ok())
}

/// A string, or a number instead.
#[derive(Deserialize)]
#[serde(untagged)]
enum Word {
    Number(u64),
    Text(String),
}

/// Implements the JSON form of a type by its text form.
macro_rules! by_its_text {
    ($($name:ident)+) => {$(
        impl TryFrom<Word> for $name {
            type Error = &'static str;

            fn try_from(word: Word) -> Result<Self, &'static str> {
                match word {
                    Word::Number(number) => number.to_string().parse(),
                    Word::Text(text) => text.parse(),
                }
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }
    )+};
}

by_its_text!(EffectKind Span Requests);

/// The effect of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Word", into = "String")]
pub(crate) enum EffectKind {
    Latency,
    Slow,
    Status(u16),
    Reset,
    ResetMidway,
    Close,
    Truncate,
}

const WORDS: [(EffectKind, &str); 6] = [
    (EffectKind::Latency, "latency"),
    (EffectKind::Slow, "slow"),
    (EffectKind::Reset, "reset"),
    (EffectKind::ResetMidway, "reset-midway"),
    (EffectKind::Close, "close"),
    (EffectKind::Truncate, "truncate"),
];

impl FromStr for EffectKind {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some((kind, _)) = WORDS.iter().find(|(_, word)| *word == text) {
            return Ok(*kind);
        }
        let status = whole(text);
        status
            .filter(|status| (400..=599).contains(status))
            .map(Self::Status)
            .ok_or(
                "expected a status from 400 to 599, `latency`, `slow`, `reset`, `reset-midway`, `close` or \
                 `truncate`",
            )
    }
}

impl fmt::Display for EffectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => status.fmt(f),
            kind => WORDS
                .iter()
                .find(|(of, _)| of == kind)
                .map_or(Ok(()), |(_, word)| f.write_str(word)),
        }
    }
}

/// A duration, or a range of durations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Word", into = "String")]
pub(crate) struct Span {
    pub(crate) least: Duration,
    pub(crate) most: Duration,
}

impl Span {
    pub(crate) const fn of(duration: Duration) -> Self {
        Self { least: duration, most: duration }
    }

    pub(crate) fn between(range: RangeInclusive<Duration>) -> Self {
        let (least, most) = range.into_inner();
        Self { least, most }
    }

    /// Whether the span is a valid delay.
    pub(crate) fn is_sound(self) -> bool {
        self.least <= self.most && self.most <= LONGEST
    }
}

impl FromStr for Span {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (least, most) = text.split_once("..").unwrap_or((text, text));
        let duration = |text: &str| humantime::parse_duration(text.trim()).ok();
        let span = duration(least).zip(duration(most));
        span.map(|(least, most)| Self { least, most })
            .filter(|span| span.is_sound())
            .ok_or("expected durations of at most a day, such as 50ms or 50ms..200ms")
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        humantime::format_duration(self.least).fmt(f)?;
        if self.least == self.most {
            return Ok(());
        }
        write!(f, "..{}", humantime::format_duration(self.most))
    }
}

/// A range of the requests that a fault matches; the first is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Word", into = "String")]
pub(crate) struct Requests {
    pub(crate) first: u64,
    pub(crate) last: Option<u64>,
}

impl Requests {
    pub(crate) fn of(range: impl RangeBounds<u64>) -> Self {
        let first = match range.start_bound() {
            Bound::Included(first) => *first,
            Bound::Excluded(before) => before.saturating_add(1),
            Bound::Unbounded => 1,
        };
        let last = match range.end_bound() {
            Bound::Included(last) => Some(*last),
            Bound::Excluded(end) => Some(end.saturating_sub(1)),
            Bound::Unbounded => None,
        };
        Self { first, last }
    }

    /// Whether the range can contain a request.
    pub(crate) fn is_sound(self) -> bool {
        self.first > 0 && self.last.is_none_or(|last| last >= self.first)
    }
}

impl FromStr for Requests {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |text: &str| whole(text.trim());
        let requests = match text.split_once("..") {
            None => number(text).map(|only| (only, Some(only))),
            Some((first, "")) => number(first).map(|first| (first, None)),
            Some((first, last)) => {
                number(first).and_then(|first| Some((first, Some(number(last)?))))
            }
        };
        let requests = requests.map(|(first, last)| Self { first, last });
        requests
            .filter(|requests| requests.is_sound())
            .ok_or("expected request numbers from 1, such as 3, 1..3 (three requests) or 4..")
    }
}

impl fmt::Display for Requests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.last {
            Some(last) if last == self.first => last.fmt(f),
            Some(last) => write!(f, "{}..{last}", self.first),
            None => write!(f, "{}..", self.first),
        }
    }
}
