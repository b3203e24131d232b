//! The attempts that an emulator holds: columns, sorted by time.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use chrono::{DateTime, Utc};

use crate::attempt::{Attempt, Channel, ChannelData, ConversionStatus, Price};
use crate::country::Country;
use crate::destination::Number;
use crate::filter::{ListFilter, Period};
use crate::intern::Interner;
use crate::paging::{Page, Position, Start};
use crate::sid::{AttemptSid, ServiceSid, VerificationSid};
use crate::summary::Counts;

/// An attempt has the SID of another one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is an attempt {sid} already; every attempt needs a SID of its own")]
pub struct DuplicateSid {
    sid: AttemptSid,
}

impl DuplicateSid {
    /// The SID that two attempts have.
    #[must_use]
    pub const fn sid(&self) -> AttemptSid {
        self.sid
    }
}

/// The attempts of an emulator. A clone is the same store; requests see what was inserted at once.
///
/// Attempts are kept in order of date and SID, whatever the order they came in. A store that only grows at its
/// newer end grows cheaply; an attempt older than the newest one makes room for itself, in time that grows
/// with the number of attempts after it.
#[derive(Clone, Default)]
pub struct Store(Arc<RwLock<Columns>>);

impl Store {
    /// Adds an attempt.
    ///
    /// # Errors
    ///
    /// There is one with this SID; nothing has changed.
    pub fn insert(&self, attempt: Attempt) -> Result<(), DuplicateSid> {
        self.write().insert(attempt)
    }

    /// Adds attempts, all or none, in any order.
    ///
    /// # Errors
    ///
    /// One of them has the SID of another, here or already in the store; nothing has changed.
    pub fn extend(&self, attempts: impl IntoIterator<Item = Attempt>) -> Result<(), DuplicateSid> {
        // Collected first: the iterator is the caller's code, and may use this store.
        let attempts: Vec<Attempt> = attempts.into_iter().collect();
        self.write().extend(attempts)
    }

    /// How many attempts there are, retained or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.read().created.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The attempt with this SID, retained or not.
    #[must_use]
    pub fn get(&self, sid: AttemptSid) -> Option<Attempt> {
        let columns = self.read();
        Some(columns.attempt(columns.index(sid)?))
    }

    /// Changes the attempt with this SID, retained or not, and returns it as it is now; `None` if there is none.
    ///
    /// Its `sid` and `date_created` stay what they were, whatever `change` makes of them, and a fraction of a
    /// second in `date_updated` is cut off. Requests see all of the change or nothing of it. It takes as long for
    /// one attempt among millions as for the only one.
    ///
    /// `change` is called while the store is locked, and would wait for itself for ever if it used the store.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use twilio_verify_emulator::{ConversionStatus, Emulator, sample};
    /// let attempts = sample(1, chrono::Utc::now(), 1);
    /// let sid = attempts[0].sid;
    /// let emulator = Emulator::builder().attempts(attempts).start().await?;
    /// let changed = emulator.store().update(sid, |attempt| {
    ///     attempt.conversion_status = ConversionStatus::Converted;
    /// });
    /// assert_eq!(changed.unwrap().conversion_status, ConversionStatus::Converted);
    /// # Ok(())
    /// # }
    /// ```
    pub fn update(&self, sid: AttemptSid, change: impl FnOnce(&mut Attempt)) -> Option<Attempt> {
        self.write().update(sid, change)
    }

    /// Takes the attempt with this SID out, retained or not; `None` if there is none.
    pub fn remove(&self, sid: AttemptSid) -> Option<Attempt> {
        self.write().remove(sid)
    }

    /// Takes all attempts out.
    pub fn clear(&self) {
        self.write().clear();
    }

    /// Begins to note what changes, for [`Self::take_changes`]; without that nothing is.
    pub fn track_changes(&self) {
        self.write().changes.get_or_insert_default();
    }

    /// What has changed since this was called last, so that someone can keep a copy; nothing, unless changes
    /// [are noted](Self::track_changes). Each change is told once: whoever calls this is the only one who does.
    #[must_use = "it is not told again"]
    pub fn take_changes(&self) -> Changes {
        let mut columns = self.write();
        columns
            .changes
            .as_mut()
            .map(std::mem::take)
            .unwrap_or_default()
    }

    pub(crate) fn page(&self, filter: &ListFilter, start: Start, size: usize) -> Page {
        crate::paging::page(&self.read(), filter, start, size)
    }

    pub(crate) fn count(&self, filter: &crate::filter::SummaryFilter) -> Counts {
        crate::summary::count(&self.read(), filter)
    }

    // A panic elsewhere cannot leave the columns half changed: what can fail comes before the first change.
    fn read(&self) -> RwLockReadGuard<'_, Columns> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Columns> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

/// What has changed in a [`Store`].
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Changes {
    /// Whether all attempts were taken out; the rest came after that.
    pub cleared: bool,
    /// The attempts that were inserted, updated or removed, each once. What became of them [`Store::get`] says.
    pub sids: HashSet<AttemptSid>,
}

/// One column a property, one index an attempt; sorted by `(created, sid)`, oldest first.
#[derive(Default)]
pub(crate) struct Columns {
    /// Seconds since 1970.
    pub(crate) created: Vec<i64>,
    pub(crate) sid: Vec<u128>,
    /// Index into `services`.
    pub(crate) service: Vec<u32>,
    /// Two letters, or zeros.
    pub(crate) country: Vec<[u8; 2]>,
    /// A [`Channel`] as a number.
    pub(crate) channel: Vec<u8>,
    /// 1 if it converted, otherwise 0: summed up as it is.
    pub(crate) converted: Vec<u8>,
    /// A [`Number`].
    pub(crate) number: Vec<u64>,
    verification: Vec<u128>,
    updated: Vec<i64>,
    /// A destination that is no phone number.
    text: Vec<Option<Box<str>>>,
    /// Index into `profiles`.
    profile: Vec<u32>,

    services: Interner<ServiceSid>,
    profiles: Interner<Profile>,
    by_sid: HashMap<u128, i64>,
    changes: Option<Changes>,
}

/// What no filter looks at, and what many attempts have in common.
#[derive(PartialEq, Eq, Hash)]
struct Profile {
    /// Without the destination and the country.
    data: ChannelData,
    price: Option<Price>,
}

/// One attempt's entries of the columns.
struct Row {
    created: i64,
    sid: u128,
    service: u32,
    country: [u8; 2],
    channel: u8,
    converted: u8,
    number: u64,
    verification: u128,
    updated: i64,
    text: Option<Box<str>>,
    profile: u32,
}

/// Does the same to every column.
macro_rules! each_column {
    ($columns:ident, $column:ident => $body:expr) => {
        each_column!($columns, $column => $body;
            created sid service country channel converted number verification updated text profile)
    };
    ($columns:ident, $column:ident => $body:expr; $($name:ident)+) => {
        $({ let $column = &mut $columns.$name; $body; })+
    };
}

/// Gives every column its entry of a row.
macro_rules! each_entry {
    ($columns:ident, $row:ident, $column:ident, $entry:ident => $body:expr) => {
        each_entry!($columns, $row, $column, $entry => $body;
            created sid service country channel converted number verification updated text profile)
    };
    ($columns:ident, $row:ident, $column:ident, $entry:ident => $body:expr; $($name:ident)+) => {
        $({ let ($column, $entry) = (&mut $columns.$name, $row.$name); $body; })+
    };
}

impl Columns {
    fn insert(&mut self, attempt: Attempt) -> Result<(), DuplicateSid> {
        self.refuse_known(attempt.sid)?;
        let row = self.row(attempt);
        self.note_insert(&row);
        let index = self.lower_bound(Position {
            created: row.created,
            sid: row.sid,
        });
        each_entry!(self, row, column, entry => column.insert(index, entry));
        Ok(())
    }

    fn extend(&mut self, attempts: Vec<Attempt>) -> Result<(), DuplicateSid> {
        let mut sids = HashSet::with_capacity(attempts.len());
        for attempt in &attempts {
            self.refuse_known(attempt.sid)?;
            if !sids.insert(attempt.sid) {
                return Err(DuplicateSid { sid: attempt.sid });
            }
        }
        drop(sids);
        each_column!(self, column => column.reserve(attempts.len()));
        self.by_sid.reserve(attempts.len());
        for attempt in attempts {
            let row = self.row(attempt);
            self.note_insert(&row);
            each_entry!(self, row, column, entry => column.push(entry));
        }
        self.sort();
        Ok(())
    }

    fn index(&self, sid: AttemptSid) -> Option<usize> {
        let sid = sid.as_u128();
        let created = *self.by_sid.get(&sid)?;
        let index = self.lower_bound(Position { created, sid });
        (self.sid.get(index) == Some(&sid)).then_some(index)
    }

    fn update(&mut self, sid: AttemptSid, change: impl FnOnce(&mut Attempt)) -> Option<Attempt> {
        let index = self.index(sid)?;
        let mut attempt = self.attempt(index);
        let created = attempt.date_created;
        change(&mut attempt);
        (attempt.sid, attempt.date_created) = (sid, created);
        let (service, profile) = (self.service[index], self.profile[index]);
        let row = self.row(attempt);
        each_entry!(self, row, column, entry => column[index] = entry);
        // Only now, so that what did not change was not dropped in between.
        self.services.give_back(service);
        self.profiles.give_back(profile);
        self.note(sid.as_u128());
        Some(self.attempt(index))
    }

    fn remove(&mut self, sid: AttemptSid) -> Option<Attempt> {
        let index = self.index(sid)?;
        let attempt = self.attempt(index);
        self.services.give_back(self.service[index]);
        self.profiles.give_back(self.profile[index]);
        each_column!(self, column => { column.remove(index); });
        self.by_sid.remove(&sid.as_u128());
        self.note(sid.as_u128());
        Some(attempt)
    }

    fn clear(&mut self) {
        *self = Self {
            changes: self.changes.is_some().then(|| Changes {
                cleared: true,
                sids: HashSet::new(),
            }),
            ..Self::default()
        };
    }

    fn note_insert(&mut self, row: &Row) {
        self.by_sid.insert(row.sid, row.created);
        self.note(row.sid);
    }

    fn note(&mut self, sid: u128) {
        if let Some(changes) = &mut self.changes {
            changes.sids.insert(AttemptSid::from_u128(sid));
        }
    }

    fn refuse_known(&self, sid: AttemptSid) -> Result<(), DuplicateSid> {
        if self.by_sid.contains_key(&sid.as_u128()) {
            Err(DuplicateSid { sid })
        } else {
            Ok(())
        }
    }

    /// Takes an attempt apart.
    fn row(&mut self, attempt: Attempt) -> Row {
        let mut data = attempt.channel_data;
        let to = data.to.take();
        let number = to.as_deref().and_then(Number::parse);
        let country = data
            .country
            .take()
            .map(Country::letters)
            .unwrap_or_default();
        Row {
            created: attempt.date_created.timestamp(),
            sid: attempt.sid.as_u128(),
            service: self.services.take(attempt.service_sid),
            country,
            channel: attempt.channel as u8,
            converted: u8::from(attempt.conversion_status == ConversionStatus::Converted),
            number: number.unwrap_or(Number::NONE).0,
            verification: attempt.verification_sid.as_u128(),
            updated: attempt.date_updated.timestamp(),
            text: if number.is_some() {
                None
            } else {
                to.map(String::into_boxed_str)
            },
            profile: self.profiles.take(Profile {
                data,
                price: attempt.price,
            }),
        }
    }

    fn sort(&mut self) {
        let key = |index: usize| (self.created[index], self.sid[index]);
        let mut order: Vec<usize> = (0..self.created.len()).collect();
        if order.is_sorted_by_key(|index| key(*index)) {
            return;
        }
        // Stable, as that sort makes use of the order that there is already.
        order.sort_by_key(|index| key(*index));
        each_column!(self, column => {
            *column = order.iter().map(|index| std::mem::take(&mut column[*index])).collect();
        });
    }

    /// Puts an attempt together again.
    pub(crate) fn attempt(&self, index: usize) -> Attempt {
        let profile = self.profiles.get(self.profile[index]);
        let mut data = profile.map_or_else(ChannelData::default, |profile| profile.data.clone());
        data.to = Number(self.number[index])
            .text()
            .or_else(|| self.text[index].as_deref().map(str::to_owned));
        data.country = Some(self.country[index])
            .filter(|letters| *letters != [0; 2])
            .map(Country::from_letters);
        Attempt {
            sid: AttemptSid::from_u128(self.sid[index]),
            service_sid: self
                .services
                .get(self.service[index])
                .copied()
                .unwrap_or(ServiceSid::from_u128(0)),
            verification_sid: VerificationSid::from_u128(self.verification[index]),
            date_created: date(self.created[index]),
            date_updated: date(self.updated[index]),
            conversion_status: match self.converted[index] {
                0 => ConversionStatus::Unconverted,
                _ => ConversionStatus::Converted,
            },
            channel: Channel::ALL[usize::from(self.channel[index])],
            price: profile.and_then(|profile| profile.price.clone()),
            channel_data: data,
        }
    }

    /// Where an attempt stands in the total order.
    pub(crate) fn position(&self, index: usize) -> Position {
        Position {
            created: self.created[index],
            sid: self.sid[index],
        }
    }

    /// The first index that is not before a position.
    pub(crate) fn lower_bound(&self, position: Position) -> usize {
        let first = self
            .created
            .partition_point(|created| *created < position.created);
        let count = self.created[first..].partition_point(|created| *created == position.created);
        first + self.sid[first..first + count].partition_point(|sid| *sid < position.sid)
    }

    /// The indices of the attempts of a period.
    pub(crate) fn range(&self, period: Period) -> Range<usize> {
        let first_from = |instant| self.created.partition_point(|created| *created < instant);
        let start = period.from.map_or(0, first_from);
        let end = period.until.map_or(self.created.len(), first_from);
        start..end.max(start)
    }

    /// What stands in the service column for a service; `None` if it has no attempts.
    pub(crate) fn service_index(&self, service: ServiceSid) -> Option<u32> {
        self.services.find(&service)
    }

    pub(crate) fn verification(&self, index: usize) -> u128 {
        self.verification[index]
    }

    pub(crate) fn text(&self, index: usize) -> Option<&str> {
        self.text[index].as_deref()
    }
}

/// An instant that was a date before.
fn date(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::attempt::ErrorCode;

    fn attempt(number: u128, seconds: i64) -> Attempt {
        let mut attempt = Attempt::new(
            AttemptSid::from_u128(number),
            ServiceSid::from_u128(number % 3),
            VerificationSid::from_u128(number),
            Channel::ALL[number as usize % 5],
            date(1_772_000_000 + seconds),
        );
        attempt.channel_data.to = match number % 3 {
            0 => None,
            1 => Some("someone@example.com".into()),
            _ => Some("+0573003003030".into()),
        };
        attempt.channel_data.country = number.is_multiple_of(2).then(|| "CO".parse().unwrap());
        attempt.channel_data.error_code = number.is_multiple_of(4).then_some(ErrorCode::Number(0));
        attempt
            .channel_data
            .extra
            .insert("later".into(), json!({ "number": number as u64 }));
        attempt.price = number
            .is_multiple_of(5)
            .then(|| Price::new("0.0050".parse().unwrap(), "usd"));
        attempt
    }

    #[test]
    fn an_attempt_comes_back_as_it_went_in() {
        let store = Store::default();
        let attempts: Vec<_> = (0..60)
            .map(|number| attempt(number, (number as i64 * 7) % 11))
            .collect();
        store.extend(attempts.iter().skip(20).cloned()).unwrap();
        for attempt in &attempts[..20] {
            store.insert(attempt.clone()).unwrap();
        }
        assert_eq!(store.len(), 60);
        for attempt in attempts {
            assert_eq!(store.get(attempt.sid), Some(attempt));
        }
        assert_eq!(store.get(AttemptSid::from_u128(60)), None);
    }

    #[test]
    fn a_fraction_of_a_second_is_cut_off() {
        let store = Store::default();
        let mut early = attempt(1, 0);
        early.date_created = DateTime::from_timestamp_millis(-1).unwrap();
        store.insert(early.clone()).unwrap();
        assert_eq!(
            store
                .get(early.sid)
                .unwrap()
                .date_created
                .timestamp_millis(),
            -1000
        );
    }

    #[test]
    fn a_sid_is_held_once_and_a_refused_batch_changes_nothing() {
        let store = Store::default();
        store.insert(attempt(1, 0)).unwrap();
        assert_eq!(
            store.insert(attempt(1, 5)).unwrap_err().sid(),
            AttemptSid::from_u128(1)
        );
        store.extend([attempt(2, 0), attempt(1, 0)]).unwrap_err();
        store.extend([attempt(3, 0), attempt(3, 1)]).unwrap_err();
        assert_eq!(store.len(), 1);
        store.extend([attempt(2, 0), attempt(3, 0)]).unwrap();
    }

    #[test]
    fn an_update_changes_all_but_sid_and_date() {
        let store = Store::default();
        store
            .extend((0..9).map(|number| attempt(number, 0)))
            .unwrap();
        let before = attempt(4, 0);
        let mut after = attempt(5, 60);
        let now = store.update(before.sid, |attempt| {
            assert_eq!(*attempt, before);
            *attempt = after.clone();
        });
        (after.sid, after.date_created) = (before.sid, before.date_created);
        assert_eq!(now.as_ref(), Some(&after));
        assert_eq!(store.get(after.sid), now);
        for number in (0..9).filter(|number| *number != 4) {
            let other = attempt(number, 0);
            assert_eq!(store.get(other.sid), Some(other));
        }
        assert_eq!(
            store.update(AttemptSid::from_u128(9), |_| unreachable!()),
            None
        );
    }

    #[test]
    fn what_is_taken_out_is_gone_and_can_come_again() {
        let store = Store::default();
        store
            .extend((0..9).map(|number| attempt(number, 0)))
            .unwrap();
        assert_eq!(store.remove(AttemptSid::from_u128(4)), Some(attempt(4, 0)));
        assert_eq!(store.remove(AttemptSid::from_u128(4)), None);
        assert_eq!(store.get(AttemptSid::from_u128(4)), None);
        assert_eq!(store.len(), 8);
        store.insert(attempt(4, 7)).unwrap();
        assert_eq!(store.get(AttemptSid::from_u128(4)), Some(attempt(4, 7)));
        store.clear();
        assert!(store.is_empty());
        store.insert(attempt(4, 0)).unwrap();
    }

    #[test]
    fn changes_are_told_once() {
        let store = Store::default();
        store.insert(attempt(1, 0)).unwrap();
        assert!(store.take_changes().sids.is_empty());
        store.track_changes();
        store.extend([attempt(2, 0), attempt(3, 0)]).unwrap();
        store.update(AttemptSid::from_u128(1), |attempt| attempt.price = None);
        store.update(AttemptSid::from_u128(1), |attempt| attempt.price = None);
        store.insert(attempt(3, 0)).unwrap_err();
        let told = |numbers: &[u128]| {
            numbers
                .iter()
                .map(|number| AttemptSid::from_u128(*number))
                .collect()
        };
        let changes = store.take_changes();
        assert!(!changes.cleared);
        assert_eq!(changes.sids, told(&[1, 2, 3]));
        assert!(store.take_changes().sids.is_empty());

        store.remove(AttemptSid::from_u128(2));
        assert_eq!(store.take_changes().sids, told(&[2]));
        store.insert(attempt(4, 0)).unwrap();
        store.clear();
        store.insert(attempt(5, 0)).unwrap();
        let changes = store.take_changes();
        assert!(changes.cleared);
        assert_eq!(changes.sids, told(&[5]));
    }
}
