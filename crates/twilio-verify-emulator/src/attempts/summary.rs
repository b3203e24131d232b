//! Counting attempts for the summary.

use crate::attempts::columns::Columns;
use crate::attempts::columns::counts::{Counts, Wanted};
use crate::attempts::data::filter::Period;
use crate::attempts::data::filter::SummaryFilter;

/// Counts the attempts that match. It adds the counts of whole segments, blocks and leaves; it checks attempts one by
/// one only at the ends of the period or of the prefix.
pub(crate) fn count(columns: &Columns, filter: &SummaryFilter) -> Counts {
    let Some(wanted) = columns.wanted(&filter.common) else {
        return Counts::default();
    };
    let period = filter.common.seen();
    if (period, filter.prefix) == (Period::default(), None) {
        return columns.total(&wanted);
    }
    let range = columns.range(period);
    let mut counts = Counts::default();
    for (at, segment, is_whole) in columns.segments(range.clone()) {
        match filter.prefix {
            Some(prefix) => {
                let period = if is_whole { Period::default() } else { period };
                counts += segment.count_prefix(&wanted, prefix, period);
            }
            None if is_whole => counts += segment.count(&wanted),
            None => {
                for (block, rows) in columns.blocks(at, range.clone()) {
                    counts += if rows.len() == block.len() {
                        block.count(&wanted)
                    } else {
                        wanted.count(rows.iter().map(|row| columns.mark(*row)))
                    };
                }
            }
        }
    }
    if let Some(second) = filter.common.as_of {
        counts.converted -= later(columns, &wanted, filter, second);
    }
    counts
}

/// Returns how many of the counted attempts converted after a second. It checks only attempts that are young enough to
/// have done so.
fn later(columns: &Columns, wanted: &Wanted, filter: &SummaryFilter, second: i64) -> u64 {
    let period = filter.common.seen();
    let is_later = |row: &u32| {
        let mark = columns.mark(*row);
        columns.updated(*row) > second
            && wanted.group(mark.group()) & mark.converted() > 0
            && filter.prefix.is_none_or(|prefix| prefix.matches(columns.to(*row)))
    };
    let mut later = 0;
    for (at, segment, _) in columns.segments(columns.range(period)) {
        let youngest = second.saturating_sub(segment.slowest()).saturating_add(1);
        let young = columns.range(period.not_before(Some(youngest)));
        let rows = columns.blocks(at, young).flat_map(|(_, rows)| rows);
        later += rows.filter(|row| is_later(row)).count() as u64;
    }
    later
}
