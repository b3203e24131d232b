//! How challenges end.

use chrono::{DateTime, Utc};
use twilio_verify::WebhookEventType;

use crate::records::identity::challenge::{Challenge, ChallengeStatus};
use crate::records::identity::event::ChallengeEvent;
use crate::records::identity::factor::json_text;
use crate::state::account::Account;

/// Adds the event of a challenge that is no longer pending.
pub(crate) fn announce(account: &mut Account, challenge: &Challenge) {
    let event_type = match challenge.status {
        ChallengeStatus::Pending => return,
        ChallengeStatus::Expired => WebhookEventType::ChallengeExpired,
        ChallengeStatus::Approved => WebhookEventType::ChallengeApproved,
        ChallengeStatus::Denied => WebhookEventType::ChallengeDenied,
    };
    // A challenge for any passkey has no factor, and no event.
    let factor = challenge.factor_sid.as_ref();
    if let Some(factor) = factor.and_then(|sid| account.factors.get(sid)) {
        let mut event = factor.event(event_type);
        event.challenge = Some(ChallengeEvent {
            sid: challenge.sid,
            hidden_details: challenge.hidden_details.as_ref().map(json_text),
        });
        event.date_created = challenge.date_created;
        event.date_updated = challenge.date_updated;
        account.events.push(event);
    }
}

/// Ends expired challenges.
pub(crate) fn expire(account: &mut Account, now: DateTime<Utc>) {
    while let Some(sid) = account.pending.pop_expired_challenge(now) {
        let challenge = account.challenges.get_mut(&sid);
        // It may have been answered or deleted meanwhile.
        if let Some(challenge) =
            challenge.filter(|challenge| challenge.status == ChallengeStatus::Pending)
        {
            challenge.status = ChallengeStatus::Expired;
            challenge.date_updated = challenge.expiration_date;
            let challenge = challenge.clone();
            announce(account, &challenge);
        }
    }
}
