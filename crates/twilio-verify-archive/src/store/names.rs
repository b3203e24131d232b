//! The names of files.

use chrono::NaiveDate;

/// The file of the state.
pub(crate) const STATE: &str = "_state.json";
/// The lock of the state, in a folder. Parquet readers skip names that begin with `_` or `.`.
pub(crate) const STATE_LOCK: &str = "_lock";
/// The object that is written to ask an object store for the time.
#[cfg(feature = "object-store")]
pub(crate) const CLOCK: &str = "_clock";
/// The file of a day, in the day's folder.
pub(crate) const ATTEMPTS: &str = "attempts.parquet";
/// The suffix of a temporary file. Its name begins with a `.` and the name of the file that it
/// becomes.
pub(crate) const TEMPORARY: &str = ".tmp";

const DAY: &str = "%Y-%m-%d";

/// Returns the name of the folder of a day.
pub(crate) fn folder(day: NaiveDate) -> String {
    format!("date={}", day.format(DAY))
}

/// Returns the name of the file of a day.
pub(crate) fn file(day: NaiveDate) -> String {
    format!("{}/{ATTEMPTS}", folder(day))
}

/// Returns the name of the lock of a day.
pub(crate) fn lock(day: NaiveDate) -> String {
    format!("{STATE_LOCK}-{}", day.format(DAY))
}

/// Returns the day of a folder's name.
pub(crate) fn day(folder: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(folder.strip_prefix("date=")?, DAY).ok()?;
    (self::folder(day) == folder).then_some(day)
}

/// Whether a file is an unfinished one of an earlier writer.
pub(crate) fn is_temporary(name: &str) -> bool {
    let ours = [ATTEMPTS, STATE].into_iter().any(|file| {
        let rest = name.strip_prefix('.').and_then(|name| name.strip_prefix(file));
        rest.is_some_and(|rest| rest.starts_with('.'))
    });
    ours && name.ends_with(TEMPORARY)
}
