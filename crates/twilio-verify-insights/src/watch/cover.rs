//! Tracks what was listed of an account.

use chrono::{DateTime, TimeDelta, Utc};

/// How far attempts were listed, and how they are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cover {
    /// The time up to which all attempts were listed.
    pub(crate) until: DateTime<Utc>,
    pub(crate) mode: Mode,
}

/// How attempts are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// New attempts are listed, and those that may still convert are listed again.
    Newest,
    /// Each attempt is listed once, when it has had the time to convert. A call covers this length of
    /// time.
    Delayed(TimeDelta),
    /// Attempts are counted.
    Large,
}
