//! The types of events.

use std::fmt;

use serde::{Serialize, Serializer};

macro_rules! event_types {
    ($($(#[$doc:meta])* $variant:ident = $value:literal,)*) => {
        /// The type of an event.
        ///
        /// The document has `factor.created`, `factor.verified`, `factor.deleted`,
        /// `challenge.approved` and `challenge.denied`; the others are assumed. An unknown value is
        /// kept as [`Unknown`](Self::Unknown). Case is ignored.
        ///
        /// ```
        /// use twilio_verify::WebhookEventType;
        ///
        /// let known = WebhookEventType::from("challenge.approved");
        /// assert_eq!(known, WebhookEventType::ChallengeApproved);
        /// let newer = WebhookEventType::from("factor.renamed");
        /// assert_eq!(newer.as_str(), "factor.renamed");
        /// ```
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum WebhookEventType {
            $(
                $(#[$doc])*
                $variant,
            )*
            /// An unknown value, as it was received.
            Unknown(String),
        }

        impl WebhookEventType {
            /// All known values.
            pub const VALUES: &'static [&'static str] = &[$($value),*];

            /// Returns the value as Twilio writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unknown(value) => value,
                }
            }
        }

        impl From<&str> for WebhookEventType {
            fn from(value: &str) -> Self {
                $(
                    if value.eq_ignore_ascii_case($value) {
                        return Self::$variant;
                    }
                )*
                Self::Unknown(value.to_owned())
            }
        }
    };
}

event_types! {
    /// `factor.created`: a factor was created, and must be verified.
    FactorCreated = "factor.created",
    /// `factor.verified`: a factor was verified, and can be challenged.
    FactorVerified = "factor.verified",
    /// `factor.deleted`: a factor was deleted.
    FactorDeleted = "factor.deleted",
    /// `challenge.created`: a challenge was created. Assumed.
    ChallengeCreated = "challenge.created",
    /// `challenge.approved`: the user approved a challenge.
    ChallengeApproved = "challenge.approved",
    /// `challenge.denied`: the user denied a challenge.
    ChallengeDenied = "challenge.denied",
    /// `challenge.expired`: a challenge expired. Assumed.
    ChallengeExpired = "challenge.expired",
}

impl From<String> for WebhookEventType {
    fn from(value: String) -> Self {
        Self::from(value.as_str())
    }
}

impl From<WebhookEventType> for String {
    fn from(value: WebhookEventType) -> Self {
        match value {
            WebhookEventType::Unknown(value) => value,
            known => known.as_str().to_owned(),
        }
    }
}

impl AsRef<str> for WebhookEventType {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Serialize for WebhookEventType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl fmt::Display for WebhookEventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
