//! What finds a pending verification, and ends it in time.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use super::Windows;
use crate::resources::verifications::Verification;
use crate::sid::{ServiceSid, VerificationSid};

/// Pending verifications, by destination and by the instant at which they expire. What is not in the table of
/// verifications any more is not pending, whatever stands here.
#[derive(Default)]
pub(crate) struct Pending {
    by_destination: HashMap<(ServiceSid, String), VerificationSid>,
    by_expiry: BTreeSet<(DateTime<Utc>, VerificationSid)>,
    /// What was sent lately, by service and destination.
    pub(crate) sends: Windows<(ServiceSid, String)>,
}

impl Pending {
    pub(crate) fn insert(&mut self, verification: &Verification) {
        let destination = (verification.service_sid, verification.to.clone());
        self.by_destination.insert(destination, verification.sid);
        self.by_expiry
            .insert((verification.expires_at, verification.sid));
    }

    /// To be called for what has left the table.
    pub(crate) fn remove(&mut self, verification: &Verification) {
        let destination = (verification.service_sid, verification.to.clone());
        self.by_destination.remove(&destination);
        self.by_expiry
            .remove(&(verification.expires_at, verification.sid));
    }

    /// What was started last for a destination.
    pub(crate) fn find(&self, service: ServiceSid, to: &str) -> Option<VerificationSid> {
        self.by_destination.get(&(service, to.to_owned())).copied()
    }

    /// Takes out one that has expired.
    pub(crate) fn pop_expired(&mut self, now: DateTime<Utc>) -> Option<VerificationSid> {
        let (expiry, _) = self.by_expiry.first()?;
        (*expiry <= now)
            .then(|| self.by_expiry.pop_first())?
            .map(|(_, sid)| sid)
    }
}
