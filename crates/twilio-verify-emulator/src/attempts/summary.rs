//! Counting attempts for the summary.

use crate::attempts::columns::Columns;
use crate::attempts::columns::counts::Counts;
use crate::attempts::data::filter::Period;
use crate::attempts::data::filter::SummaryFilter;

/// Counts the attempts that match. The counts of whole segments, blocks and leaves are added up; attempts are checked
/// one by one only at the ends of the period or of the prefix.
pub(crate) fn count(columns: &Columns, filter: &SummaryFilter) -> Counts {
    let Some(wanted) = columns.wanted(&filter.common) else {
        return Counts::default();
    };
    let period = filter.common.period;
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
    counts
}
