//! The access tokens of services.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::records::identity::factor::FactorType;
use crate::tables::parent::Parent;
use crate::tables::table::Record;
use crate::values::sid::{AccessTokenSid, ServiceSid};

/// The data of a token. The token itself is not stored, because it can be encrypted again.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct AccessToken {
    pub(crate) sid: AccessTokenSid,
    pub(crate) service_sid: ServiceSid,
    pub(crate) identity: String,
    pub(crate) factor_type: FactorType,
    pub(crate) factor_friendly_name: Option<String>,
    pub(crate) ttl: u32,
    pub(crate) date_created: DateTime<Utc>,
    /// Whether a device has used the token.
    pub(crate) is_used: bool,
}

impl Record for AccessToken {
    type Key = AccessTokenSid;

    fn key(&self) -> AccessTokenSid {
        self.sid
    }

    fn is_within(&self, parent: &Parent) -> bool {
        matches!(parent, Parent::Service(sid) if self.service_sid == *sid)
    }
}
