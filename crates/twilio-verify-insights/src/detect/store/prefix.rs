//! The first digits of numbers.

use crate::table::label::Label;

/// The first digits of a number: at most eight, so that no finding shows a whole number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Prefix {
    /// The digits, followed by zeros, so that prefixes are sorted by their digits.
    digits: u32,
    length: u8,
}

/// The most digits of a prefix.
pub(crate) const LONGEST: u8 = 8;

impl Prefix {
    /// Returns the first digits of a text that begins with a `+`. Returns an empty prefix for any
    /// other text.
    pub(crate) fn of(block: &Label) -> Self {
        let text = block.as_str().and_then(|text| text.strip_prefix('+')).unwrap_or_default();
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::default();
        }
        let mut prefix = Self::default();
        for byte in text.bytes().take(LONGEST.into()) {
            prefix.digits = prefix.digits * 10 + u32::from(byte - b'0');
            prefix.length += 1;
        }
        prefix.digits *= tens(LONGEST - prefix.length);
        prefix
    }

    /// Returns its first `length` digits; all if it has fewer.
    pub(crate) fn first(self, length: u8) -> Self {
        if length >= self.length {
            return self;
        }
        let tens = tens(LONGEST - length);
        Self { digits: self.digits / tens * tens, length }
    }

    pub(crate) const fn length(self) -> u8 {
        self.length
    }

    /// Returns how many of its first digits are the same as those of `other`.
    pub(crate) fn in_common(self, other: Self) -> u8 {
        let most = self.length.min(other.length);
        (0..=most).rev().find(|length| self.first(*length) == other.first(*length)).unwrap_or(0)
    }

    /// Whether it begins with `other`.
    pub(crate) fn begins_with(self, other: Self) -> bool {
        self.length >= other.length && self.first(other.length) == other
    }

    /// Returns a `+` and the digits, or `Label::NONE` if there are no digits.
    pub(crate) fn label(self) -> Label {
        match self.length {
            0 => Label::NONE,
            length => {
                let digits = self.digits / tens(LONGEST - length);
                Label::from(format!("+{digits:0width$}", width = usize::from(length)))
            }
        }
    }
}

fn tens(exponent: u8) -> u32 {
    10_u32.pow(exponent.min(LONGEST).into())
}

#[cfg(test)]
mod tests {
    use super::Prefix;
    use crate::table::label::Label;

    fn prefix(text: &str) -> Prefix {
        Prefix::of(&Label::from(text))
    }

    #[test]
    fn prefixes_are_cut_compared_and_written() {
        for (text, written) in [
            ("+99899394", "+99899394"),
            ("+998993945", "+99899394"),
            ("+1", "+1"),
            ("+0012", "+0012"),
            ("99899394", "-"),
            ("+", "-"),
            ("+12x", "-"),
            ("", "-"),
        ] {
            assert_eq!(prefix(text).label().to_string(), written, "{text}");
        }
        assert_eq!(prefix("+99899394").first(3), prefix("+998"));
        assert_eq!(prefix("+99899394").in_common(prefix("+99890")), 4);
        assert_eq!(prefix("+10").in_common(prefix("+100")), 2);
        assert!(
            prefix("+998").begins_with(prefix("+99")) && !prefix("+9").begins_with(prefix("+99"))
        );
        assert!(prefix("+10") < prefix("+100") && prefix("+19") < prefix("+2"));
    }
}
