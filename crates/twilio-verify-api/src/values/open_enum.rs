//! Enums that keep unknown values.

use std::fmt;

/// Why a text is not a value of an enum: this version of the crate doesn't know it.
///
/// ```
/// use twilio_verify_api::types::ConversionStatus;
///
/// let error = "convertd".parse::<ConversionStatus>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "not a known conversion status: expected `converted` or `unconverted`; for a value that \
///      is newer than this version use ConversionStatus::Unknown"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownValueError {
    noun: &'static str,
    name: &'static str,
    values: &'static [&'static str],
}

impl UnknownValueError {
    pub(crate) fn new(
        noun: &'static str,
        name: &'static str,
        values: &'static [&'static str],
    ) -> Self {
        Self { noun, name, values }
    }

    /// Returns the known values.
    pub fn expected(&self) -> &'static [&'static str] {
        self.values
    }
}

impl fmt::Display for UnknownValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a known {}: expected ", self.noun)?;
        for (index, value) in self.values.iter().enumerate() {
            let between = match index {
                0 => "",
                _ if index + 1 == self.values.len() => " or ",
                _ => ", ",
            };
            write!(f, "{between}`{value}`")?;
        }
        write!(f, "; for a value that is newer than this version use {}::Unknown", self.name)
    }
}

impl std::error::Error for UnknownValueError {}

/// Defines an enum of the document's values, with one more variant for all others.
macro_rules! open_enum {
    ($(#[$doc:meta])* $name:ident, $noun:literal { $($variant:ident = $value:literal,)* }) => {
        $(#[$doc])*
        ///
        /// `FromStr` rejects a value that is not listed; in a response it is kept as
        /// [`Unknown`](Self::Unknown). Case is ignored.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", $value, "`")]
                $variant,
            )*
            /// A value that this version doesn't know, as it was received.
            Unknown(String),
        }

        impl $name {
            /// All values that this version knows.
            pub const VALUES: &'static [&'static str] = &[$($value),*];

            /// Returns the value as it is written in requests and responses.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unknown(value) => value,
                }
            }

            /// Returns the variant of a received value.
            fn received(value: &str) -> Self {
                // Values may differ only in case, so exact matches come first.
                match value {
                    $($value => return Self::$variant,)*
                    _ => {}
                }
                $(
                    if value.eq_ignore_ascii_case($value) {
                        return Self::$variant;
                    }
                )*
                Self::Unknown(value.to_owned())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::values::open_enum::UnknownValueError;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                match Self::received(value) {
                    Self::Unknown(_) => Err($crate::values::open_enum::UnknownValueError::new(
                        $noun,
                        stringify!($name),
                        Self::VALUES,
                    )),
                    known => Ok(known),
                }
            }
        }

        impl $crate::check::Value for $name {
            fn fault(&self) -> Option<String> {
                self.as_str().is_empty().then(|| "it is empty".to_owned())
            }
        }

        impl $crate::check::Blank for $name {
            fn blank() -> Self {
                Self::Unknown(String::new())
            }
        }

        $crate::values::into_value::from_text!($name);

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                let value = <::std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                Ok(Self::received(&value))
            }
        }

        impl<'de> $crate::response::lenient::Lenient<'de> for $name {
            fn lenient<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Option<Self>, D::Error> {
                let value = $crate::response::lenient::text(deserializer)?;
                let value = value.map(|value| Self::received(&value));
                Ok(value.filter(|value| !matches!(value, Self::Unknown(value) if value.is_empty())))
            }
        }

        #[cfg(feature = "schemas")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({ "type": "string", "examples": Self::VALUES })
            }
        }
    };
}

pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    use crate::generated::types::Channel;

    #[test]
    fn unknown_values_are_kept_and_known_ones_are_found_in_any_case() {
        let read = |json: &str| serde_json::from_str::<Channel>(json).unwrap();
        assert_eq!(read("\"sms\""), Channel::Sms);
        assert_eq!(read("\"SMS\""), Channel::Sms);
        assert_eq!(read("\"telegram\""), Channel::Unknown("telegram".to_owned()));
        assert_eq!(serde_json::to_string(&read("\"telegram\"")).unwrap(), "\"telegram\"");
    }

    #[test]
    fn a_caller_is_told_what_is_known() {
        assert_eq!("call".parse::<Channel>().unwrap(), Channel::Call);
        let error = "smss".parse::<Channel>().expect_err("refused");
        assert_eq!(error.expected(), Channel::VALUES);
        assert!(error.to_string().contains("expected `sms`, `call`"), "{error}");
    }
}
