//! What the process ends with.

use std::process::ExitCode;

/// The codes that `--help` documents; scripts rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Ok = 0,
    /// Anything that has no code of its own.
    Other = 1,
    /// The command line is wrong, or a value in it.
    Usage = 2,
    /// Credentials are missing, or were refused.
    Credentials = 3,
    /// There is no such resource.
    NotFound = 4,
    /// There were too many requests.
    RateLimited = 5,
    /// No answer came: the network, or time ran out.
    Network = 6,
    /// A check was made, and the code is not right.
    NotApproved = 7,
    /// Ctrl-C.
    Interrupted = 130,
}

/// The codes, as `--help` shows them.
pub(crate) const HELP: &str = "\
Exit codes:
  0    done
  1    any other failure
  2    wrong usage, or an invalid value
  3    credentials are missing, or were refused
  4    there is no such resource
  5    too many requests
  6    network failure, or time-out
  7    not approved, by `verifications check`
  130  interrupted by Ctrl-C";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
