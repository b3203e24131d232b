//! Exit codes.

use std::process::ExitCode;

/// The codes that `--help` documents; scripts rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Success.
    Ok = 0,
    /// A failure without a code of its own.
    Other = 1,
    /// The command line, or a value in it, is invalid.
    Usage = 2,
    /// Credentials are missing or were rejected.
    Credentials = 3,
    /// The resource doesn't exist.
    NotFound = 4,
    /// Too many requests.
    RateLimited = 5,
    /// There was no response: a network failure or a timeout.
    Network = 6,
    /// A verification check whose code is wrong.
    NotApproved = 7,
    /// A look that has findings.
    Findings = 8,
    /// A sync that ended, but is not proven complete.
    #[cfg(feature = "archive")]
    Unproven = 9,
    /// Ctrl-C.
    Interrupted = 130,
}

/// The codes, as `--help` shows them.
pub(crate) const HELP: &str = "\
Exit codes:
  0    success
  1    any other failure
  2    wrong usage, or an invalid value
  3    credentials are missing, or were rejected
  4    the resource doesn't exist
  5    too many requests
  6    network failure, or timeout
  7    not approved, by `verifications check`
  8    there are findings, by `attempts watch --once`
  9    ended, but not proven complete, by `attempts sync`
  130  interrupted by Ctrl-C";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
