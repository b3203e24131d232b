//! The columns of a table.

use std::borrow::Cow;

/// A column of a table.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(super) heading: Cow<'static, str>,
    /// The path of the value: field names, separated by dots.
    pub(super) path: Cow<'static, str>,
    pub(super) kind: Kind,
    /// In a narrow terminal, the column with the smallest number is left out
    /// first. A column without a number, such as the SID, is always kept.
    pub(super) spare: Option<usize>,
}

impl Column {
    /// Creates a column of the values of a field.
    pub(crate) const fn new(heading: &'static str, path: &'static str) -> Self {
        Self {
            heading: Cow::Borrowed(heading),
            path: Cow::Borrowed(path),
            kind: Kind::Text,
            spare: None,
        }
    }

    /// Creates a column whose heading and path are made at run time.
    pub(crate) fn named(heading: String, path: String, kind: Kind) -> Self {
        Self { heading: Cow::Owned(heading), path: Cow::Owned(path), kind, spare: None }
    }

    /// Returns the path of the values.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Marks the columns that a narrow terminal omits, the last one first. The
    /// column of the SID is always shown. Without such a column, the first one is.
    pub(crate) fn ordered(mut columns: Vec<Self>) -> Vec<Self> {
        let kept = columns.iter().position(|column| column.path == "sid").unwrap_or(0);
        let mut order = 0;
        for (index, column) in columns.iter_mut().enumerate().rev() {
            column.spare = (index != kept).then(|| {
                order += 1;
                order
            });
        }
        columns
    }

    /// Sets how the value is shown.
    pub(crate) const fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// Allows a narrow terminal to leave the column out, in this order.
    pub(crate) const fn spare(mut self, order: usize) -> Self {
        self.spare = Some(order);
        self
    }
}

/// How a value is shown in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Unchanged.
    Text,
    /// An instant, to the second, in the zone that the heading names.
    Date,
    /// A status, in its colour.
    Status,
    /// An amount and its currency.
    Money,
    /// The items of an array, or the field names of an object.
    List,
}
