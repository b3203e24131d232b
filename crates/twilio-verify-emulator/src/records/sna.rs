//! Silent network authentication.

use serde::{Deserialize, Serialize};

use crate::tables::draw::Draw;

/// Silent network authentication: instead of a code, a URL that the device calls through its network.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Sna {
    /// The token in the URL.
    pub(crate) token: String,
    /// The token that the device receives there and that the check must contain, if the request asked for one.
    pub(crate) client_token: Option<String>,
    /// Whether the device has the number, according to its network; `None` before the device has called.
    #[serde(alias = "vouched")]
    pub(crate) matches: Option<bool>,
}

impl Sna {
    pub(crate) fn new(draw: &mut Draw, asks_for_token: bool) -> Self {
        let mut token = || -> String {
            let bytes = draw.bytes(16);
            bytes.iter().map(|byte| format!("{byte:02x}")).collect()
        };
        Self { token: token(), client_token: asks_for_token.then(token), matches: None }
    }

    /// Returns why a check with this token fails, or `None` if it succeeds.
    pub(crate) fn failure(&self, client_token: Option<&str>) -> Option<SnaFailure> {
        match self.matches {
            None => Some(SnaFailure::Pending),
            Some(false) => Some(SnaFailure::Mismatch),
            Some(true) if self.client_token.is_none() => None,
            Some(true) if self.client_token.as_deref() == client_token => None,
            Some(true) => Some(SnaFailure::Token),
        }
    }
}

/// The reason that a check of silent network authentication fails.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum SnaFailure {
    /// The device has not called the URL.
    Pending,
    /// The device has another number.
    Mismatch,
    /// The check does not contain the device's token.
    Token,
}

impl SnaFailure {
    /// Returns Twilio's code in the response to a check.
    pub(crate) fn code(self) -> Option<u32> {
        match self {
            Self::Pending => Some(60519),
            Self::Mismatch => Some(60500),
            Self::Token => None,
        }
    }
}
