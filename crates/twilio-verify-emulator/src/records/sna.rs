//! Silent network authentication.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::operations::verification::verifications::Verification;
use crate::messages::outcome::Outcome;
use crate::state::account::State;
use crate::tables::draw::Draw;

/// Silent network authentication: no code, but a URL that the device calls through its network.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Sna {
    /// Stands in the URL.
    pub(crate) token: String,
    /// What the device gets there and the check must bring, if the request asked for that.
    pub(crate) client_token: Option<String>,
    /// Whether the network vouches for the number; not known before the device has called.
    pub(crate) vouched: Option<bool>,
}

impl Sna {
    pub(crate) fn new(draw: &mut Draw, asks_for_token: bool) -> Self {
        let mut token = || -> String {
            let bytes = draw.bytes(16);
            bytes.iter().map(|byte| format!("{byte:02x}")).collect()
        };
        Self {
            token: token(),
            client_token: asks_for_token.then(token),
            vouched: None,
        }
    }
}

/// The verification by silent network authentication that has this token, in its URL or given to its device.
pub(crate) fn find_sna<'s>(
    state: &'s State,
    token: &str,
    now: DateTime<Utc>,
) -> Option<&'s Verification> {
    let verification = state.verifications.get(&state.pending.find_sna(token)?)?;
    (verification.expires_at > now).then_some(verification)
}

/// What a device learns when it calls the URL of a silent network authentication.
#[derive(Clone)]
pub(crate) struct SnaCall {
    pub(crate) vouched: bool,
    pub(crate) client_token: Option<String>,
}

/// Serves such a call; `None` if there is nothing under way at the URL.
pub(crate) fn call_sna(state: &mut State, token: &str, now: DateTime<Utc>) -> Option<SnaCall> {
    let verification = find_sna(state, token, now)?;
    let vouched = state.sending.outcomes.get(&verification.to) != Outcome::Undelivered;
    let sid = verification.sid;
    let sna = state.verifications.get_mut(&sid)?.sna.as_mut()?;
    if sna.token != token {
        return None;
    }
    sna.vouched = Some(vouched);
    Some(SnaCall {
        vouched,
        client_token: sna.client_token.clone().filter(|_| vouched),
    })
}
