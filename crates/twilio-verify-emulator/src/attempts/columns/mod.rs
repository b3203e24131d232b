//! Attempts in columns, and their order in time.

pub(crate) mod block;
pub(crate) mod counts;
pub(crate) mod index;
pub(crate) mod intern;
pub(crate) mod segment;

use std::hash::BuildHasher;
use std::ops::{AddAssign, Range, SubAssign};

use chrono::{DateTime, Utc};
use hashbrown::hash_table;
use hashbrown::{DefaultHashBuilder, HashTable};

use crate::attempts::columns::block::Block;
use crate::attempts::columns::counts::{Counts, Mark, Wanted};
use crate::attempts::columns::index::Entry;
use crate::attempts::columns::intern::Interner;
use crate::attempts::columns::segment::{Fingerprint, Keys, Segment};
use crate::attempts::data::attempt::DuplicateSid;
use crate::attempts::data::attempt::{Attempt, ChannelData, Price};
use crate::attempts::data::destination::{Destination, Number};
use crate::attempts::data::filter::{Filter, Period};
use crate::attempts::data::position::Position;
use crate::values::channel::Channel;
use crate::values::conversion_status::ConversionStatus;
use crate::values::country::Country;
use crate::values::sid::{AttemptSid, ServiceSid, VerificationSid};

/// What the filters by service, country and channel distinguish.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Group {
    service: ServiceSid,
    country: Option<Country>,
    channel: Channel,
}

/// The fields that many attempts share and no filter uses.
#[derive(PartialEq, Eq, Hash)]
struct Profile {
    /// The channel data without the destination and the country.
    data: ChannelData,
    price: Option<Price>,
}

/// A position in the order of time: a segment, a block in it, and an offset in the block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    segment: usize,
    block: usize,
    offset: usize,
}

impl Place {
    /// Returns the start of a segment.
    const fn of(segment: usize) -> Self {
        Self { segment, block: 0, offset: 0 }
    }
}

/// A table of attempts. Each is a row, with one entry in every column.
///
/// A row keeps its number as long as the attempt exists; fewer than 2^32 attempts fit into any memory. `by_sid` and the
/// segments contain only rows with attempts, so their row numbers are in bounds.
#[derive(Default)]
pub(crate) struct Columns {
    /// Seconds since 1970.
    created: Vec<i64>,
    sid: Vec<u128>,
    mark: Vec<Mark>,
    to: Vec<Destination>,
    verification: Vec<u128>,
    updated: Vec<i64>,
    /// Numbers in `profiles`.
    profile: Vec<u32>,

    /// Rows that hold no attempt.
    free: Vec<u32>,
    groups: Interner<Group>,
    /// The counts of each group, by its number.
    totals: Vec<Counts>,
    profiles: Interner<Profile>,
    /// Destinations that are not phone numbers.
    texts: Interner<Box<str>>,
    by_sid: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// All rows in order of `(created, sid)`, oldest first; no segment is empty.
    segments: Vec<Segment>,
}

/// The entries of an attempt, one for each column.
struct Row {
    created: i64,
    sid: u128,
    mark: Mark,
    to: Destination,
    verification: u128,
    updated: i64,
    profile: u32,
}

/// Runs a statement for every column.
macro_rules! each_column {
    ($columns:ident, $column:ident => $body:expr) => {
        each_column!($columns, $column => $body; created sid mark to verification updated profile)
    };
    ($columns:ident, $column:ident => $body:expr; $($name:ident)+) => {
        $({ let $column = &mut $columns.$name; $body; })+
    };
}

/// Runs a statement for every column and the row's entry for it.
macro_rules! each_entry {
    ($columns:ident, $row:ident, $column:ident, $entry:ident => $body:expr) => {
        each_entry!($columns, $row, $column, $entry => $body; created sid mark to verification updated profile)
    };
    ($columns:ident, $row:ident, $column:ident, $entry:ident => $body:expr; $($name:ident)+) => {
        $({ let ($column, $entry) = (&mut $columns.$name, $row.$name); $body; })+
    };
}

impl Columns {
    pub(crate) fn len(&self) -> usize {
        self.by_sid.len()
    }

    /// Returns the number of shared values.
    #[cfg(test)]
    pub(crate) fn interned(&self) -> usize {
        self.groups.len() + self.profiles.len() + self.texts.len()
    }

    pub(crate) fn reserve(&mut self, attempts: usize) {
        each_column!(self, column => column.reserve(attempts));
        let Self { by_sid, sid, hasher, .. } = self;
        by_sid.reserve(attempts, |row| hasher.hash_one(sid[*row as usize]));
    }

    pub(crate) fn check_new(&self, sid: AttemptSid) -> Result<(), DuplicateSid> {
        match self.row(sid) {
            Some(_) => Err(DuplicateSid::new(sid)),
            None => Ok(()),
        }
    }

    pub(crate) fn sids(&self) -> impl Iterator<Item = AttemptSid> {
        self.by_sid.iter().map(|row| AttemptSid::from_u128(self.sid[*row as usize]))
    }

    /// Adds an attempt.
    pub(crate) fn insert(&mut self, attempt: Attempt) -> Result<(), DuplicateSid> {
        let row = self.push(attempt)?;
        self.place_row(row);
        Ok(())
    }

    /// Inserts a row into the order of time.
    fn place_row(&mut self, row: u32) {
        let place = self.place(self.position(row));
        let Self { segments, to, created, mark, verification, updated, hasher, .. } = self;
        let keys = |row: u32| Keys {
            entry: Entry {
                to: to[row as usize],
                created: created[row as usize],
                mark: mark[row as usize],
                row,
            },
            verification: fingerprint(hasher, verification[row as usize]),
            delay: delay(mark[row as usize], created[row as usize], updated[row as usize]),
        };
        let is_newest = place.segment == segments.len();
        let at = place.segment.min(segments.len().saturating_sub(1));
        match segments.get_mut(at) {
            Some(segment) if !segment.is_full() => {
                let block = if is_newest { usize::MAX } else { place.block };
                segment.insert(block, place.offset, row, keys);
            }
            Some(segment) if !is_newest => {
                let halves = segment.halves(keys);
                segments.splice(at..=at, halves);
                self.place_row(row);
            }
            _ => segments.push(Segment::of(&[row], keys)),
        }
    }

    fn keys(&self, row: u32) -> Keys {
        Keys {
            entry: Entry {
                to: self.to(row),
                created: self.created[row as usize],
                mark: self.mark(row),
                row,
            },
            verification: self.fingerprint(self.verification(row)),
            delay: delay(self.mark(row), self.created[row as usize], self.updated(row)),
        }
    }

    /// Returns the fingerprint by which segments find a verification.
    pub(crate) fn fingerprint(&self, verification: u128) -> Fingerprint {
        fingerprint(&self.hasher, verification)
    }

    /// Adds an attempt as [`Self::insert`] does, but leaves the order of time to [`Self::sort`].
    pub(crate) fn push(&mut self, attempt: Attempt) -> Result<u32, DuplicateSid> {
        let next = self.free.last().copied();
        // Fewer than 2^32: see [`Columns`].
        let row = next.unwrap_or(self.sid.len() as u32);
        let Self { by_sid, sid: sids, hasher, .. } = self;
        let sid = attempt.sid.as_u128();
        let of = |row: &u32| sids[*row as usize];
        match by_sid.entry(
            hasher.hash_one(sid),
            |row| of(row) == sid,
            |row| hasher.hash_one(of(row)),
        ) {
            hash_table::Entry::Occupied(_) => return Err(DuplicateSid::new(attempt.sid)),
            hash_table::Entry::Vacant(entry) => entry.insert(row),
        };
        let entries = self.entries(attempt);
        self.count(entries.mark, Counts::add_assign);
        if self.free.pop().is_some() {
            each_entry!(self, entries, column, entry => column[row as usize] = entry);
        } else {
            each_entry!(self, entries, column, entry => column.push(entry));
        }
        Ok(row)
    }

    /// Adds the attempts of other columns, unless one of them has a SID that exists already.
    pub(crate) fn absorb(&mut self, mut other: Self) -> Result<(), DuplicateSid> {
        for sid in other.sids() {
            self.check_new(sid)?;
        }
        // If there are many, sorting all rows is cheaper than finding the place of each.
        if other.len() > self.len() / 8 {
            self.reserve(other.len());
            for row in other.by_sid.iter() {
                self.push(other.attempt(*row))?;
            }
            self.sort();
        } else {
            other.sort();
            for row in other.segments.iter().flat_map(Segment::rows) {
                self.insert(other.attempt(row))?;
            }
        }
        Ok(())
    }

    /// Changes an attempt, except for its SID and creation date. Changes nothing if a field becomes invalid.
    pub(crate) fn update(
        &mut self,
        sid: AttemptSid,
        change: impl FnOnce(&mut Attempt),
    ) -> Option<Attempt> {
        let row = self.row(sid)?;
        let mut attempt = self.attempt(row);
        let created = attempt.date_created;
        change(&mut attempt);
        (attempt.sid, attempt.date_created) = (sid, created);
        if attempt.check().is_err() {
            return Some(self.attempt(row));
        }

        let place = self.place(self.position(row));
        let entries = self.entries(attempt);
        self.count(entries.mark, Counts::add_assign);
        // The new entries were taken first, so that unchanged values are not dropped in between.
        self.release(row);
        let before = self.keys(row);
        let after = Keys {
            entry: Entry { to: entries.to, mark: entries.mark, ..before.entry },
            verification: self.fingerprint(entries.verification),
            delay: delay(entries.mark, before.entry.created, entries.updated),
        };
        if let Some(segment) = self.segments.get_mut(place.segment) {
            segment.replace(place.block, before, after);
        }
        each_entry!(self, entries, column, entry => column[row as usize] = entry);
        Some(self.attempt(row))
    }

    pub(crate) fn remove(&mut self, sid: AttemptSid) -> Option<Attempt> {
        let row = self.row(sid)?;
        let attempt = self.attempt(row);
        let place = self.place(self.position(row));
        let keys = self.keys(row);
        if let Some(segment) = self.segments.get_mut(place.segment) {
            segment.remove(place.block, place.offset, keys);
            if segment.is_empty() {
                self.segments.remove(place.segment);
            }
        }
        self.release(row);
        let hash = self.hasher.hash_one(sid.as_u128());
        if let Ok(entry) = self.by_sid.find_entry(hash, |own| *own == row) {
            entry.remove();
        }
        self.free.push(row);
        Some(attempt)
    }

    /// Splits an attempt into its entries.
    fn entries(&mut self, attempt: Attempt) -> Row {
        let mut data = attempt.channel_data;
        let to = match data.to.take() {
            None => Destination::NONE,
            Some(to) => match Number::parse(&to) {
                Some(number) => number.into(),
                None => Destination::of_text(self.texts.take(to.into_boxed_str())),
            },
        };
        let group = self.groups.take(Group {
            service: attempt.service_sid,
            country: data.country.take(),
            channel: attempt.channel,
        });
        Row {
            created: attempt.date_created.timestamp(),
            sid: attempt.sid.as_u128(),
            mark: Mark::new(group, attempt.conversion_status),
            to,
            verification: attempt.verification_sid.as_u128(),
            updated: attempt.date_updated.timestamp(),
            profile: self.profiles.take(Profile { data, price: attempt.price }),
        }
    }

    /// Releases the values that the entries of a row refer to.
    fn release(&mut self, row: u32) {
        let mark = self.mark[row as usize];
        self.count(mark, Counts::sub_assign);
        self.groups.give_back(mark.group());
        self.profiles.give_back(self.profile[row as usize]);
        if let Some(text) = self.to[row as usize].text() {
            self.texts.give_back(text);
        }
    }

    /// Adds an attempt to, or subtracts it from, the total of its group.
    fn count(&mut self, mark: Mark, change: impl Fn(&mut Counts, Counts)) {
        let group = mark.group() as usize;
        if self.totals.len() <= group {
            self.totals.resize(group + 1, Counts::default());
        }
        let one = Counts { total: 1, converted: u64::from(mark.converted()) };
        change(&mut self.totals[group], one);
    }

    /// Sorts the rows themselves by time, removes gaps, and rebuilds the segments.
    pub(crate) fn sort(&mut self) {
        let mut order: Vec<(i64, u32)> = Vec::with_capacity(self.len());
        let mut live = vec![true; self.sid.len()];
        for row in &self.free {
            live[*row as usize] = false;
        }
        let rows = (0_u32..).zip(&self.created).zip(&live);
        order.extend(rows.filter(|(_, live)| **live).map(|((row, created), _)| (*created, row)));
        let sid = |row: u32| self.sid[row as usize];
        // The order is that of `(created, sid)`, but SIDs are compared only where times are equal.
        order.sort_unstable_by(|(created, row), (other, other_row)| {
            created.cmp(other).then_with(|| sid(*row).cmp(&sid(*other_row)))
        });

        let mut moved = vec![0; self.sid.len()];
        for (new, (_, old)) in (0_u32..).zip(&order) {
            moved[*old as usize] = new;
        }
        for row in self.by_sid.iter_mut() {
            *row = moved[*row as usize];
        }
        drop(moved);
        each_column!(self, column => {
            *column = order.iter().map(|(_, row)| column[*row as usize]).collect();
        });
        self.free = Vec::new();
        let rows: Vec<_> = (0..order.len() as u32).collect();
        drop(order);
        self.segments = Segment::split(&rows, |row| self.keys(row));
    }

    /// Returns the row of an attempt.
    pub(crate) fn row(&self, sid: AttemptSid) -> Option<u32> {
        let sid = sid.as_u128();
        let is_it = |row: &u32| self.sid[*row as usize] == sid;
        self.by_sid.find(self.hasher.hash_one(sid), is_it).copied()
    }

    /// Assembles an attempt from its entries.
    pub(crate) fn attempt(&self, row: u32) -> Attempt {
        let mark = self.mark[row as usize];
        let profile = self.profiles.get(self.profile[row as usize]);
        let mut data = profile.map_or_else(ChannelData::default, |profile| profile.data.clone());
        let to = self.to[row as usize];
        data.to = match to.text() {
            Some(text) => self.texts.get(text).map(|text| text.to_string()),
            None => to.number().map(Number::text),
        };
        let index = row as usize;
        // The group of an attempt is always in use.
        let group = self.groups.get(mark.group());
        data.country = group.and_then(|group| group.country);
        Attempt {
            sid: AttemptSid::from_u128(self.sid[index]),
            service_sid: group.map_or(ServiceSid::from_u128(0), |group| group.service),
            verification_sid: VerificationSid::from_u128(self.verification[index]),
            date_created: date(self.created[index]),
            date_updated: date(self.updated[index]),
            conversion_status: match mark.converted() {
                0 => ConversionStatus::Unconverted,
                _ => ConversionStatus::Converted,
            },
            channel: group.map_or(Channel::Sms, |group| group.channel),
            price: profile.and_then(|profile| profile.price.clone()),
            channel_data: data,
        }
    }

    /// Returns the position of an attempt in the total order.
    pub(crate) fn position(&self, row: u32) -> Position {
        Position { created: self.created[row as usize], sid: self.sid[row as usize] }
    }

    pub(crate) fn mark(&self, row: u32) -> Mark {
        self.mark[row as usize]
    }

    pub(crate) fn updated(&self, row: u32) -> i64 {
        self.updated[row as usize]
    }

    pub(crate) fn to(&self, row: u32) -> Destination {
        self.to[row as usize]
    }

    pub(crate) fn verification(&self, row: u32) -> u128 {
        self.verification[row as usize]
    }

    /// Returns the place of the first attempt for which the condition is false. It must be true for all older ones.
    fn place_after(&self, is_before: impl Fn(u32) -> bool) -> Place {
        let is_past = |block: &Block| block.rows().last().is_none_or(|row| is_before(*row));
        let all_past = |segment: &Segment| segment.blocks().last().is_none_or(is_past);
        let segment = self.segments.partition_point(all_past);
        let blocks = self.segments.get(segment).map_or(&[][..], Segment::blocks);
        let block = blocks.partition_point(is_past);
        let rows = blocks.get(block).map_or(&[][..], Block::rows);
        Place { segment, block, offset: rows.partition_point(|row| is_before(*row)) }
    }

    /// Returns the place of the first attempt that is not before a position.
    pub(crate) fn place(&self, position: Position) -> Place {
        self.place_after(|row| self.position(row) < position)
    }

    /// Returns the places of the attempts of a period.
    pub(crate) fn range(&self, period: Period) -> Range<Place> {
        let first_from = |instant| self.place_after(|row| self.created[row as usize] < instant);
        let start = period.from.map_or(Place::default(), first_from);
        let end = period.until.map_or_else(|| Place::of(self.segments.len()), first_from);
        start..end.max(start)
    }

    /// Returns the segments with attempts of a range, oldest first, and whether the whole segment is in the range.
    pub(crate) fn segments(
        &self,
        range: Range<Place>,
    ) -> impl DoubleEndedIterator<Item = (usize, &Segment, bool)> {
        let first = range.start.segment;
        let last = range.end.segment;
        // Includes the segment that the range ends in, unless the range ends at its start.
        let end = last + usize::from(Place::of(last) < range.end);
        let segments = self.segments.get(first..end).unwrap_or_default();
        segments.iter().zip(first..end).map(move |(segment, at)| {
            let is_whole = range.start <= Place::of(at) && Place::of(at + 1) <= range.end;
            (at, segment, is_whole)
        })
    }

    /// Returns the attempts of a range in a segment, oldest first: blocks, each with its rows within the range.
    pub(crate) fn blocks(
        &self,
        at: usize,
        range: Range<Place>,
    ) -> impl DoubleEndedIterator<Item = (&Block, &[u32])> {
        let blocks = self.segments.get(at).map_or(&[][..], Segment::blocks);
        blocks.iter().enumerate().map(move |(index, block)| {
            let first = Place { segment: at, block: index, offset: 0 };
            let next = Place { block: index + 1, ..first };
            let offset = |place: Place| match place {
                _ if place <= first => 0,
                _ if place >= next => block.len(),
                _ => place.offset,
            };
            let rows = block.rows().get(offset(range.start)..offset(range.end));
            (block, rows.unwrap_or_default())
        })
    }

    /// Counts all attempts of the wanted groups.
    pub(crate) fn total(&self, wanted: &Wanted) -> Counts {
        let mut counts = Counts::default();
        for (group, total) in (0..).zip(&self.totals) {
            if wanted.group(group) > 0 {
                counts += *total;
            }
        }
        counts
    }

    /// Returns the groups that pass a filter, or `None` if there are none.
    pub(crate) fn wanted(&self, filter: &Filter) -> Option<Wanted> {
        if (filter.service, filter.country, filter.channel) == (None, None, None) {
            return Some(Wanted::All);
        }
        let passes = |group: &Group| {
            filter.service.is_none_or(|service| group.service == service)
                && filter.country.is_none_or(|country| group.country == Some(country))
                && filter.channel.is_none_or(|channel| group.channel == channel)
        };
        let groups: Vec<u8> = (0..self.totals.len() as u32)
            .map(|group| u8::from(self.groups.get(group).is_some_and(passes)))
            .collect();
        groups.contains(&1).then_some(Wanted::Of(groups))
    }

    /// Returns the value of a destination in the column, or `None` if no attempt has it.
    pub(crate) fn destination(&self, to: &str) -> Option<Destination> {
        match Number::parse(to) {
            Some(number) => Some(number.into()),
            None => self.texts.find(to).map(Destination::of_text),
        }
    }
}

fn fingerprint(hasher: &DefaultHashBuilder, verification: u128) -> Fingerprint {
    Fingerprint::of_hash(hasher.hash_one(verification))
}

/// Returns how many seconds after its creation an attempt converted, or 0 if it did not.
fn delay(mark: Mark, created: i64, updated: i64) -> i64 {
    if mark.converted() > 0 { updated.saturating_sub(created).max(0) } else { 0 }
}

/// Converts seconds that were computed from a date back to the date.
fn date(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}
