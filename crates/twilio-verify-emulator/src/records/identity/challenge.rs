//! The challenges of entities.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::records::identity::decision::{Decision, Reason};
use crate::records::identity::factor::FactorType;
use crate::records::identity::passkey::PasskeyRequest;
use crate::tables::parent::Parent;
use crate::tables::table::Record;
use crate::values::sid::{ChallengeSid, EntitySid, FactorSid, ServiceSid};

/// The status of a challenge.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ChallengeStatus {
    Pending,
    Expired,
    Approved,
    Denied,
}

/// The details that the user is shown.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ChallengeDetails {
    pub(crate) message: Option<String>,
    pub(crate) fields: Option<Vec<ChallengeField>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) date: Option<DateTime<Utc>>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ChallengeField {
    pub(crate) label: String,
    pub(crate) value: String,
}

/// A challenge. It has no `Debug`, as it contains personal data.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Challenge {
    pub(crate) sid: ChallengeSid,
    pub(crate) service_sid: ServiceSid,
    /// The entity, or `None` while any passkey can answer.
    pub(crate) entity_sid: Option<EntitySid>,
    pub(crate) identity: Option<String>,
    pub(crate) factor_sid: Option<FactorSid>,
    pub(crate) factor_type: FactorType,
    pub(crate) status: ChallengeStatus,
    pub(crate) responded_reason: Reason,
    pub(crate) details: Option<ChallengeDetails>,
    pub(crate) hidden_details: Option<Map<String, Value>>,
    pub(crate) metadata: Option<Map<String, Value>>,
    /// The number of wrong codes that were submitted.
    #[serde(default)]
    pub(crate) wrong_codes: u32,
    /// The number of repeated pushes.
    #[serde(default)]
    pub(crate) notifications: u32,
    pub(crate) date_created: DateTime<Utc>,
    pub(crate) date_updated: DateTime<Utc>,
    pub(crate) date_responded: Option<DateTime<Utc>>,
    pub(crate) expiration_date: DateTime<Utc>,
    /// The request to the authenticator, if the challenge is for a passkey.
    pub(crate) request: Option<PasskeyRequest>,
}

impl Record for Challenge {
    type Key = ChallengeSid;

    fn key(&self) -> ChallengeSid {
        self.sid
    }

    fn is_within(&self, parent: &Parent) -> bool {
        match parent {
            Parent::Service(sid) => self.service_sid == *sid,
            Parent::Entity(sid) => self.entity_sid == Some(*sid),
            Parent::RateLimit(_) => false,
        }
    }
}

impl Challenge {
    /// Returns when the challenge expires, if it is pending.
    pub(crate) fn awaited_until(&self) -> Option<DateTime<Utc>> {
        (self.status == ChallengeStatus::Pending).then_some(self.expiration_date)
    }

    /// Records a response.
    pub(crate) fn respond(&mut self, decision: Decision, reason: Reason, date: DateTime<Utc>) {
        self.status = match decision {
            Decision::Approved => ChallengeStatus::Approved,
            Decision::Denied => ChallengeStatus::Denied,
        };
        self.responded_reason = reason;
        self.date_responded = Some(date);
        self.date_updated = date;
    }
}
