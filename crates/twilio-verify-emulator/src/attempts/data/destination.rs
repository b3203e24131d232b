//! The destination of an attempt, in eight bytes.

use std::str::FromStr;

/// The destination of an attempt: a phone number in E.164 format, the number of another text, or nothing.
///
/// Phone numbers are encoded as in [`Number`], so that numbers with a common prefix are adjacent. No destination sorts
/// before all of them, other texts after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Destination(u64);

/// The bit that is set in all texts, and in no phone number.
const TEXT: u64 = 1 << 63;

impl Destination {
    pub(crate) const NONE: Self = Self(0);

    pub(crate) const fn of_text(index: u32) -> Self {
        Self(TEXT | index as u64)
    }

    /// Returns the index of the text, if the destination is not a phone number.
    pub(crate) const fn text(self) -> Option<u32> {
        if self.0 & TEXT == 0 {
            None
        } else {
            // The lower half, as `of_text` stored it.
            Some(self.0 as u32)
        }
    }

    pub(crate) const fn number(self) -> Option<Number> {
        if self.0 == 0 || self.0 & TEXT != 0 { None } else { Some(Number(self.0)) }
    }
}

impl From<Number> for Destination {
    fn from(number: Number) -> Self {
        Self(number.0)
    }
}

/// A phone number in E.164 format.
///
/// The digits are aligned to the left of 15 places, with their count in the low four bits. A prefix is therefore a
/// range of numbers, and one comparison orders two numbers. It is never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number(u64);

const PLACES: usize = 15;
const COUNT_BITS: u32 = 4;
const COUNT_MASK: u64 = (1 << COUNT_BITS) - 1;

/// Reads `+` and 1 to 15 digits. Returns the digits, aligned to the left of 15 places, and their count.
fn digits(text: &str) -> Option<(u64, u64)> {
    let digits = text.strip_prefix('+')?;
    if !(1..=PLACES).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = digits.bytes().fold(0, |value, byte| value * 10 + u64::from(byte - b'0'));
    Some((value * place(digits.len()), digits.len() as u64))
}

/// Returns the value of a 1 in the last of `count` digits, aligned to the left.
const fn place(count: usize) -> u64 {
    10_u64.pow((PLACES - count) as u32)
}

impl Number {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        digits(text).map(|(value, count)| Self(value << COUNT_BITS | count))
    }

    /// Returns `+` and the digits.
    pub(crate) fn text(self) -> String {
        let count = (self.0 & COUNT_MASK) as usize;
        format!("+{:0count$}", (self.0 >> COUNT_BITS) / place(count))
    }
}

/// A prefix of phone numbers: `+` and the first 1 to 15 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Prefix {
    first: Destination,
    past: Destination,
}

/// A text is not a prefix of phone numbers.
#[derive(Debug)]
pub(crate) struct InvalidPrefix;

impl FromStr for Prefix {
    type Err = InvalidPrefix;

    fn from_str(text: &str) -> Result<Self, InvalidPrefix> {
        Self::parse(text).ok_or(InvalidPrefix)
    }
}

impl Prefix {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (value, count) = digits(text)?;
        let past = value + place(count as usize);
        Some(Self {
            // Numbers with this value and fewer digits than the prefix come first: their digits end earlier, and zeros
            // follow. No other value in the range has fewer digits.
            first: Destination(value << COUNT_BITS | count),
            past: Destination(past << COUNT_BITS),
        })
    }

    /// Returns the least destination with this prefix.
    pub(crate) const fn first(self) -> Destination {
        self.first
    }

    /// Returns the least destination after those with this prefix.
    pub(crate) const fn past(self) -> Destination {
        self.past
    }

    /// Whether a destination has this prefix. Only phone numbers do.
    pub(crate) fn matches(self, to: Destination) -> bool {
        self.first <= to && to < self.past
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "+",
            "573003003030",
            " 573003003030",
            "+57 300",
            "+1234567890123456",
            "+٣",
            "a@b.c",
            "++1",
        ] {
            assert_eq!(Number::parse(text), None, "{text}");
            assert_eq!(Prefix::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_number_has_no_prefix() {
        for prefix in ["+0", "+9", "+999999999999999"].map(|prefix| Prefix::parse(prefix).unwrap())
        {
            for to in [Destination::NONE, Destination::of_text(0), Destination::of_text(u32::MAX)] {
                assert!(!prefix.matches(to));
            }
        }
        assert_eq!(Destination::of_text(7).text(), Some(7));
    }

    proptest! {
        #[test]
        fn packing_keeps_the_number(text in r"\+[0-9]{1,15}") {
            prop_assert_eq!(Number::parse(&text).unwrap().text(), text);
        }

        #[test]
        fn a_prefix_matches_as_text_does(number in r"\+[01]{1,15}", prefix in r"\+[01]{1,5}", cut in 2..16_usize) {
            let own = &number[..cut.min(number.len())];
            let packed = Number::parse(&number).unwrap().into();
            prop_assert!(Prefix::parse(own).unwrap().matches(packed));
            prop_assert_eq!(Prefix::parse(&prefix).unwrap().matches(packed), number.starts_with(&prefix));
        }
    }
}
