//! The history of verifications, for people and tests. In memory only.

use std::collections::{BTreeMap, HashMap, VecDeque};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::records::verification::{Verification, VerificationStatus};
use crate::tables::parent::Parent;
use crate::tables::table::Record;
use crate::values::channel::Channel;
use crate::values::sid::{AttemptSid, VerificationSid};

/// The last verifications, including those that have ended, which the account no longer has.
#[derive(Default)]
pub(crate) struct Journal {
    entries: HashMap<VerificationSid, Entry>,
    /// The verifications by the number of their last change.
    changed: BTreeMap<u64, VerificationSid>,
    /// The number of the last change.
    revision: u64,
    /// The number of the change that deleted everything before.
    cleared: u64,
    /// The number of messages that were sent.
    messages: u64,
}

/// A verification, and its history.
#[derive(Clone)]
pub(crate) struct Entry {
    /// The verification after its last change.
    pub(crate) verification: Verification,
    pub(crate) status: Status,
    /// The number of the last change.
    pub(crate) revision: u64,
    /// The messages, oldest first.
    pub(crate) messages: VecDeque<SentMessage>,
    /// The events, oldest first.
    pub(crate) events: VecDeque<Event>,
}

/// The status of a verification, including statuses that the API does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    Pending,
    MaxAttemptsReached,
    Approved,
    Canceled,
    Expired,
    /// Its service was deleted.
    Deleted,
}

impl From<VerificationStatus> for Status {
    fn from(status: VerificationStatus) -> Self {
        match status {
            VerificationStatus::Pending => Self::Pending,
            VerificationStatus::MaxAttemptsReached => Self::MaxAttemptsReached,
            VerificationStatus::Approved => Self::Approved,
            VerificationStatus::Canceled => Self::Canceled,
        }
    }
}

/// A message of a verification, whether or not it arrived.
#[derive(Clone, Serialize)]
pub(crate) struct SentMessage {
    /// The number of the message, from 1, in the order of all messages.
    pub(crate) number: u64,
    pub(crate) attempt_sid: AttemptSid,
    pub(crate) sent_at: DateTime<Utc>,
    #[serde(serialize_with = "channel")]
    pub(crate) channel: Option<Channel>,
    pub(crate) delivered: bool,
    /// The text, or `None` with silent network authentication, and after a restart.
    pub(crate) text: Option<String>,
    pub(crate) locale: Option<String>,
}

fn channel<S: serde::Serializer>(channel: &Option<Channel>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(channel.map_or("sna", Channel::as_str))
}

/// An event in the history of a verification.
#[derive(Clone, Serialize)]
pub(crate) struct Event {
    pub(crate) time: DateTime<Utc>,
    #[serde(flatten)]
    pub(crate) kind: EventKind,
}

#[derive(Clone, Copy, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum EventKind {
    Sent { attempt_sid: AttemptSid, delivered: bool },
    Checked { valid: bool },
    MaxAttemptsReached,
    Approved,
    Canceled,
    Expired,
    Deleted,
}

impl Journal {
    /// The maximum number of verifications, and the maximum number of messages and of events of
    /// each.
    pub(crate) const CAPACITY: usize = 10_000;
    const OF_EACH: usize = 100;

    /// Returns the number of the last change.
    pub(crate) const fn revision(&self) -> u64 {
        self.revision
    }

    /// Returns the number of the change that deleted everything before.
    pub(crate) const fn cleared(&self) -> u64 {
        self.cleared
    }

    pub(crate) fn get(&self, sid: VerificationSid) -> Option<&Entry> {
        self.entries.get(&sid)
    }

    /// Returns the verifications that changed after `revision`, the last change first.
    pub(crate) fn changed_after(&self, revision: u64) -> impl Iterator<Item = &Entry> {
        let changed = self.changed.range(revision.saturating_add(1)..).rev();
        changed.filter_map(|(_, sid)| self.entries.get(sid))
    }

    /// Deletes everything. The numbers continue.
    pub(crate) fn clear(&mut self) {
        self.revision += 1;
        self.cleared = self.revision;
        self.entries.clear();
        self.changed.clear();
    }

    /// Records a message of a verification.
    pub(crate) fn sent(&mut self, verification: &Verification, message: SentMessage) {
        self.messages += 1;
        let message = SentMessage { number: self.messages, ..message };
        let SentMessage { sent_at, attempt_sid, delivered, .. } = message;
        let entry = self.change(verification);
        push(&mut entry.messages, message);
        let kind = EventKind::Sent { attempt_sid, delivered };
        push(&mut entry.events, Event { time: sent_at, kind });
    }

    /// Records an event of a verification, which must already be in its new state.
    pub(crate) fn note(
        &mut self,
        verification: &Verification,
        time: DateTime<Utc>,
        kind: EventKind,
    ) {
        let entry = self.change(verification);
        match kind {
            EventKind::Expired => entry.status = Status::Expired,
            EventKind::Deleted => entry.status = Status::Deleted,
            EventKind::MaxAttemptsReached => entry.status = Status::MaxAttemptsReached,
            EventKind::Approved
            | EventKind::Canceled
            | EventKind::Sent { .. }
            | EventKind::Checked { .. } => {}
        }
        push(&mut entry.events, Event { time, kind });
    }

    /// Records a verification that was read from a file: its messages, without their texts.
    pub(crate) fn restore(&mut self, verification: &Verification) {
        for send in &verification.sends {
            let message = SentMessage {
                number: 0,
                attempt_sid: send.attempt_sid,
                sent_at: send.time,
                channel: send.channel,
                // This is unknown; most messages arrive.
                delivered: true,
                text: None,
                locale: None,
            };
            self.sent(verification, message);
        }
    }

    /// Records that a resource was deleted, with everything inside it.
    pub(crate) fn delete_within(&mut self, parent: &Parent, time: DateTime<Utc>) {
        let entries = self.entries.values();
        let within = entries.filter(|entry| {
            entry.verification.is_within(parent)
                && matches!(entry.status, Status::Pending | Status::MaxAttemptsReached)
        });
        let within: Vec<Verification> = within.map(|entry| entry.verification.clone()).collect();
        for verification in within {
            self.note(&verification, time, EventKind::Deleted);
        }
    }

    /// Returns the entry of a verification, with its current state and a new number.
    fn change(&mut self, verification: &Verification) -> &mut Entry {
        self.revision += 1;
        let revision = self.revision;
        let sid = verification.sid;
        if let Some(known) = self.entries.get(&sid) {
            self.changed.remove(&known.revision);
        } else if self.entries.len() == Self::CAPACITY
            && let Some((_, oldest)) = self.changed.pop_first()
        {
            self.entries.remove(&oldest);
        }
        self.changed.insert(revision, sid);
        let entry = self.entries.entry(sid).or_insert_with(|| Entry {
            verification: verification.clone(),
            status: Status::Pending,
            revision,
            messages: VecDeque::new(),
            events: VecDeque::new(),
        });
        entry.revision = revision;
        entry.status = verification.status.into();
        entry.verification.clone_from(verification);
        entry
    }
}

/// Adds the newest item. Removes the oldest one if there are too many.
fn push<T>(items: &mut VecDeque<T>, item: T) {
    if items.len() == Journal::OF_EACH {
        items.pop_front();
    }
    items.push_back(item);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::sid::ServiceSid;

    fn verification(number: u128) -> Verification {
        Verification {
            sid: VerificationSid::from_u128(number),
            service_sid: ServiceSid::from_u128(1),
            to: "+573003003030".into(),
            status: VerificationStatus::Pending,
            code: None,
            sna: None,
            amount: None,
            payee: None,
            sends: Vec::new(),
            checks: 0,
            date_created: DateTime::UNIX_EPOCH,
            date_updated: DateTime::UNIX_EPOCH,
            expires_at: DateTime::UNIX_EPOCH,
        }
    }

    fn note(journal: &mut Journal, number: u128, kind: EventKind) {
        journal.note(&verification(number), DateTime::UNIX_EPOCH, kind);
    }

    fn changed(journal: &Journal, after: u64) -> Vec<u128> {
        journal.changed_after(after).map(|entry| entry.verification.sid.as_u128()).collect()
    }

    #[test]
    fn each_verification_is_listed_once_with_its_last_change() {
        let mut journal = Journal::default();
        for number in [1, 2, 3, 1] {
            note(&mut journal, number, EventKind::Checked { valid: false });
        }
        assert_eq!(changed(&journal, 0), [1, 3, 2]);
        assert_eq!(changed(&journal, 2), [1, 3]);
        assert_eq!(changed(&journal, journal.revision()), []);
        assert_eq!(journal.get(VerificationSid::from_u128(1)).unwrap().events.len(), 2);
        journal.clear();
        assert_eq!(changed(&journal, 0), []);
        assert_eq!((journal.revision(), journal.cleared()), (5, 5));
        note(&mut journal, 4, EventKind::Expired);
        assert_eq!(changed(&journal, 5), [4]);
    }

    #[test]
    fn what_changed_longest_ago_leaves_when_it_is_full() {
        let mut journal = Journal::default();
        for number in 0..Journal::CAPACITY as u128 {
            note(&mut journal, number, EventKind::Canceled);
        }
        note(&mut journal, 0, EventKind::Canceled);
        note(&mut journal, 20_000, EventKind::Canceled);
        assert!(journal.get(VerificationSid::from_u128(1)).is_none());
        assert!(journal.get(VerificationSid::from_u128(0)).is_some());
        assert_eq!(journal.changed_after(0).count(), Journal::CAPACITY);
        for _ in 0..200 {
            note(&mut journal, 0, EventKind::Checked { valid: false });
        }
        let events = &journal.get(VerificationSid::from_u128(0)).unwrap().events;
        assert_eq!(events.len(), Journal::OF_EACH);
    }
}
