//! Ends challenges, and announces their results.

use chrono::{DateTime, Utc};
use twilio_verify::WebhookEventType;

use crate::records::identity::challenge::{Challenge, ChallengeStatus};
use crate::state::account::Account;

/// Adds the event of a challenge that is approved or denied. An expired challenge has no event (documented by Twilio).
pub(crate) fn announce(account: &mut Account, challenge: &Challenge) {
    let event_type = match challenge.status {
        ChallengeStatus::Pending | ChallengeStatus::Expired => return,
        ChallengeStatus::Approved => WebhookEventType::ChallengeApproved,
        ChallengeStatus::Denied => WebhookEventType::ChallengeDenied,
    };
    // A challenge for any passkey has no factor, and so no event.
    let factor = challenge.factor_sid.as_ref();
    if let Some(factor) = factor.and_then(|sid| account.factors.get(sid)) {
        let mut event = factor.event(event_type);
        event.challenge_sid = Some(challenge.sid);
        account.events.push(event);
    }
}

/// Ends expired challenges.
pub(crate) fn expire(account: &mut Account, now: DateTime<Utc>) {
    while let Some(sid) = account.pending.pop_expired_challenge(now) {
        let challenge = account.challenges.get_mut(&sid);
        // It may have been answered or deleted in the meantime.
        if let Some(challenge) =
            challenge.filter(|challenge| challenge.status == ChallengeStatus::Pending)
        {
            challenge.status = ChallengeStatus::Expired;
            challenge.date_updated = challenge.expiration_date;
        }
    }
}
