//! `attempts sync`: its command line.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::failure::feature::Feature;
use crate::failure::report::Failure;
use crate::values::numbers;

const HELP: &str = "\
An archive is a folder with a Parquet file for each UTC day, date=2026-03-02/attempts.parquet, which
DuckDB, Spark, ClickHouse and pandas read. The first sync reads the last 30 days. Later ones read new
attempts and those that may have changed, and each hour once more when it is 26 hours old, because
prices and delivery statuses are final by then. Run it at least every 30 days: what Twilio deletes
between two syncs is lost.

For each period, the list must have as many attempts as Twilio counts. If it doesn't, or if attempts
can't be read, the exit code is 9: run it again. After Ctrl-C, a crash or an error, the next sync goes
on where this one ended; no attempt is missing, and none is there twice.

Several machines can sync one archive in a folder that they share. Each locks the days that it reads,
skips days that another one has locked, and says which; with --every they read as often as a single
machine would. When one is killed, its days are free at once. The file system must support locks between
machines: NFS does, unless it is mounted with nolock or local_lock.

Numbers and e-mail addresses are personal data that Twilio deletes after 30 days. By default, the
archive keeps numbers without their last four digits, with a hash that shows whether two attempts went
to the same one. The key of the hash is in TWILIO_VERIFY_ARCHIVE_KEY, as hexadecimal digits, or in a
file; keep it apart from the archive.

Examples:
  twilio-verify attempts sync attempts-archive
  twilio-verify attempts sync attempts-archive --every 1h
  twilio-verify attempts sync attempts-archive --numbers none -o json
  duckdb -c \"SELECT date, count(*) FROM 'attempts-archive/*/*.parquet' GROUP BY 1 ORDER BY 1\"";

/// The archive and what it keeps.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
pub(crate) struct SyncArgs {
    /// The folder of the archive; it is created if it doesn't exist
    #[arg(value_name = "DIR")]
    pub(super) archive: PathBuf,

    /// Sync again and again until Ctrl-C: the time from one start to the next, such as 1h
    #[arg(long, value_name = "DURATION", value_parser = numbers::seconds)]
    pub(super) every: Option<u32>,

    /// What to keep of numbers and e-mail addresses. Default: what the archive already keeps, or
    /// `prefix` in a new one
    #[arg(long, value_enum, value_name = "KEEP")]
    pub(super) numbers: Option<Keep>,

    /// The file with the key of the hashes, instead of TWILIO_VERIFY_ARCHIVE_KEY or
    /// ~/.config/twilio-verify/archive.key, which is created if it doesn't exist
    #[arg(long, value_name = "FILE")]
    pub(super) key_file: Option<PathBuf>,

    /// How long a verification is valid, if Twilio has changed it for the account: attempts are read
    /// again until they are this old, and 10 minutes more
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "10m",
        value_parser = validity
    )]
    pub(super) validity: u32,

    /// The account, if the settings name it.
    #[arg(skip)]
    pub(super) account: Option<String>,
}

/// What to keep of numbers and e-mail addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Keep {
    /// All of them
    Full,
    /// Numbers without their last four digits, the domains of e-mail addresses, and a hash of each
    Prefix,
    /// Nothing
    None,
}

/// Reads a validity in seconds.
fn validity(text: &str) -> Result<u32, &'static str> {
    match numbers::seconds(text) {
        Ok(seconds @ 120..=86_400) => Ok(seconds),
        _ => Err("expected 2m to 24h, such as 10m"),
    }
}

impl SyncArgs {
    /// Rejects invalid arguments before anything is sent.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        Feature::Archive.required("attempts sync")?;
        if self.archive.to_string_lossy().contains("://") {
            return Err(Failure::usage(
                "DIR: the program writes to folders, and not to object stores",
                "name a folder, and copy it; the library `twilio-verify-archive` writes to object \
                 stores by its feature `object-store`",
            ));
        }
        if self.key_file.is_some() && self.numbers.is_some_and(|keep| keep != Keep::Prefix) {
            return Err(Failure::usage(
                "--key-file <FILE>: only `--numbers prefix` makes hashes",
                "remove --key-file, or choose --numbers prefix",
            ));
        }
        Ok(())
    }

    /// Sets the account, so that an archive of another one is rejected before anything is sent.
    pub(crate) fn of_account(&mut self, account: Option<String>) {
        self.account = account;
    }
}
