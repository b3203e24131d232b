//! Where an attempt went, packed into eight bytes if it is a phone number.

/// A phone number in E.164 format, or nothing.
///
/// The digits are aligned to the left of 15 places, with their count in the low four bits, so that "begins
/// with" is a range of numbers, and one comparison tells two numbers apart. Zero is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number(pub(crate) u64);

const PLACES: usize = 15;
const COUNT_BITS: u32 = 4;
const COUNT_MASK: u64 = (1 << COUNT_BITS) - 1;

/// The digits of `+` and 1 to 15 digits, aligned to the left of 15 places, and their count.
fn digits(text: &str) -> Option<(u64, u64)> {
    let digits = text.strip_prefix('+')?;
    if !(1..=PLACES).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = digits
        .bytes()
        .fold(0, |value, byte| value * 10 + u64::from(byte - b'0'));
    Some((value * place(digits.len()), digits.len() as u64))
}

/// What the last of `count` digits is worth, aligned to the left.
const fn place(count: usize) -> u64 {
    10_u64.pow((PLACES - count) as u32)
}

impl Number {
    pub(crate) const NONE: Self = Self(0);

    pub(crate) fn parse(text: &str) -> Option<Self> {
        digits(text).map(|(value, count)| Self(value << COUNT_BITS | count))
    }

    /// `+` and the digits; `None` for [`Self::NONE`].
    pub(crate) fn text(self) -> Option<String> {
        let count = (self.0 & COUNT_MASK) as usize;
        (count > 0).then(|| format!("+{:0count$}", (self.0 >> COUNT_BITS) / place(count)))
    }
}

/// `+` and the first 1 to 15 digits of phone numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Prefix {
    first: u64,
    past: u64,
    count: u64,
}

impl Prefix {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (first, count) = digits(text)?;
        Some(Self {
            first,
            past: first + place(count as usize),
            count,
        })
    }

    /// Whether a number begins so. Never true for [`Number::NONE`].
    #[inline]
    pub(crate) const fn matches(self, number: u64) -> bool {
        let value = number >> COUNT_BITS;
        // Not `&&`: this runs in a loop that the compiler should vectorise.
        (value >= self.first) & (value < self.past) & ((number & COUNT_MASK) >= self.count)
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
    fn no_number_has_no_prefix() {
        assert!(!Prefix::parse("+0").unwrap().matches(Number::NONE.0));
    }

    proptest! {
        #[test]
        fn packing_keeps_the_number(text in r"\+[0-9]{1,15}") {
            prop_assert_eq!(Number::parse(&text).unwrap().text().unwrap(), text);
        }

        #[test]
        fn a_prefix_matches_as_text_does(number in r"\+[01]{1,15}", prefix in r"\+[01]{1,5}", cut in 2..16_usize) {
            let own = &number[..cut.min(number.len())];
            let packed = Number::parse(&number).unwrap().0;
            prop_assert!(Prefix::parse(own).unwrap().matches(packed));
            prop_assert_eq!(Prefix::parse(&prefix).unwrap().matches(packed), number.starts_with(&prefix));
        }
    }
}
