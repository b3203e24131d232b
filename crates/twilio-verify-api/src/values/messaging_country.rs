//! The countries that a messaging configuration applies to.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

#[cfg(feature = "schemas")]
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::check::{self, Blank};
use crate::values::country::{Country, CountryError};
use crate::values::into_value::from_text;

/// The countries of a messaging configuration: one country, or every country without its own
/// configuration.
///
/// ```
/// use twilio_verify_api::{Country, MessagingCountry};
///
/// assert_eq!("CO".parse(), Ok(MessagingCountry::from(Country::CO)));
/// assert_eq!("all".parse(), Ok(MessagingCountry::All));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessagingCountry {
    /// Every country without its own configuration: `all`.
    All,
    /// One country.
    Country(Country),
}

impl MessagingCountry {
    /// Returns the value in requests and responses: `all`, or the country's code.
    pub fn as_str(&self) -> &str {
        match self {
            Self::All => "all",
            Self::Country(country) => country.code(),
        }
    }
}

impl check::Value for MessagingCountry {
    fn fault(&self) -> Option<String> {
        match self {
            Self::All => None,
            Self::Country(country) => country.fault(),
        }
    }
}

impl Blank for MessagingCountry {
    fn blank() -> Self {
        Self::Country(Country::blank())
    }
}

from_text!(MessagingCountry);

impl AsRef<str> for MessagingCountry {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<Country> for MessagingCountry {
    fn from(country: Country) -> Self {
        Self::Country(country)
    }
}

impl FromStr for MessagingCountry {
    type Err = CountryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.eq_ignore_ascii_case(Self::All.as_str()) {
            return Ok(Self::All);
        }
        text.parse().map(Self::Country)
    }
}

impl fmt::Display for MessagingCountry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for MessagingCountry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for MessagingCountry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schemas")]
impl JsonSchema for MessagingCountry {
    fn schema_name() -> Cow<'static, str> {
        "MessagingCountry".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}
