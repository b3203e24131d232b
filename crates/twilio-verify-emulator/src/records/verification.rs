//! Verifications, while they can be fetched.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::records::sna::Sna;
use crate::tables::parent::Parent;
use crate::tables::table::Record;
use crate::values::channel::Channel;
use crate::values::sid::{AttemptSid, ServiceSid, VerificationSid};

/// A verification that is pending or canceled. Approved and expired verifications are not stored.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Verification {
    pub(crate) sid: VerificationSid,
    pub(crate) service_sid: ServiceSid,
    pub(crate) to: String,
    pub(crate) status: VerificationStatus,
    /// The code, or `None` with silent network authentication.
    pub(crate) code: Option<String>,
    pub(crate) sna: Option<Sna>,
    pub(crate) amount: Option<String>,
    pub(crate) payee: Option<String>,
    /// The sends, oldest first; never empty.
    pub(crate) sends: Vec<Send>,
    /// The number of checks.
    pub(crate) checks: u32,
    pub(crate) date_created: DateTime<Utc>,
    pub(crate) date_updated: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum VerificationStatus {
    Pending,
    /// All checks are used up. The code can still be sent again, but not checked.
    MaxAttemptsReached,
    Approved,
    Canceled,
}

/// A send of the code.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Send {
    pub(crate) time: DateTime<Utc>,
    /// The channel; `None` is silent network authentication.
    pub(crate) channel: Option<Channel>,
    pub(crate) attempt_sid: AttemptSid,
    /// Twilio's code of the last failed check with silent network authentication.
    #[serde(default)]
    pub(crate) sna_error: Option<u32>,
}

impl Record for Verification {
    type Key = VerificationSid;

    fn key(&self) -> VerificationSid {
        self.sid
    }

    fn is_within(&self, parent: &Parent) -> bool {
        matches!(parent, Parent::Service(sid) if *sid == self.service_sid)
    }
}

impl Verification {
    /// Whether the verification can be checked, canceled or approved, and its code sent again.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.status, VerificationStatus::Pending | VerificationStatus::MaxAttemptsReached)
    }

    /// Returns the channel of the last send.
    pub(crate) fn channel(&self) -> Option<Channel> {
        self.sends.last().and_then(|send| send.channel)
    }
}
