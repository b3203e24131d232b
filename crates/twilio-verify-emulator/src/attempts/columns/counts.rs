//! Counts of attempts, by what the filters distinguish.

use std::ops::{AddAssign, SubAssign};

use crate::attempts::data::filter::Period;
use crate::values::conversion_status::ConversionStatus;

/// The number of attempts, and the number of those that converted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) total: u64,
    pub(crate) converted: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.total += other.total;
        self.converted += other.converted;
    }
}

impl SubAssign for Counts {
    fn sub_assign(&mut self, other: Self) {
        self.total -= other.total;
        self.converted -= other.converted;
    }
}

/// The group of an attempt, and whether it converted: everything that counting needs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark(u32);

impl Mark {
    pub(crate) fn new(group: u32, status: ConversionStatus) -> Self {
        Self(group << 1 | u32::from(status == ConversionStatus::Converted))
    }

    pub(crate) const fn group(self) -> u32 {
        self.0 >> 1
    }

    /// Returns 1 if the attempt converted, otherwise 0.
    pub(crate) const fn converted(self) -> u32 {
        self.0 & 1
    }
}

/// The groups that match a filter.
pub(crate) enum Wanted {
    All,
    /// 1 or 0 for each group number: 1 if the group matches.
    Of(Vec<u8>),
}

impl Wanted {
    /// Returns 1 if a group matches, otherwise 0.
    pub(crate) fn group(&self, group: u32) -> u32 {
        match self {
            Self::All => 1,
            Self::Of(groups) => groups.get(group as usize).map_or(0, |wanted| u32::from(*wanted)),
        }
    }

    /// Counts the attempts that match and were created in a period.
    pub(crate) fn count_of(
        &self,
        period: Period,
        attempts: impl Iterator<Item = (Mark, i64)>,
    ) -> Counts {
        let from = period.from.unwrap_or(i64::MIN);
        let last = match period.until {
            None => i64::MAX,
            Some(until) => match until.checked_sub(1) {
                Some(last) => last,
                None => return Counts::default(),
            },
        };
        let (mut total, mut converted) = (0, 0);
        for (mark, created) in attempts {
            let wanted = self.group(mark.group()) & u32::from(from <= created && created <= last);
            total += wanted;
            converted += wanted & mark.0;
        }
        Counts { total: u64::from(total), converted: u64::from(converted) }
    }

    /// Counts the attempts that match.
    pub(crate) fn count(&self, marks: impl ExactSizeIterator<Item = Mark>) -> Counts {
        // The loop has no branch, because it would be unpredictable.
        let (mut total, mut converted) = (0, 0);
        match self {
            Self::All => {
                total = marks.len() as u32;
                converted = marks.map(Mark::converted).sum();
            }
            Self::Of(_) => {
                for mark in marks {
                    let wanted = self.group(mark.group());
                    total += wanted;
                    converted += wanted & mark.0;
                }
            }
        }
        Counts { total: u64::from(total), converted: u64::from(converted) }
    }
}

/// The counts of each group in a part of the store, which has fewer than 2^32 attempts.
#[derive(Default)]
pub(crate) struct Tally {
    /// The number of attempts of all groups.
    total: u32,
    converted: u32,
    /// Sorted by group number; only groups that have attempts.
    groups: Vec<GroupTally>,
}

struct GroupTally {
    group: u32,
    total: u32,
    converted: u32,
}

impl Tally {
    pub(crate) fn of(mut marks: Vec<Mark>) -> Self {
        marks.sort_unstable();
        let mut tally = Self::default();
        for group in marks.chunk_by(|left, right| left.group() == right.group()) {
            let converted = group.iter().map(|mark| mark.converted()).sum();
            let total = group.len() as u32;
            tally.total += total;
            tally.converted += converted;
            tally.groups.push(GroupTally { group: group[0].group(), total, converted });
        }
        tally.groups.shrink_to_fit();
        tally
    }

    pub(crate) fn add(&mut self, mark: Mark) {
        let group = mark.group();
        let found = self.groups.binary_search_by_key(&group, |own| own.group);
        let at = found.unwrap_or_else(|at| {
            let (total, converted) = (0, 0);
            self.groups.insert(at, GroupTally { group, total, converted });
            at
        });
        self.total += 1;
        self.converted += mark.converted();
        self.groups[at].total += 1;
        self.groups[at].converted += mark.converted();
    }

    pub(crate) fn subtract(&mut self, mark: Mark) {
        let group = mark.group();
        if let Ok(at) = self.groups.binary_search_by_key(&group, |own| own.group) {
            self.total -= 1;
            self.converted -= mark.converted();
            self.groups[at].total -= 1;
            self.groups[at].converted -= mark.converted();
            if self.groups[at].total == 0 {
                self.groups.remove(at);
            }
        }
    }

    /// Counts the attempts of the wanted groups.
    pub(crate) fn count(&self, wanted: &Wanted) -> Counts {
        let (mut total, mut converted) = (0, 0);
        match wanted {
            Wanted::All => (total, converted) = (self.total, self.converted),
            Wanted::Of(_) => {
                for own in &self.groups {
                    let wanted = wanted.group(own.group);
                    total += wanted * own.total;
                    converted += wanted * own.converted;
                }
            }
        }
        Counts { total: u64::from(total), converted: u64::from(converted) }
    }
}
