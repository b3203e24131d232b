//! The labels of cells.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The value of a dimension: a text, or nothing for attempts that have no value (the country of an
/// e-mail). `null` in JSON.
///
/// A label takes 16 bytes and is cheap to clone: a text of up to 14 bytes is stored inline, a
/// longer one is shared. Labels are sorted by their bytes, [`NONE`](Self::NONE) first.
///
/// `Debug` doesn't show the prefix of a number, because it may be a whole number.
#[derive(Clone, Default)]
pub struct Label(Text);

/// How many bytes of a text are stored inline.
const SHORT: usize = 14;

#[derive(Clone, Default)]
enum Text {
    #[default]
    None,
    /// The length, and that many bytes of UTF-8.
    Short(u8, [u8; SHORT]),
    /// Behind two pointers, because a pointer to a `str` is twice as large.
    Long(Arc<Box<str>>),
}

impl Label {
    /// The label of attempts that have no value.
    pub const NONE: Self = Self(Text::None);

    /// Returns the value, if there is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Text::None => None,
            // The bytes are a whole text.
            Text::Short(..) => std::str::from_utf8(self.bytes()?).ok(),
            Text::Long(text) => Some(text),
        }
    }

    fn bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Text::None => None,
            Text::Short(length, bytes) => bytes.get(..usize::from(*length)),
            Text::Long(text) => Some(text.as_bytes()),
        }
    }
}

impl From<&str> for Label {
    fn from(text: &str) -> Self {
        let mut bytes = [0; SHORT];
        match (bytes.get_mut(..text.len()), u8::try_from(text.len())) {
            (Some(part), Ok(length)) => {
                part.copy_from_slice(text.as_bytes());
                Self(Text::Short(length, bytes))
            }
            _ => Self(Text::Long(Arc::new(text.into()))),
        }
    }
}

impl From<String> for Label {
    fn from(text: String) -> Self {
        if text.len() <= SHORT {
            Self::from(text.as_str())
        } else {
            Self(Text::Long(Arc::new(text.into())))
        }
    }
}

impl<T: Into<Self>> From<Option<T>> for Label {
    fn from(text: Option<T>) -> Self {
        text.map_or(Self::NONE, Into::into)
    }
}

impl PartialEq for Label {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for Label {}

impl PartialOrd for Label {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Label {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bytes().cmp(&other.bytes())
    }
}

impl Hash for Label {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bytes().hash(state);
    }
}

impl Serialize for Label {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_str().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(Option::<String>::deserialize(deserializer)?))
    }
}

/// Writes the value. A label without a value is written as `-`.
impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str().unwrap_or("-"))
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_str() {
            Some(text) if text.starts_with('+') => f.write_str("\"+…\""),
            Some(text) => fmt::Debug::fmt(text, f),
            None => f.write_str("None"),
        }
    }
}
