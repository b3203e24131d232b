//! How verifications end.

use chrono::{DateTime, Utc};

use crate::operations::verification::verifications::Verification;
use crate::attempts::data::attempt::ConversionStatus;
use crate::emulator::builder::Converting;
use crate::state::account::State;
use crate::attempts::store::Store;

/// Forgets a verification.
pub(crate) fn end(state: &mut State, verification: &Verification) {
    state.verifications.remove(&verification.sid);
    state.pending.remove(verification);
}

/// Notes that the right code came back.
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

/// Ends verifications that have expired, at most so many, and says how many it ended.
pub(crate) fn expire(state: &mut State, store: &Store, now: DateTime<Utc>, most: usize) -> usize {
    for count in 0..most {
        let Some(sid) = state.pending.pop_expired(now) else {
            return count;
        };
        // What expires is in the table: nothing leaves it alone.
        let Some(verification) = state.verifications.remove(&sid) else {
            continue;
        };
        state.pending.remove(&verification);
        for send in &verification.sends {
            store.update(send.attempt_sid, |attempt| {
                attempt.channel_data.status = Some("expired".into());
                attempt.date_updated = verification.expires_at;
            });
        }
    }
    most
}
