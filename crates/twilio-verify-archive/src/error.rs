//! The errors of an archive.

use std::error::Error;
use std::io;

use chrono::NaiveDate;
use twilio_verify_insights::PeriodError;

use crate::numbers::numbers::NumbersMode;

/// The reason why an archive can't be read or written. Never contains a number or an address.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// A file or folder can't be read or written. Its previous content is unchanged.
    #[error("can't {action} {file}")]
    Io {
        /// What was tried, such as `write`.
        action: &'static str,
        /// The path or URL.
        file: String,
        /// Why it failed.
        source: io::Error,
    },
    /// Another program wrote the file. The file is left unchanged.
    #[error(
        "{file} is not a file of this archive ({found}); it was left as it is: move it away, or use \
         another folder"
    )]
    Foreign {
        /// The path or URL.
        file: String,
        /// What the file is, if known.
        found: String,
    },
    /// The file has another format version. The file is left unchanged.
    #[error(
        "{file} has version {found} of the archive's format, and this program reads version \
         {expected}; it was left as it is: use the version of the program that wrote it{}",
        written_by.as_ref().map(|program| format!(", {program}")).unwrap_or_default()
    )]
    Version {
        /// The path or URL.
        file: String,
        /// The version of the file.
        found: String,
        /// The version that this program reads.
        expected: u32,
        /// The program that wrote the file, if recorded.
        written_by: Option<String>,
    },
    /// The file of a day is truncated or damaged. [`Writer::replace`](crate::Writer::replace) rewrites
    /// it.
    #[error(
        "{file} is truncated or damaged; attempts of {day} can be read anew as long as Twilio keeps \
         them, 30 days"
    )]
    Corrupt {
        /// The day.
        day: NaiveDate,
        /// The path or URL.
        file: String,
        /// What is wrong with it.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The state file is damaged.
    #[error(
        "{file} is damaged; remove it, and the next sync reads what Twilio still has and finds \
         again what is complete"
    )]
    State {
        /// The path or URL.
        file: String,
        /// What is wrong with it.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Another writer holds the lock of the day to write, of all days to read, or of the state.
    #[error(
        "the archive is being written by another program{}; wait until it has ended ({file} is its \
         lock)",
        holder.as_ref().map(|holder| format!(", {holder}")).unwrap_or_default()
    )]
    Locked {
        /// The path or URL of the lock.
        file: String,
        /// The process and host that hold the lock, if known.
        holder: Option<String>,
    },
    /// The lock of a day was lost to another writer, which considered it abandoned.
    #[error("another program has taken the lock {file} over; run this one again")]
    LockLost {
        /// The path or URL of the lock.
        file: String,
    },
    /// The archive keeps numbers in another mode.
    #[error("{}", mixed(*archive, *given))]
    Numbers {
        /// The mode of the archive.
        archive: NumbersMode,
        /// The mode of the attempts to add.
        given: NumbersMode,
    },
    /// The archive belongs to another account.
    #[error(
        "the archive is of the account {archive}, and these attempts are of {given}; use another folder"
    )]
    Account {
        /// The SID of the archive's account.
        archive: String,
        /// The SID of the account of the attempts to add.
        given: String,
    },
    /// A row was created on another day than the one of the file.
    #[error("an attempt of {found} can't be written to the file of {day}")]
    Day {
        /// The day of the file.
        day: NaiveDate,
        /// The day of the row.
        found: NaiveDate,
    },
    /// The archive keeps fewer digits of numbers than a prefix has.
    #[error(
        "{what} needs more digits than the archive keeps of numbers ({}); only an archive that is \
         synced with `--numbers full` has all of them",
        digits(*kept)
    )]
    Digits {
        /// The dimension or filter.
        what: String,
        /// The most digits that the archive keeps of a number.
        kept: usize,
    },
    /// The dimensions of a breakdown are missing, repeated, invalid, or too many to combine.
    #[error("invalid dimensions: {0}")]
    Dimensions(&'static str),
    /// The period is invalid.
    #[error("invalid period: {0}")]
    Period(#[from] PeriodError),
    /// The URL does not name a supported object store.
    #[error("{url} is not the URL of an archive: {fault}")]
    Url {
        /// The URL.
        url: String,
        /// What is wrong with it.
        fault: String,
    },
    /// A request failed.
    #[error(transparent)]
    Request(#[from] twilio_verify::Error),
}

fn digits(kept: usize) -> String {
    match kept {
        0 => "none".to_owned(),
        kept => format!("at most {kept}"),
    }
}

fn mixed(archive: NumbersMode, given: NumbersMode) -> String {
    match (archive, given) {
        (NumbersMode::Prefix(archive), NumbersMode::Prefix(given)) => format!(
            "the archive's hashes are made with the key {archive}, and the key given is {given}; use \
             the archive's key, or another folder"
        ),
        (archive, given) => format!(
            "the archive was made with `--numbers {}`, and `--numbers {}` can't be added to it; use \
             `--numbers {}`, or another folder",
            archive.as_str(),
            given.as_str(),
            archive.as_str(),
        ),
    }
}
