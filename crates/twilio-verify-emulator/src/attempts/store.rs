//! The store of an emulator's attempts.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::attempts::columns::Columns;
use crate::attempts::columns::counts::Counts;
use crate::attempts::data::attempt::{Attempt, AttemptError};
use crate::attempts::data::filter::{ListFilter, SummaryFilter};
use crate::attempts::data::position::Position;
use crate::attempts::{paging, summary};
use crate::tables::page::{Page, PageStart};
use crate::values::sid::AttemptSid;

/// The attempts of an emulator. A clone shares the same attempts, and requests see changes at once.
///
/// Attempts are ordered by date and SID, whatever the order of insertion. Inserting one takes as long among millions as
/// among thousands, and is fastest at the newer end; to insert many, use [`Self::extend`].
#[derive(Clone, Default)]
pub struct Store(Arc<RwLock<Contents>>);

#[derive(Default)]
struct Contents {
    columns: Columns,
    /// The changes, if they are tracked.
    changes: Option<Changes>,
}

impl Contents {
    fn note(&mut self, sids: impl IntoIterator<Item = AttemptSid>) {
        if let Some(changes) = &mut self.changes {
            changes.sids.extend(sids);
        }
    }
}

impl Store {
    /// Adds an attempt.
    ///
    /// # Errors
    ///
    /// An attempt with this SID exists, or a field is invalid. Nothing changes.
    pub fn insert(&self, attempt: Attempt) -> Result<(), AttemptError> {
        attempt.check()?;
        let sid = attempt.sid;
        let mut contents = self.write();
        contents.columns.insert(attempt)?;
        contents.note([sid]);
        Ok(())
    }

    /// Adds attempts in any order. Adds either all of them or none.
    ///
    /// # Errors
    ///
    /// Two of them have the same SID, one has the SID of an attempt in the store, or a field is invalid. Nothing
    /// changes.
    pub fn extend(&self, attempts: impl IntoIterator<Item = Attempt>) -> Result<(), AttemptError> {
        // Collected before the lock is taken: the iterator is the caller's code and may use this store, and requests
        // are served meanwhile.
        let attempts = attempts.into_iter();
        let mut columns = Columns::default();
        columns.reserve(attempts.size_hint().0);
        for attempt in attempts {
            attempt.check()?;
            columns.push(attempt)?;
        }
        let is_empty = self.is_empty();
        if is_empty {
            columns.sort();
        }
        let mut contents = self.write();
        let sids: Vec<_> = match contents.changes {
            Some(_) => columns.sids().collect(),
            None => Vec::new(),
        };
        if is_empty && contents.columns.len() == 0 {
            contents.columns = columns;
        } else {
            contents.columns.absorb(columns)?;
        }
        contents.note(sids);
        Ok(())
    }

    /// Returns the number of attempts, retained or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.read().columns.len()
    }

    /// Whether there are no attempts.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the attempt with this SID, retained or not.
    #[must_use]
    pub fn get(&self, sid: AttemptSid) -> Option<Attempt> {
        let columns = &self.read().columns;
        Some(columns.attempt(columns.row(sid)?))
    }

    /// Changes the attempt with this SID, retained or not, and returns the changed attempt. Returns `None` if there is
    /// no such attempt.
    ///
    /// Changes to `sid` and `date_created` are ignored, and a fraction of a second in `date_updated` is cut off. If a
    /// field becomes invalid, as for [`Self::insert`], nothing changes. Requests see either all of the change or none
    /// of it. The time does not depend on the number of attempts.
    ///
    /// `change` runs while the store is locked: it deadlocks if it uses the store.
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
        let mut contents = self.write();
        let attempt = contents.columns.update(sid, change)?;
        contents.note([sid]);
        Some(attempt)
    }

    /// Removes and returns the attempt with this SID, retained or not. Returns `None` if there is no such attempt.
    pub fn remove(&self, sid: AttemptSid) -> Option<Attempt> {
        let mut contents = self.write();
        let attempt = contents.columns.remove(sid)?;
        contents.note([sid]);
        Some(attempt)
    }

    /// Removes all attempts.
    pub fn clear(&self) {
        let mut contents = self.write();
        let columns = std::mem::take(&mut contents.columns);
        if let Some(changes) = &mut contents.changes {
            *changes = Changes { cleared: true, ..Changes::default() };
        }
        drop(contents);
        // Dropped outside the lock, because dropping millions of attempts takes a while.
        drop(columns);
    }

    /// Replaces the attempts with those of another store, which is emptied.
    pub(crate) fn replace(&self, with: &Self) {
        let columns = std::mem::take(&mut with.write().columns);
        let columns = {
            let mut contents = self.write();
            let Contents { columns: own, changes } = &mut *contents;
            if let Some(changes) = changes {
                *changes = Changes { cleared: true, sids: columns.sids().collect() };
            }
            std::mem::replace(own, columns)
        };
        // Dropped outside the lock, because dropping millions of attempts takes a while.
        drop(columns);
    }

    /// Returns all attempts, newest first.
    pub(crate) fn all(&self) -> Vec<Attempt> {
        self.page(&ListFilter::default(), PageStart::First, usize::MAX - 1).items
    }

    /// Starts to track changes for [`Self::take_changes`].
    pub fn track_changes(&self) {
        self.write().changes.get_or_insert_default();
    }

    /// Returns the SIDs of all attempts.
    pub(crate) fn sids(&self) -> Vec<AttemptSid> {
        self.read().columns.sids().collect()
    }

    /// Returns the changes since the last call, so that the caller can keep a copy. Returns no changes unless they [are
    /// tracked](Self::track_changes). Each change is returned once, so there can be only one caller.
    #[must_use = "each change is returned only once"]
    pub fn take_changes(&self) -> Changes {
        let mut contents = self.write();
        let changes = contents.changes.as_mut();
        changes.map(std::mem::take).unwrap_or_default()
    }

    pub(crate) fn page(
        &self,
        filter: &ListFilter,
        start: PageStart<Position>,
        size: usize,
    ) -> Page<Attempt, Position> {
        paging::page(&self.read().columns, filter, start, size)
    }

    pub(crate) fn count(&self, filter: &SummaryFilter) -> Counts {
        summary::count(&self.read().columns, filter)
    }

    #[cfg(test)]
    pub(crate) fn interned(&self) -> usize {
        self.read().columns.interned()
    }

    // A panic leaves the columns as they were: the caller's code runs before the first change.
    fn read(&self) -> RwLockReadGuard<'_, Contents> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Contents> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("len", &self.len()).finish_non_exhaustive()
    }
}

/// The changes of a [`Store`].
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Changes {
    /// Whether all attempts were removed before the other changes.
    pub cleared: bool,
    /// The SIDs of the attempts that were inserted, updated or removed. [`Store::get`] returns their current state.
    pub sids: HashSet<AttemptSid>,
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use serde_json::json;

    use super::*;
    use crate::attempts::data::attempt::{DuplicateSid, ErrorCode, Price};
    use crate::values::channel::Channel;
    use crate::values::sid::{ServiceSid, VerificationSid};

    fn date(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

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
        attempt.channel_data.extra.insert("later".into(), json!({ "number": number as u64 }));
        attempt.price =
            number.is_multiple_of(5).then(|| Price::new("0.0050".parse().unwrap(), "usd"));
        attempt
    }

    #[test]
    fn an_attempt_comes_back_as_it_went_in() {
        let store = Store::default();
        let attempts: Vec<_> =
            (0..60).map(|number| attempt(number, (number as i64 * 7) % 11)).collect();
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
        assert_eq!(store.get(early.sid).unwrap().date_created.timestamp_millis(), -1000);
    }

    #[test]
    fn a_sid_is_held_once_and_a_refused_batch_changes_nothing() {
        let store = Store::default();
        store.insert(attempt(1, 0)).unwrap();
        let duplicate = AttemptError::DuplicateSid(DuplicateSid::new(AttemptSid::from_u128(1)));
        assert_eq!(store.insert(attempt(1, 5)), Err(duplicate));
        store.extend([attempt(2, 0), attempt(1, 0)]).unwrap_err();
        store.extend([attempt(3, 0), attempt(3, 1)]).unwrap_err();
        assert_eq!(store.len(), 1);
        store.extend([attempt(2, 0), attempt(3, 0)]).unwrap();
    }

    #[test]
    fn what_could_not_be_written_is_refused_with_its_field() {
        let store = Store::default();
        store.insert(attempt(1, 0)).unwrap();
        let mut deep = json!(null);
        for _ in 0..100 {
            deep = json!([deep]);
        }
        type Change = Box<dyn Fn(&mut Attempt)>;
        let changes: [(&str, Change); 4] = [
            ("date_created", Box::new(|attempt| attempt.date_created = DateTime::<Utc>::MAX_UTC)),
            ("date_updated", Box::new(|attempt| attempt.date_updated = DateTime::<Utc>::MIN_UTC)),
            (
                "channel_data.code_length",
                Box::new(|attempt| attempt.channel_data.code_length = Some(3)),
            ),
            (
                "channel_data.extra",
                Box::new(move |attempt| {
                    attempt.channel_data.extra.insert("deep".into(), deep.clone());
                }),
            ),
        ];
        for (field, change) in changes {
            let mut wrong = attempt(2, 0);
            change(&mut wrong);
            let error = store.insert(wrong.clone()).unwrap_err();
            assert!(error.to_string().contains(&format!(": {field} is ")), "{error}");
            assert_eq!(store.extend([attempt(3, 0), wrong]), Err(error));
            assert_eq!(store.update(attempt(1, 0).sid, change), Some(attempt(1, 0)));
        }
        assert_eq!(store.len(), 1);
    }

    #[test]
    fn an_update_changes_all_but_sid_and_date() {
        let store = Store::default();
        store.extend((0..9).map(|number| attempt(number, 0))).unwrap();
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
        assert_eq!(store.update(AttemptSid::from_u128(9), |_| unreachable!()), None);
    }

    #[test]
    fn what_is_taken_out_is_gone_and_can_come_again() {
        let store = Store::default();
        store.extend((0..9).map(|number| attempt(number, 0))).unwrap();
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
        let sids = |numbers: &[u128]| {
            numbers.iter().map(|number| AttemptSid::from_u128(*number)).collect()
        };
        let changes = store.take_changes();
        assert!(!changes.cleared);
        assert_eq!(changes.sids, sids(&[1, 2, 3]));
        assert!(store.take_changes().sids.is_empty());

        store.remove(AttemptSid::from_u128(2));
        assert_eq!(store.take_changes().sids, sids(&[2]));
        store.insert(attempt(4, 0)).unwrap();
        store.clear();
        store.insert(attempt(5, 0)).unwrap();
        let changes = store.take_changes();
        assert!(changes.cleared);
        assert_eq!(changes.sids, sids(&[5]));
    }
}
