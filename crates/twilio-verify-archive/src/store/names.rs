//! The names of files.

use chrono::NaiveDate;

/// The state.
pub(crate) const STATE: &str = "_state.json";
/// The lock of the state, in a folder. Readers of Parquet skip what begins with `_` or `.`.
pub(crate) const STATE_LOCK: &str = "_lock";
/// What an object store is asked the time by.
#[cfg(feature = "object-store")]
pub(crate) const CLOCK: &str = "_clock";
/// The file of a day, in the day's folder.
pub(crate) const ATTEMPTS: &str = "attempts.parquet";
/// What the name of a temporary file ends with; it begins with a `.` and the name of the file that
/// it becomes.
pub(crate) const TEMPORARY: &str = ".tmp";

const DAY: &str = "%Y-%m-%d";

/// The folder of a day.
pub(crate) fn folder(day: NaiveDate) -> String {
    format!("date={}", day.format(DAY))
}

/// The file of a day.
pub(crate) fn file(day: NaiveDate) -> String {
    format!("{}/{ATTEMPTS}", folder(day))
}

/// The lock of a day.
pub(crate) fn lock(day: NaiveDate) -> String {
    format!("{STATE_LOCK}-{}", day.format(DAY))
}

/// The day of a folder.
pub(crate) fn day(folder: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(folder.strip_prefix("date=")?, DAY).ok()?;
    (self::folder(day) == folder).then_some(day)
}

/// Whether a file is one that an earlier writer has left unfinished.
pub(crate) fn is_temporary(name: &str) -> bool {
    let ours = [ATTEMPTS, STATE].into_iter().any(|file| {
        let rest = name.strip_prefix('.').and_then(|name| name.strip_prefix(file));
        rest.is_some_and(|rest| rest.starts_with('.'))
    });
    ours && name.ends_with(TEMPORARY)
}
