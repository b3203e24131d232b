//! The modes in which an archive keeps numbers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::numbers::destination::Destination;
use crate::numbers::key::{Key, KeyId};

/// What an archive keeps of phone numbers and e-mail addresses. Twilio deletes them after 30 days.
///
/// An archive has one mode, and with [`Prefix`](Self::Prefix) one key.
#[derive(Clone, Debug)]
pub enum Numbers {
    /// Full numbers and addresses.
    Full,
    /// Numbers without their last four digits and the domains of e-mail addresses, each with a hash
    /// that shows whether two attempts went to the same one: HMAC-SHA-256 with the key, truncated
    /// to 128 bits. A text of another form is only hashed.
    Prefix(Key),
    /// Nothing.
    None,
}

/// [`Numbers`] without the key: what an archive records. Written as `full`, `prefix:` and the
/// [id](Key::id) of the key, or `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumbersMode {
    /// See [`Numbers::Full`].
    Full,
    /// See [`Numbers::Prefix`].
    Prefix(KeyId),
    /// See [`Numbers::None`].
    None,
}

/// The kept part and the hash of a destination.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) text: Option<Box<str>>,
    pub(crate) hash: Option<Box<str>>,
}

impl Numbers {
    /// Returns the mode.
    pub fn mode(&self) -> NumbersMode {
        match self {
            Self::Full => NumbersMode::Full,
            Self::Prefix(key) => NumbersMode::Prefix(key.id()),
            Self::None => NumbersMode::None,
        }
    }

    pub(crate) fn keep(&self, to: &str) -> Kept {
        match self {
            Self::Full => Kept { text: Some(to.into()), hash: None },
            Self::None => Kept::default(),
            Self::Prefix(key) => {
                let destination = Destination::of(to);
                // Without the scheme, as several channels reach the same number.
                let hash = match destination {
                    Destination::Number { digits, .. } => key.hash(digits),
                    Destination::Email { .. } => key.hash(&to.to_lowercase()),
                    Destination::Other => key.hash(to),
                };
                Kept {
                    text: destination.cut().map(String::into_boxed_str),
                    hash: Some(hash.into_boxed_str()),
                }
            }
        }
    }
}

impl NumbersMode {
    /// Returns the value of the program's `--numbers`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Prefix(_) => "prefix",
            Self::None => "none",
        }
    }
}

impl fmt::Display for NumbersMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prefix(id) => write!(f, "prefix:{id}"),
            Self::Full | Self::None => f.write_str(self.as_str()),
        }
    }
}

/// The error for a text that is not a mode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown mode of numbers; one of full, prefix and the id of a key, none")]
pub struct ParseNumbersModeError;

impl FromStr for NumbersMode {
    type Err = ParseNumbersModeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            None if text == "full" => Ok(Self::Full),
            None if text == "none" => Ok(Self::None),
            Some(("prefix", id)) => id.parse().map(Self::Prefix).map_err(|_| ParseNumbersModeError),
            _ => Err(ParseNumbersModeError),
        }
    }
}

impl Serialize for NumbersMode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for NumbersMode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
