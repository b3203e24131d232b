//! Enums of values that the API writes in lower case.

/// An error: a text is not one of the expected values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown value: expected one of {expected}")]
pub struct UnknownValue {
    expected: &'static str,
}

impl UnknownValue {
    /// Creates an error. `expected` lists the values, separated by commas.
    pub(crate) const fn new(expected: &'static str) -> Self {
        Self { expected }
    }
}

/// Defines an enum of values that the API writes in lower case.
macro_rules! api_enum {
    ($(#[$doc:meta])* $name:ident: $expected:literal { $($(#[$value_doc:meta])* $value:ident = $text:literal),+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$value_doc])* $value),+
        }

        impl $name {
            /// Every value, in the API's order.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];

            /// Returns the value as the API writes it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$value => $text),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::values::api_enum::UnknownValue;

            /// Reads a value as the API writes it, in lower case.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$value),)+
                    _ => Err(crate::values::api_enum::UnknownValue::new($expected)),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow::<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

pub(crate) use api_enum;
