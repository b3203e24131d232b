//! Pages of the list. They are found by position, so that an inserted attempt does not shift them.

use std::ops::Range;

use crate::attempts::columns::counts::Wanted;
use crate::attempts::columns::segment::Segment;
use crate::attempts::columns::{Columns, Place};
use crate::attempts::data::attempt::Attempt;
use crate::attempts::data::destination::Destination;
use crate::attempts::data::filter::ListFilter;
use crate::attempts::data::position::Position;
use crate::tables::page::{Page, PageStart};
use crate::values::conversion_status::ConversionStatus;
use crate::values::sid::VerificationSid;

/// If more than one in `MANY` attempts of a segment match, it is cheaper to check all of them in the order of time than
/// to sort the matches.
const MANY: usize = if cfg!(test) { 4 } else { 32 };

/// Returns a page of attempts, newest first.
pub(crate) fn page(
    columns: &Columns,
    filter: &ListFilter,
    start: PageStart<Position>,
    size: usize,
) -> Page<Attempt, Position> {
    let Some(matcher) = Matcher::new(columns, filter) else {
        return Page::default();
    };
    let range = columns.range(filter.common.seen());

    // Newest first. One more row than fits on the page shows whether there is another page.
    let mut rows: Vec<u32>;
    let (has_newer, has_older);
    match start {
        PageStart::First | PageStart::After(_) => {
            let end = match start {
                PageStart::After(position) => columns.place(position).clamp(range.start, range.end),
                _ => range.end,
            };
            rows = matcher.rows(range.start..end).rev().take(size + 1).collect();
            has_older = rows.len() > size;
            rows.truncate(size);
            let newer =
                rows.first().map_or(end, |first| columns.place(columns.position(*first).next()));
            has_newer = matcher.rows(newer..range.end).next().is_some();
        }
        PageStart::Before(position) => {
            let begin = columns.place(position.next()).clamp(range.start, range.end);
            rows = matcher.rows(begin..range.end).take(size + 1).collect();
            has_newer = rows.len() > size;
            rows.truncate(size);
            rows.reverse();
            let older = rows.last().map_or(begin, |last| columns.place(columns.position(*last)));
            has_older = matcher.rows(range.start..older).next_back().is_some();
        }
    }

    // An empty page still links to the page before it.
    let beside = |row: Option<&u32>, otherwise: fn(Position) -> Position| match (row, start) {
        (Some(row), _) => Some(columns.position(*row)),
        (None, PageStart::After(position) | PageStart::Before(position)) => {
            Some(otherwise(position))
        }
        (None, PageStart::First) => None,
    };
    Page {
        previous: beside(rows.first(), Position::previous)
            .filter(|_| has_newer)
            .map(PageStart::Before),
        next: beside(rows.last(), Position::next).filter(|_| has_older).map(PageStart::After),
        items: rows.into_iter().map(|row| columns.attempt(row)).collect(),
    }
}

/// The filters of the list, except for the period, as values of the columns.
struct Matcher<'a> {
    columns: &'a Columns,
    wanted: Wanted,
    converted: Option<bool>,
    /// The second as of which attempts are seen.
    as_of: Option<i64>,
    verification: Option<u128>,
    to: Option<Destination>,
}

impl<'a> Matcher<'a> {
    /// Converts a filter, or returns `None` if no attempt can match.
    fn new(columns: &'a Columns, filter: &ListFilter) -> Option<Self> {
        let to = match &filter.to {
            Some(to) => Some(columns.destination(to)?),
            None => None,
        };
        Some(Self {
            columns,
            wanted: columns.wanted(&filter.common)?,
            converted: filter.status.map(|status| status == ConversionStatus::Converted),
            as_of: filter.common.as_of,
            verification: filter.verification.map(VerificationSid::as_u128),
            to,
        })
    }

    /// Returns the matches in a range, oldest first. If the indexes of a segment find few matches, only these are
    /// checked; otherwise blocks without matches are skipped.
    fn rows(&self, range: Range<Place>) -> impl DoubleEndedIterator<Item = u32> {
        let segments = self.columns.segments(range.clone());
        // The counts of a block include conversions after `as_of`.
        let counted = self.converted.filter(|converted| *converted || self.as_of.is_none());
        segments.flat_map(move |(at, segment, is_whole)| {
            let mut few = self.few(segment);
            if let Some(rows) = &mut few {
                let is_within = |row: u32| range.contains(&self.columns.place(self.position(row)));
                rows.retain(|row| is_whole || is_within(*row));
                rows.sort_unstable_by_key(|row| self.position(*row));
            }
            let blocks = few.is_none().then(|| {
                let blocks = self.columns.blocks(at, range.clone());
                blocks
                    .filter(move |(block, _)| block.holds(&self.wanted, counted))
                    .flat_map(|(_, rows)| rows.iter().copied())
                    .filter(|row| self.matches(*row))
            });
            let few = few.into_iter().flatten();
            few.chain(blocks.into_iter().flatten())
        })
    }

    /// Returns the matches in a segment, in any order, found by verification or destination. Returns `None` without
    /// such a filter, or if enough attempts match to fill a page soon.
    fn few(&self, segment: &Segment) -> Option<Vec<u32>> {
        let most = segment.len() / MANY;
        let few = |rows: &mut dyn Iterator<Item = u32>| -> Option<Vec<u32>> {
            let matching = rows.filter(|row| self.matches(*row));
            let rows: Vec<_> = matching.take(most + 1).collect();
            (rows.len() <= most).then_some(rows)
        };
        match (self.verification, self.to) {
            (Some(verification), _) => {
                few(&mut segment.rows_of(self.columns.fingerprint(verification)))
            }
            (None, Some(to)) => few(&mut segment.rows_to(to)),
            (None, None) => None,
        }
    }

    fn position(&self, row: u32) -> Position {
        self.columns.position(row)
    }

    fn matches(&self, row: u32) -> bool {
        let mark = self.columns.mark(row);
        self.wanted.group(mark.group()) > 0
            && self.converted.is_none_or(|converted| {
                let is_seen = self.as_of.is_none_or(|second| self.columns.updated(row) <= second);
                converted == (mark.converted() > 0 && is_seen)
            })
            && self.to.is_none_or(|to| self.columns.to(row) == to)
            && self
                .verification
                .is_none_or(|verification| self.columns.verification(row) == verification)
    }
}
