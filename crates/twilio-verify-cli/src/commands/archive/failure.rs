//! Failures to read or write an archive.

use std::io::ErrorKind;

use twilio_verify_archive::ArchiveError;

use crate::failure::report::{Failure, chain};

/// Returns the failure for an error of an archive.
pub(crate) fn failure(error: ArchiveError) -> Failure {
    let text = chain(&error);
    match error {
        ArchiveError::Request(error) => error.into(),
        ArchiveError::Io { source, .. }
            if matches!(source.kind(), ErrorKind::NotADirectory | ErrorKind::PermissionDenied) =>
        {
            Failure::usage(text, "name a folder that you can write to, or a new one")
        }
        ArchiveError::Account { .. } => {
            Failure::usage(text, "use the credentials of that account, or another folder")
        }
        ArchiveError::Numbers { .. } | ArchiveError::Url { .. } => {
            Failure::usage(text, "`--help` after the command describes what it accepts")
        }
        _ => Failure::other(text),
    }
}
