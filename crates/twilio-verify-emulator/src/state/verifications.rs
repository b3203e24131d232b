//! Finds and ends verifications.

use chrono::{DateTime, Utc};

use crate::attempts::store::Store;
use crate::messages::outcome::Outcome;
use crate::records::verification::{Verification, VerificationStatus};
use crate::state::account::Account;
use crate::state::journal::EventKind;
use crate::values::conversion_status::ConversionStatus;
use crate::values::market;
use crate::values::sid::{ServiceSid, VerificationSid};

/// The attempts of a verification that convert when its code is submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Converting {
    /// The last attempt.
    Latest,
    /// The first attempt.
    First,
    /// All attempts.
    All,
}

/// Returns the open verification for a destination.
pub(crate) fn find<'s>(
    account: &'s Account,
    service: ServiceSid,
    to: &str,
    now: DateTime<Utc>,
) -> Option<&'s Verification> {
    find_sid(account, service, account.pending.find(service, to)?, now)
}

/// Returns the open or canceled verification with this SID.
pub(crate) fn find_sid(
    account: &Account,
    service: ServiceSid,
    sid: VerificationSid,
    now: DateTime<Utc>,
) -> Option<&Verification> {
    let verification = account.verifications.get(&sid)?;
    (verification.service_sid == service && verification.expires_at > now).then_some(verification)
}

/// The response to a device that calls the URL of a silent network authentication.
#[derive(Clone)]
pub(crate) struct SnaCall {
    /// The network of the phone number.
    pub(crate) carrier: Option<&'static str>,
    pub(crate) client_token: Option<String>,
}

/// Serves the call of a device. Returns `None` if no verification is pending at the URL, or the URL
/// was called before.
pub(crate) fn call_sna(account: &mut Account, token: &str, now: DateTime<Utc>) -> Option<SnaCall> {
    let verification = account.verifications.get(&account.pending.find_sna(token)?)?;
    if verification.expires_at <= now {
        return None;
    }
    let outcome = account.sending.outcomes.take(&verification.to);
    let matches = !matches!(outcome, Outcome::Undelivered | Outcome::Landline);
    let carrier = market::carrier(&verification.to).map(|(_, _, name)| *name);
    let sid = verification.sid;
    let sna = account.verifications.get_mut(&sid)?.sna.as_mut()?;
    if sna.matches.is_some() {
        return None;
    }
    sna.matches = Some(matches);
    Some(SnaCall { carrier, client_token: sna.client_token.clone() })
}

/// Cancels a verification. It can still be fetched until it expires.
pub(crate) fn cancel(account: &mut Account, sid: VerificationSid, date: DateTime<Utc>) {
    if let Some(verification) = account.verifications.get_mut(&sid) {
        account.pending.remove(verification);
        verification.status = VerificationStatus::Canceled;
        verification.date_updated = date;
        account.pending.insert(verification);
        account.journal.note(verification, date, EventKind::Canceled);
    }
}

/// Approves a verification: converts its attempts, and deletes it.
pub(crate) fn approve(
    account: &mut Account,
    store: &Store,
    verification: &mut Verification,
    converting: Converting,
    date: DateTime<Utc>,
) {
    verification.status = VerificationStatus::Approved;
    verification.date_updated = date;
    end(account, verification);
    convert(store, verification, converting, date);
    account.journal.note(verification, date, EventKind::Approved);
}

/// Marks the checks of a verification as used up.
pub(crate) fn exhaust(account: &mut Account, sid: VerificationSid, date: DateTime<Utc>) {
    if let Some(verification) = account.verifications.get_mut(&sid)
        && verification.status == VerificationStatus::Pending
    {
        verification.status = VerificationStatus::MaxAttemptsReached;
        account.journal.note(verification, date, EventKind::MaxAttemptsReached);
    }
}

/// Changes when an open verification expires, so that [`expire`] ends it then.
pub(crate) fn expire_at(account: &mut Account, sid: VerificationSid, date: DateTime<Utc>) {
    if let Some(verification) = account.verifications.get_mut(&sid) {
        account.pending.remove(verification);
        verification.expires_at = date;
        account.pending.insert(verification);
    }
}

/// Deletes a verification.
pub(crate) fn end(account: &mut Account, verification: &Verification) {
    account.verifications.remove(&verification.sid);
    account.pending.remove(verification);
}

/// Converts the attempts of a verification.
fn convert(
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
        // The verification is always in the table.
        let Some(verification) = account.verifications.remove(&sid) else {
            continue;
        };
        account.pending.remove(&verification);
        if !verification.is_open() {
            continue;
        }
        for send in &verification.sends {
            store.update(send.attempt_sid, |attempt| {
                attempt.channel_data.status = Some("expired".into());
                attempt.date_updated = verification.expires_at;
            });
        }
        account.journal.note(&verification, verification.expires_at, EventKind::Expired);
    }
    most
}
