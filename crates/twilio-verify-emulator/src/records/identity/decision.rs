//! How a challenge was answered, and why.

use serde::{Deserialize, Serialize};

/// How a person answers a challenge.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Decision {
    Approved,
    Denied,
}

/// Why a challenge was answered as it was.
#[derive(Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    #[default]
    None,
    NotNeeded,
    NotRequested,
}
