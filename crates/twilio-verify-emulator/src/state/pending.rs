//! Indexes of pending verifications and challenges, and counts.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::records::identity::challenge::Challenge;
use crate::records::verification::Verification;
use crate::tables::persistent::Persistent;
use crate::tables::window::Windows;
use crate::values::sid::{
    BucketSid, ChallengeSid, EntitySid, FactorSid, ServiceSid, VerificationSid,
};

/// Indexes of open verifications by destination, of all verifications by expiry, and of challenges by expiry; and
/// counts of recent requests against limits.
#[derive(Default)]
pub(crate) struct Pending {
    by_destination: HashMap<(ServiceSid, String), VerificationSid>,
    /// Verifications by the token in the URL of silent network authentication.
    by_sna_token: HashMap<String, VerificationSid>,
    by_expiry: BTreeSet<(DateTime<Utc>, VerificationSid)>,
    /// Challenges by expiry; some may have been answered or deleted in the meantime.
    challenges: BTreeSet<(DateTime<Utc>, ChallengeSid)>,
    /// Recent counts against rate limits, by bucket and value.
    pub(crate) counted: Windows<(BucketSid, String)>,
    /// Recent creations of factors and challenges.
    pub(crate) created: Windows<Created>,
    /// Recent fetches of verifications, by the index of the limit. A data file does not store them, as fetching changes
    /// nothing that must be kept.
    pub(crate) fetched: Windows<(VerificationSid, usize)>,
}

/// The events that are counted when a factor or a challenge is created.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Created {
    FactorsOf(EntitySid),
    /// The factor, and the length of the window in hours.
    ChallengesOf(FactorSid, u32),
}

impl Pending {
    /// Returns the parts that cannot be rebuilt from verifications and challenges, with their names in a data file.
    pub(crate) fn persistent(&mut self) -> [(&'static str, &mut dyn Persistent); 2] {
        // Every field is listed, so that a new one cannot be overlooked.
        let Self {
            by_destination: _,
            by_sna_token: _,
            by_expiry: _,
            challenges: _,
            counted,
            created,
            fetched: _,
        } = self;
        [("counted", counted), ("created", created)]
    }

    pub(crate) fn insert(&mut self, verification: &Verification) {
        self.by_expiry.insert((verification.expires_at, verification.sid));
        if verification.is_open() {
            let destination = (verification.service_sid, verification.to.clone());
            self.by_destination.insert(destination, verification.sid);
            if let Some(sna) = &verification.sna {
                self.by_sna_token.insert(sna.token.clone(), verification.sid);
            }
        }
    }

    /// Removes a verification. Must be called if it is no longer open, or leaves the table.
    pub(crate) fn remove(&mut self, verification: &Verification) {
        let destination = (verification.service_sid, verification.to.clone());
        // A canceled verification no longer has its destination.
        if self.by_destination.get(&destination) == Some(&verification.sid) {
            self.by_destination.remove(&destination);
        }
        self.by_expiry.remove(&(verification.expires_at, verification.sid));
        if let Some(sna) = &verification.sna {
            self.by_sna_token.remove(&sna.token);
        }
    }

    /// Returns the open verification for a destination.
    pub(crate) fn find(&self, service: ServiceSid, to: &str) -> Option<VerificationSid> {
        self.by_destination.get(&(service, to.to_owned())).copied()
    }

    /// Returns the verification whose silent network authentication has this token in its URL.
    pub(crate) fn find_sna(&self, token: &str) -> Option<VerificationSid> {
        self.by_sna_token.get(token).copied()
    }

    /// Adds a challenge, if it is pending.
    pub(crate) fn insert_challenge(&mut self, challenge: &Challenge) {
        if let Some(expiry) = challenge.awaited_until() {
            self.challenges.insert((expiry, challenge.sid));
        }
    }

    /// Removes and returns an expired challenge.
    pub(crate) fn pop_expired_challenge(&mut self, now: DateTime<Utc>) -> Option<ChallengeSid> {
        pop_expired(&mut self.challenges, now)
    }

    /// Removes and returns an expired verification.
    pub(crate) fn pop_expired(&mut self, now: DateTime<Utc>) -> Option<VerificationSid> {
        pop_expired(&mut self.by_expiry, now)
    }
}

fn pop_expired<S: Ord>(
    by_expiry: &mut BTreeSet<(DateTime<Utc>, S)>,
    now: DateTime<Utc>,
) -> Option<S> {
    let (expiry, _) = by_expiry.first()?;
    (*expiry <= now).then(|| by_expiry.pop_first())?.map(|(_, sid)| sid)
}
