//! SIDs, Twilio's identifiers: two letters and 32 hexadecimal digits, stored as 16 bytes.

use std::fmt;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An error: a text is not a SID of the expected type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a SID: expected `{prefix}` and 32 hexadecimal digits")]
pub struct InvalidSid {
    prefix: &'static str,
}

/// Parses the number of a SID: `prefix` and exactly 32 hexadecimal digits of either case.
pub(crate) fn parse(prefix: &'static str, text: &str) -> Option<u128> {
    let digits = text.strip_prefix(prefix)?;
    let valid = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    // `from_str_radix` alone accepts a sign.
    valid.then(|| u128::from_str_radix(digits, 16).ok())?
}

/// Defines a type of SIDs. Public types can be converted from and to numbers.
macro_rules! sid {
    ($(#[$doc:meta])* pub $name:ident, $prefix:literal) => {
        sid! { @type $(#[$doc])* (pub) $name, $prefix }

        impl $name {
            /// The two letters that a SID of this kind begins with.
            pub const PREFIX: &'static str = $prefix;

            /// Creates the SID with this number as its 32 hexadecimal digits.
            #[must_use]
            pub const fn from_u128(number: u128) -> Self {
                Self(number)
            }

            /// Returns the number of the 32 hexadecimal digits.
            #[must_use]
            pub const fn as_u128(self) -> u128 {
                self.0
            }
        }
    };
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        sid! { @type $(#[$doc])* (pub(crate)) $name, $prefix }
    };
    (@type $(#[$doc:meta])* ($($visibility:tt)*) $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $($visibility)* struct $name(u128);

        impl FromStr for $name {
            type Err = InvalidSid;

            /// Reads a SID. Its digits may be in either case, and become lower case.
            fn from_str(text: &str) -> Result<Self, InvalidSid> {
                parse($prefix, text).map(Self).ok_or(InvalidSid { prefix: $prefix })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{:032x}", $prefix, self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl From<u128> for $name {
            fn from(number: u128) -> Self {
                Self(number)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

sid! {
    /// The SID of a verification attempt: `VL` and 32 hexadecimal digits (documented by Twilio).
    pub AttemptSid, "VL"
}
sid! {
    /// The SID of a Verify service: `VA` and 32 hexadecimal digits (documented by Twilio).
    pub ServiceSid, "VA"
}
sid! {
    /// The SID of a verification: `VE` and 32 hexadecimal digits (documented by Twilio).
    pub VerificationSid, "VE"
}
sid! {
    /// The SID of a template: `HJ` and 32 hexadecimal digits (documented by Twilio).
    pub TemplateSid, "HJ"
}
sid! {
    /// The SID of a rate limit.
    RateLimitSid, "RK"
}
sid! {
    /// The SID of a bucket of a rate limit.
    BucketSid, "BL"
}
sid! {
    /// The SID of a number on the safe list.
    SafeListSid, "GN"
}
sid! {
    /// The SID of a webhook.
    WebhookSid, "YW"
}
sid! {
    /// The SID of an entity.
    EntitySid, "YE"
}
sid! {
    /// The SID of a factor.
    FactorSid, "YF"
}
sid! {
    /// The SID of a challenge.
    ChallengeSid, "YC"
}
sid! {
    /// The SID of a notification.
    NotificationSid, "NT"
}
sid! {
    /// The SID of an access token.
    AccessTokenSid, "YK"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sid_is_read_in_either_case_and_written_in_lower_case() {
        let sid: AttemptSid = "VL0123456789abcdefABCDEF0123456789".parse().unwrap();
        assert_eq!(sid.to_string(), "VL0123456789abcdefabcdef0123456789");
    }

    #[test]
    fn what_is_no_sid_is_refused() {
        for text in [
            "",
            "VL",
            "VA0123456789abcdef0123456789abcdef",
            "vl0123456789abcdef0123456789abcdef",
            "VL0123456789abcdef0123456789abcde",
            "VL0123456789abcdef0123456789abcdef0",
            "VL+123456789abcdef0123456789abcdef",
            "VLé123456789abcdef0123456789abcde",
        ] {
            assert!(text.parse::<AttemptSid>().is_err(), "{text}");
        }
    }
}
