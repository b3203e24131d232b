//! How pending verifications are found, and how they end.

use chrono::{DateTime, Utc};

use crate::attempts::store::Store;
use crate::messages::outcome::Outcome;
use crate::records::verification::Verification;
use crate::state::account::Account;
use crate::values::conversion_status::ConversionStatus;
use crate::values::sid::{ServiceSid, VerificationSid};

/// Which attempts of a verification convert when its code is submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Converting {
    /// The last one.
    Latest,
    /// The first one.
    First,
    /// Each of them.
    All,
}

/// The pending verification for a destination.
pub(crate) fn find<'s>(
    account: &'s Account,
    service: ServiceSid,
    to: &str,
    now: DateTime<Utc>,
) -> Option<&'s Verification> {
    find_sid(account, service, account.pending.find(service, to)?, now)
}

/// The pending verification with this SID.
pub(crate) fn find_sid(
    account: &Account,
    service: ServiceSid,
    sid: VerificationSid,
    now: DateTime<Utc>,
) -> Option<&Verification> {
    let verification = account.verifications.get(&sid)?;
    (verification.service_sid == service && verification.expires_at > now).then_some(verification)
}

/// The pending silent network authentication with this token, which is that of its URL or of its device.
pub(crate) fn find_sna<'s>(
    account: &'s Account,
    token: &str,
    now: DateTime<Utc>,
) -> Option<&'s Verification> {
    let verification = account.verifications.get(&account.pending.find_sna(token)?)?;
    (verification.expires_at > now).then_some(verification)
}

/// The response to a device that calls the URL of a silent network authentication.
#[derive(Clone)]
pub(crate) struct SnaCall {
    pub(crate) vouched: bool,
    pub(crate) client_token: Option<String>,
}

/// Serves such a call; `None` if no verification is pending at the URL.
pub(crate) fn call_sna(account: &mut Account, token: &str, now: DateTime<Utc>) -> Option<SnaCall> {
    let verification = find_sna(account, token, now)?;
    let vouched = account.sending.outcomes.get(&verification.to) != Outcome::Undelivered;
    let sid = verification.sid;
    let sna = account.verifications.get_mut(&sid)?.sna.as_mut()?;
    if sna.token != token {
        return None;
    }
    sna.vouched = Some(vouched);
    Some(SnaCall { vouched, client_token: sna.client_token.clone().filter(|_| vouched) })
}

/// Deletes a verification.
pub(crate) fn end(account: &mut Account, verification: &Verification) {
    account.verifications.remove(&verification.sid);
    account.pending.remove(verification);
}

/// Converts the attempts of a verification.
pub(crate) fn convert(
    store: &Store,
    verification: &Verification,
    converting: Converting,
    date: DateTime<Utc>,
) {
    let sends = verification.sends.as_slice();
    let sends = match converting {
        Converting::Latest => &sends[sends.len().saturating_sub(1)..],
        Converting::First => &sends[..sends.len().min(1)],
        Converting::All => sends,
    };
    for send in sends {
        store.update(send.attempt_sid, |attempt| {
            attempt.conversion_status = ConversionStatus::Converted;
            attempt.channel_data.status = Some("confirmed".into());
            attempt.date_updated = date;
        });
    }
}

/// Ends at most `most` expired verifications, and returns how many it ended.
pub(crate) fn expire(
    account: &mut Account,
    store: &Store,
    now: DateTime<Utc>,
    most: usize,
) -> usize {
    for count in 0..most {
        let Some(sid) = account.pending.pop_expired(now) else {
            return count;
        };
        // It is always in the table.
        let Some(verification) = account.verifications.remove(&sid) else {
            continue;
        };
        account.pending.remove(&verification);
        for send in &verification.sends {
            store.update(send.attempt_sid, |attempt| {
                attempt.channel_data.status = Some("expired".into());
                attempt.date_updated = verification.expires_at;
            });
        }
    }
    most
}
