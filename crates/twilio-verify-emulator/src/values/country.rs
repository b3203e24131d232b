//! Countries by their two-letter codes.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// A country by its ISO 3166-1 alpha-2 code in upper case, such as `CO`. Kosovo is `XK`, by convention.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// An error: a text is not the ISO 3166-1 alpha-2 code of a country.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a country: expected an ISO 3166-1 alpha-2 code in upper case, such as `CO`")]
pub struct UnknownCountry;

impl Country {
    /// Returns all countries, by their codes.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let letters = b'A'..=b'Z';
        let codes = letters
            .clone()
            .flat_map(move |first| letters.clone().map(move |second| [first, second]));
        codes.filter_map(|code| std::str::from_utf8(&code).ok()?.parse().ok())
    }

    /// Returns the two letters, in upper case.
    #[must_use]
    pub fn code(&self) -> &str {
        // The bytes are ASCII letters.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Country {
    type Err = UnknownCountry;

    /// Reads a code in upper case.
    fn from_str(text: &str) -> Result<Self, UnknownCountry> {
        match *text.as_bytes() {
            [first @ b'A'..=b'Z', second @ b'A'..=b'Z']
                if celes::Country::from_alpha2(text).is_ok() =>
            {
                Ok(Self([first, second]))
            }
            _ => Err(UnknownCountry),
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_of_countries_are_read() {
        for code in ["CO", "US", "GB", "DE", "ZA", "AX"] {
            assert_eq!(code.parse::<Country>().unwrap().to_string(), code);
        }
        for text in ["", "C", "co", "Co", "COL", "ZZ", "XX", "UK", "EU", "C\u{d4}", "57", "  "] {
            assert!(text.parse::<Country>().is_err(), "{text}");
        }
    }
}
