//! What was listed of an account.

use chrono::{DateTime, TimeDelta, Utc};

/// What was listed last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cover {
    /// Up to when all attempts were listed.
    pub(crate) until: DateTime<Utc>,
    pub(crate) mode: Mode,
}

/// How attempts are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// What is new, and again what may still convert.
    Newest,
    /// Each attempt once, when it has had the time to convert: what is made in this time, with a call.
    Delayed(TimeDelta),
    /// They are counted.
    Large,
}
