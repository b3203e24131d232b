//! SIDs, Twilio's identifiers: two letters for the kind of resource and 32 hexadecimal digits.

use std::fmt;

/// A SID of one kind.
///
/// Each kind has a constructor for literals, `from_static`, which can be called in constants:
///
/// ```
/// use twilio_verify_api::types::ServiceSid;
///
/// const SHOP: ServiceSid = ServiceSid::from_static("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
/// assert_eq!(SHOP.as_str().len(), 34);
/// ```
///
/// There, a literal that is not such a SID is a compile error:
///
/// ```compile_fail,E0080
/// use twilio_verify_api::types::ServiceSid;
///
/// const SHOP: ServiceSid = ServiceSid::from_static("VA123");
/// ```
pub trait Sid: AsRef<str> {
    /// The two letters that SIDs of this kind begin with.
    const PREFIX: &'static str;
    /// The noun for it in messages, such as "service SID".
    const NOUN: &'static str;
}

/// Why a text is not a SID of the expected kind.
///
/// It says what such a SID looks like. It doesn't repeat the text, which might be anything, even a
/// secret.
///
/// ```
/// use twilio_verify_api::types::ServiceSid;
///
/// let error = "VA123".parse::<ServiceSid>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "not a service SID: it has 5 characters; a service SID is `VA` and 32 hexadecimal \
///      digits, 34 characters in all"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SidError {
    noun: &'static str,
    prefix: &'static str,
    fault: Fault,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    Empty,
    Prefix,
    Length(usize),
    Digits,
}

impl SidError {
    pub(crate) fn new<S: Sid>(text: &str) -> Self {
        let fault = if text.is_empty() {
            Fault::Empty
        } else if !text.starts_with(S::PREFIX) {
            Fault::Prefix
        } else if text.chars().count() != 34 {
            Fault::Length(text.chars().count())
        } else {
            Fault::Digits
        };
        Self { noun: S::NOUN, prefix: S::PREFIX, fault }
    }
}

impl fmt::Display for SidError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { noun, prefix, fault } = self;
        let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        write!(f, "not {article} {noun}: ")?;
        match fault {
            Fault::Empty => f.write_str("it is empty"),
            Fault::Prefix => write!(f, "it does not begin with `{prefix}`"),
            Fault::Length(1) => f.write_str("it has 1 character"),
            Fault::Length(length) => write!(f, "it has {length} characters"),
            Fault::Digits => write!(f, "it holds other than hexadecimal digits after `{prefix}`"),
        }?;
        write!(
            f,
            "; {article} {noun} is `{prefix}` and 32 hexadecimal digits, 34 characters in all"
        )
    }
}

impl std::error::Error for SidError {}

/// Whether a text is the prefix followed by 32 hexadecimal digits.
pub(crate) const fn is_sid(text: &str, prefix: &str) -> bool {
    let (text, prefix) = (text.as_bytes(), prefix.as_bytes());
    let mut index = 0;
    while index < text.len() {
        let fits = if index < prefix.len() {
            text[index] == prefix[index]
        } else {
            text[index].is_ascii_hexdigit()
        };
        if !fits {
            return false;
        }
        index += 1;
    }
    text.len() == prefix.len() + 32
}

/// Defines the type of one kind of SID.
macro_rules! sid {
    ($(#[$doc:meta])* $name:ident, $noun:literal, $prefix:literal, $pattern:literal) => {
        $(#[$doc])*
        ///
        /// `FromStr` and `Deserialize` reject a text of another shape. In a response, any text is
        /// kept as it was received.
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(::std::borrow::Cow<'static, str>);

        impl $name {
            /// Creates a SID from a literal. In a constant, an invalid literal is a compile error:
            ///
            #[doc = concat!("`const SID: ", stringify!($name), " = ", stringify!($name), "::from_static(\"", $prefix, "…\");`")]
            ///
            /// # Panics
            ///
            #[doc = concat!("Outside of constants, if the text is not `", $prefix, "` and 32 hexadecimal digits. Parse a text that")]
            /// the program does not know when it is compiled.
            #[must_use]
            pub const fn from_static(text: &'static str) -> Self {
                assert!(
                    $crate::values::sid::is_sid(text, $prefix),
                    concat!("a ", $noun, " is `", $prefix, "` and 32 hexadecimal digits")
                );
                Self(::std::borrow::Cow::Borrowed(text))
            }

            /// Returns the SID as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl $crate::values::sid::Sid for $name {
            const PREFIX: &'static str = $prefix;
            const NOUN: &'static str = $noun;
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::values::sid::SidError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                static PATTERN: ::std::sync::LazyLock<Option<::regress::Regex>> =
                    ::std::sync::LazyLock::new(|| ::regress::Regex::new($pattern).ok());
                match &*PATTERN {
                    Some(pattern) if pattern.find(text).is_some() => Ok(Self(text.to_owned().into())),
                    _ => Err($crate::values::sid::SidError::new::<Self>(text)),
                }
            }
        }

        impl $crate::check::Value for $name {
            /// Returns a fault for a SID of another shape, which a response may hold.
            fn fault(&self) -> Option<String> {
                let parsed = self.0.parse::<Self>();
                parsed.err().map(|error| error.to_string())
            }
        }

        impl $crate::check::Blank for $name {
            fn blank() -> Self {
                Self(::std::borrow::Cow::Borrowed(""))
            }
        }

        $crate::values::into_value::from_text!($name);

        impl From<$name> for String {
            fn from(sid: $name) -> Self {
                sid.0.into_owned()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                let text = <::std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(::serde::de::Error::custom)
            }
        }

        impl<'de> $crate::response::lenient::Lenient<'de> for $name {
            fn lenient<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Option<Self>, D::Error> {
                let text = $crate::response::lenient::text(deserializer)?;
                Ok(text.filter(|text| !text.is_empty()).map(|text| Self(text.into_owned().into())))
            }
        }

        #[cfg(feature = "schemas")]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
    };
}

pub(crate) use sid;

// The document has no API keys, because they are not resources of Verify.
sid! {
    /// Identifies an API key: `SK` and 32 hexadecimal digits.
    ApiKeySid, "API key SID", "SK", "^SK[0-9a-fA-F]{32}$"
}

#[cfg(test)]
mod tests {
    use super::is_sid;
    use crate::generated::types::{AccountSid, ServiceSid};

    const SERVICE: &str = "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    #[test]
    fn each_fault_is_named_and_the_text_is_not_repeated() {
        for (text, fault) in [
            ("", "it is empty"),
            ("ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "does not begin with `VA`"),
            ("VA12", "it has 4 characters"),
            ("VAgggggggggggggggggggggggggggggggg", "other than hexadecimal digits"),
            ("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "it has 35 characters"),
            ("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaé", "other than hexadecimal digits"),
        ] {
            let error = text.parse::<ServiceSid>().expect_err(text).to_string();
            assert!(error.contains(fault), "{error}");
            assert!(error.contains("`VA` and 32 hexadecimal digits"), "{error}");
            assert!(text.is_empty() || !error.contains(text), "{error}");
        }
        let error = "x".parse::<AccountSid>().expect_err("refused").to_string();
        assert!(error.starts_with("not an account SID: "), "{error}");
    }

    #[test]
    fn a_literal_is_checked_as_a_text_is() {
        const SHOP: ServiceSid = ServiceSid::from_static(SERVICE);
        assert_eq!(SHOP, SERVICE.parse().unwrap());
        for text in [
            SERVICE,
            "VAABCDEFabcdef0123456789ABCDEF012345",
            "",
            "V",
            "VA",
            "VA12",
            "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaag",
            "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaé",
            "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
        ] {
            assert_eq!(is_sid(text, "VA"), text.parse::<ServiceSid>().is_ok(), "{text:?}");
        }
    }

    #[test]
    fn a_sid_round_trips() {
        let sid: ServiceSid = SERVICE.parse().unwrap();
        assert_eq!(sid.to_string(), SERVICE);
        let json = serde_json::to_string(&sid).unwrap();
        assert_eq!(serde_json::from_str::<ServiceSid>(&json).unwrap(), sid);
        assert!(serde_json::from_str::<ServiceSid>("\"VA\"").is_err());
        assert_eq!(format!("{sid:?}"), format!("ServiceSid({SERVICE})"));
    }
}
