//! The entities of services: the users, or other owners, of factors.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::tables::parent::Parent;
use crate::tables::table::Record;
use crate::values::sid::{EntitySid, ServiceSid};

/// An entity, identified by the caller's name for it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Entity {
    pub(crate) sid: EntitySid,
    pub(crate) service_sid: ServiceSid,
    pub(crate) identity: String,
    pub(crate) date_created: DateTime<Utc>,
    pub(crate) date_updated: DateTime<Utc>,
}

impl Record for Entity {
    type Key = (ServiceSid, String);

    fn key(&self) -> Self::Key {
        (self.service_sid, self.identity.clone())
    }

    fn is_within(&self, parent: &Parent) -> bool {
        matches!(parent, Parent::Service(sid) if self.service_sid == *sid)
    }
}
