//! The columns of a table.

use std::borrow::Cow;

/// A column of a table.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(super) heading: Cow<'static, str>,
    /// The names of the fields that lead to the value, separated by dots.
    pub(super) path: Cow<'static, str>,
    pub(super) kind: Kind,
    /// In a narrow terminal the column with the smallest number is left out
    /// first; one without a number never is.
    pub(super) spare: Option<u8>,
}

impl Column {
    /// A column of the values of a field.
    pub(crate) const fn new(heading: &'static str, path: &'static str) -> Self {
        Self {
            heading: Cow::Borrowed(heading),
            path: Cow::Borrowed(path),
            kind: Kind::Text,
            spare: None,
        }
    }

    /// A column with a heading that is made at run time.
    pub(crate) fn headed(heading: String, path: &'static str, kind: Kind) -> Self {
        Self { heading: Cow::Owned(heading), kind, ..Self::new("", path) }
    }

    /// How the value is shown.
    pub(crate) const fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// May be left out in a narrow terminal, in this order.
    pub(crate) const fn spare(mut self, order: u8) -> Self {
        self.spare = Some(order);
        self
    }
}

/// How a value is shown in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Unchanged.
    Text,
    /// An instant, to the second, in UTC.
    Date,
    /// A status, in its colour.
    Status,
    /// An amount and its currency.
    Money,
    /// Several values, or the names of several.
    List,
}
