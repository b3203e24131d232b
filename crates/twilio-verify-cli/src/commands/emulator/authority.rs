//! Writes the certificate of an emulator's CA to a file.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::failure::report::Failure;

/// A file with the certificate of an emulator's CA.
pub(super) enum Authority {
    /// A file at the given path.
    Given(PathBuf),
    /// A temporary file, which is deleted when the emulator stops.
    Temporary(NamedTempFile),
}

impl Authority {
    pub(super) fn write(pem: &str, path: Option<PathBuf>) -> Result<Self, Failure> {
        let (flag, written) = match path {
            Some(path) => {
                ("--tls-ca <FILE>", std::fs::write(&path, pem).map(|()| Self::Given(path)))
            }
            None => ("--tls", Self::temporary(pem).map(Self::Temporary)),
        };
        written.map_err(|error| {
            Failure::usage(
                format!("{flag}: cannot write the certificate: {error}"),
                "choose a writable file with --tls-ca FILE",
            )
        })
    }

    fn temporary(pem: &str) -> io::Result<NamedTempFile> {
        let mut file =
            tempfile::Builder::new().prefix("twilio-verify-ca-").suffix(".pem").tempfile()?;
        file.write_all(pem.as_bytes())?;
        file.flush()?;
        Ok(file)
    }

    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Given(path) => path,
            Self::Temporary(file) => file.path(),
        }
    }
}
