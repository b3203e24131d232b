//! Responses to challenges.

use serde::{Deserialize, Serialize};

/// The response to a challenge.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Decision {
    Approved,
    Denied,
}

/// The reason for the response to a challenge.
#[derive(Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    #[default]
    None,
    NotNeeded,
    NotRequested,
}
