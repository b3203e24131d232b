//! Silent network authentication.

use serde::{Deserialize, Serialize};

use crate::tables::draw::Draw;

/// Silent network authentication: no code, but a URL that the device calls through its network.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Sna {
    /// The token in the URL.
    pub(crate) token: String,
    /// The token that the device gets there and the check must have, if the request asked for one.
    pub(crate) client_token: Option<String>,
    /// Whether the network vouches for the number; `None` before the device has called.
    pub(crate) vouched: Option<bool>,
}

impl Sna {
    pub(crate) fn new(draw: &mut Draw, asks_for_token: bool) -> Self {
        let mut token = || -> String {
            let bytes = draw.bytes(16);
            bytes.iter().map(|byte| format!("{byte:02x}")).collect()
        };
        Self { token: token(), client_token: asks_for_token.then(token), vouched: None }
    }

    /// Whether a check with this token is right.
    pub(crate) fn accepts(&self, client_token: Option<&str>) -> bool {
        let right_token =
            self.client_token.is_none() || self.client_token.as_deref() == client_token;
        self.vouched == Some(true) && right_token
    }
}
