//! What finds a pending verification, and ends it and pending challenges in time.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::records::identity::challenge::Challenge;
use crate::records::verification::Verification;
use crate::tables::persistent::Persistent;
use crate::tables::window::Windows;
use crate::values::sid::{BucketSid, ChallengeSid, ServiceSid, VerificationSid};

/// Pending verifications, by destination and by the instant at which they expire; and when challenges do.
#[derive(Default)]
pub(crate) struct Pending {
    by_destination: HashMap<(ServiceSid, String), VerificationSid>,
    /// By the tokens of silent network authentication: of the URL, and of the device.
    by_sna_token: HashMap<String, VerificationSid>,
    by_expiry: BTreeSet<(DateTime<Utc>, VerificationSid)>,
    /// Challenges by the instant at which they expire, some of them answered or deleted meanwhile.
    challenges: BTreeSet<(DateTime<Utc>, ChallengeSid)>,
    /// What was sent lately, by service and destination.
    pub(crate) sends: Windows<(ServiceSid, String)>,
    /// What was counted against rate limits lately, by bucket and value.
    pub(crate) counted: Windows<(BucketSid, String)>,
}

impl Pending {
    /// What can't be told from verifications and challenges, by the names that a data file knows it by.
    pub(crate) fn persistent(&mut self) -> [(&'static str, &mut dyn Persistent); 2] {
        // By name, so that none that is added is forgotten here.
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
        self.by_expiry
            .insert((verification.expires_at, verification.sid));
        for token in tokens(verification) {
            self.by_sna_token.insert(token.clone(), verification.sid);
        }
    }

    /// To be called for what has left the table.
    pub(crate) fn remove(&mut self, verification: &Verification) {
        let destination = (verification.service_sid, verification.to.clone());
        self.by_destination.remove(&destination);
        self.by_expiry
            .remove(&(verification.expires_at, verification.sid));
        for token in tokens(verification) {
            self.by_sna_token.remove(token);
        }
    }

    /// What was started last for a destination.
    pub(crate) fn find(&self, service: ServiceSid, to: &str) -> Option<VerificationSid> {
        self.by_destination.get(&(service, to.to_owned())).copied()
    }

    /// The silent network authentication that has a token.
    pub(crate) fn find_sna(&self, token: &str) -> Option<VerificationSid> {
        self.by_sna_token.get(token).copied()
    }

    /// Notes when a challenge expires, if it awaits an answer.
    pub(crate) fn insert_challenge(&mut self, challenge: &Challenge) {
        if let Some(expiry) = challenge.awaited_until() {
            self.challenges.insert((expiry, challenge.sid));
        }
    }

    /// Takes out a challenge whose time is up.
    pub(crate) fn pop_expired_challenge(&mut self, now: DateTime<Utc>) -> Option<ChallengeSid> {
        pop_expired(&mut self.challenges, now)
    }

    /// Takes out one that has expired.
    pub(crate) fn pop_expired(&mut self, now: DateTime<Utc>) -> Option<VerificationSid> {
        pop_expired(&mut self.by_expiry, now)
    }
}

fn pop_expired<S: Ord>(
    by_expiry: &mut BTreeSet<(DateTime<Utc>, S)>,
    now: DateTime<Utc>,
) -> Option<S> {
    let (expiry, _) = by_expiry.first()?;
    (*expiry <= now)
        .then(|| by_expiry.pop_first())?
        .map(|(_, sid)| sid)
}

fn tokens(verification: &Verification) -> impl Iterator<Item = &String> {
    let sna = verification.sna.iter();
    sna.flat_map(|sna| std::iter::once(&sna.token).chain(&sna.client_token))
}
