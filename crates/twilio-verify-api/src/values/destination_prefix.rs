//! Prefixes of phone numbers.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

#[cfg(feature = "schemas")]
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::check;
use crate::values::into_value::from_text;

/// The prefix of a phone number in E.164 format: `+` and 1 to 15 digits, such as `+57305`.
///
/// `Debug` doesn't show it, because it may be a whole number.
///
/// ```
/// use twilio_verify_api::DestinationPrefix;
///
/// let prefix: DestinationPrefix = "+57305".parse()?;
/// assert_eq!(prefix.as_str(), "+57305");
/// assert!("57305".parse::<DestinationPrefix>().is_err());
/// # Ok::<(), twilio_verify_api::DestinationPrefixError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct DestinationPrefix(String);

impl DestinationPrefix {
    /// Returns the prefix, with its `+`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a string is not the prefix of a phone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DestinationPrefixError {
    fault: &'static str,
}

impl fmt::Display for DestinationPrefixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "not a destination prefix: {}; expected `+` and the first 1 to 15 digits of a number \
             in E.164 format, such as +57305",
            self.fault
        )
    }
}

impl std::error::Error for DestinationPrefixError {}

impl FromStr for DestinationPrefix {
    type Err = DestinationPrefixError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fault = match text.strip_prefix('+') {
            Some(digits) if check::is_number(digits) => return Ok(Self(text.to_owned())),
            Some("") => "there are no digits after `+`",
            Some(digits) if digits.starts_with('0') => "no country code begins with 0",
            Some(digits) if digits.bytes().all(|digit| digit.is_ascii_digit()) => {
                "it has more than 15 digits"
            }
            Some(_) => "it contains other characters than digits",
            None => "it does not begin with `+`",
        };
        Err(DestinationPrefixError { fault })
    }
}

impl fmt::Debug for DestinationPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DestinationPrefix([redacted])")
    }
}

impl<'de> Deserialize<'de> for DestinationPrefix {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schemas")]
impl JsonSchema for DestinationPrefix {
    fn schema_name() -> Cow<'static, str> {
        "DestinationPrefix".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^\\+[1-9][0-9]{0,14}$" })
    }
}

from_text!(DestinationPrefix);

impl check::Value for DestinationPrefix {}

impl check::Blank for DestinationPrefix {
    fn blank() -> Self {
        Self(String::new())
    }
}
