//! Merges two reads of an attempt into one row.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::{Map, Value};

use crate::rows::columns::TEXTS;
use crate::rows::row::{Private, Row};

/// The changes that merging made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Merged {
    /// Attempts that were not in the file before.
    pub added: u64,
    /// Attempts whose row changed.
    pub changed: u64,
    /// Attempts that were read again and have not changed.
    pub unchanged: u64,
}

impl Merged {
    /// Whether the file of the day was written.
    pub const fn is_written(&self) -> bool {
        self.added > 0 || self.changed > 0
    }
}

/// Adds new rows to those of a day, and sorts them by time and SID.
pub(crate) fn merge(rows: &mut Vec<Row>, new: Vec<Row>) -> Merged {
    let mut merged = Merged::default();
    let before = rows.len();
    // The index of the row with each new SID. Most rows of a day are not read again.
    let mut places: HashMap<Box<str>, Option<usize>> =
        new.iter().map(|row| (row.sid.clone(), None)).collect();
    for (index, row) in rows.iter().enumerate() {
        if let Some(place) = places.get_mut(&row.sid) {
            *place = Some(index);
        }
    }
    let mut touched: HashMap<usize, Row> = HashMap::new();
    for row in new {
        match places.get_mut(&row.sid) {
            Some(Some(place)) => {
                if let Entry::Vacant(entry) = touched.entry(*place) {
                    entry.insert(rows[*place].clone());
                }
                absorb(&mut rows[*place], row);
            }
            Some(place @ None) => {
                *place = Some(rows.len());
                rows.push(row);
            }
            None => {}
        }
    }
    for (place, old) in touched {
        if place >= before {
            continue;
        }
        if rows[place] == old {
            merged.unchanged += 1;
        } else {
            merged.changed += 1;
        }
    }
    merged.added = u64::try_from(rows.len() - before).unwrap_or(u64::MAX);
    if merged.is_written() {
        rows.sort_by(order);
    }
    merged
}

/// Compares rows in the order of a file: by time, then by SID.
pub(crate) fn order(one: &Row, other: &Row) -> Ordering {
    one.date_created.cmp(&other.date_created).then_with(|| one.sid.cmp(&other.sid))
}

/// Merges a later read of the same attempt into a row. The later `date_updated` wins, or the later
/// read if both are equal. An absent value never replaces another one.
fn absorb(row: &mut Row, read: Row) {
    let newer = read.date_updated >= row.date_updated;
    let (winner, loser) = if newer { (&read, &*row) } else { (&*row, &read) };
    let mut merged = winner.clone();
    for column in TEXTS {
        if (column.get)(&merged).is_none()
            && let Some(text) = (column.get)(loser)
        {
            (column.set)(&mut merged, &text);
        }
    }
    merged.date_updated = merged.date_updated.or(loser.date_updated);
    merged.code_length = merged.code_length.or(loser.code_length);
    merged.price = merged.price.or(loser.price);
    merged.channel_data_other =
        both(winner.channel_data_other.as_ref(), loser.channel_data_other.as_ref());
    merged.price_other = both(winner.price_other.as_ref(), loser.price_other.as_ref());
    *row = merged;
}

/// Merges two objects. The winner's value of a common field is kept, unless it is null.
fn both(winner: Option<&Private>, loser: Option<&Private>) -> Option<Private> {
    let (Some(one), Some(other)) = (winner, loser) else { return winner.or(loser).cloned() };
    if one == other {
        return Some(one.clone());
    }
    let fields = |text: &Private| serde_json::from_str::<Map<String, Value>>(text.as_str()).ok();
    let (Some(one), Some(mut all)) = (fields(one), fields(other)) else { return winner.cloned() };
    for (name, value) in one {
        if !value.is_null() || !all.contains_key(&name) {
            all.insert(name, value);
        }
    }
    Some(Private::from(Value::Object(all).to_string().into_boxed_str()))
}
