//! Indexes of pending verifications and challenges.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::records::identity::challenge::Challenge;
use crate::records::verification::Verification;
use crate::tables::persistent::Persistent;
use crate::tables::window::Windows;
use crate::values::sid::{BucketSid, ChallengeSid, ServiceSid, VerificationSid};

/// Pending verifications, by destination and by expiry, and challenges by expiry.
#[derive(Default)]
pub(crate) struct Pending {
    by_destination: HashMap<(ServiceSid, String), VerificationSid>,
    /// By the tokens of silent network authentication: that of the URL and that of the device.
    by_sna_token: HashMap<String, VerificationSid>,
    by_expiry: BTreeSet<(DateTime<Utc>, VerificationSid)>,
    /// Challenges by expiry; some may have been answered or deleted meanwhile.
    challenges: BTreeSet<(DateTime<Utc>, ChallengeSid)>,
    /// Recent sends, by service and destination.
    pub(crate) sends: Windows<(ServiceSid, String)>,
    /// Recent counts against rate limits, by bucket and value.
    pub(crate) counted: Windows<(BucketSid, String)>,
}

impl Pending {
    /// The parts that cannot be rebuilt from verifications and challenges, by their names in a data file.
    pub(crate) fn persistent(&mut self) -> [(&'static str, &mut dyn Persistent); 2] {
        // By name, so that a new field cannot be overlooked.
        let Self {
            by_destination: _,
            by_sna_token: _,
            by_expiry: _,
            challenges: _,
            sends,
            counted,
        } = self;
        [("sends", sends), ("counted", counted)]
    }

    pub(crate) fn insert(&mut self, verification: &Verification) {
        let destination = (verification.service_sid, verification.to.clone());
        self.by_destination.insert(destination, verification.sid);
        self.by_expiry.insert((verification.expires_at, verification.sid));
        for token in tokens(verification) {
            self.by_sna_token.insert(token.clone(), verification.sid);
        }
    }

    /// Must be called for a verification that left the table.
    pub(crate) fn remove(&mut self, verification: &Verification) {
        let destination = (verification.service_sid, verification.to.clone());
        self.by_destination.remove(&destination);
        self.by_expiry.remove(&(verification.expires_at, verification.sid));
        for token in tokens(verification) {
            self.by_sna_token.remove(token);
        }
    }

    /// The last verification that was started for a destination.
    pub(crate) fn find(&self, service: ServiceSid, to: &str) -> Option<VerificationSid> {
        self.by_destination.get(&(service, to.to_owned())).copied()
    }

    /// The silent network authentication with a token.
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

fn tokens(verification: &Verification) -> impl Iterator<Item = &String> {
    let sna = verification.sna.iter();
    sna.flat_map(|sna| std::iter::once(&sna.token).chain(&sna.client_token))
}
