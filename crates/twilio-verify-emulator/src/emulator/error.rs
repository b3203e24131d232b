//! Why an emulator did not start.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::attempts::data::attempt::DuplicateSid;
use crate::data_file::error::DataFileError;
use crate::faults::error::FaultError;
use crate::messages::code::InvalidCode;
use crate::values::sid::ServiceSid;

/// Why an emulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address can be reached from other machines, and nobody said that it may.
    #[error(
        "{address} is not a loopback address: other machines could reach the emulator; \
         use 127.0.0.1 or [::1], or call `allow_non_loopback(true)`"
    )]
    NotLoopback {
        /// The address asked for.
        address: SocketAddr,
    },
    /// The address could not be listened on.
    #[error("cannot listen on {address}; is the port taken? Port 0 picks a free one")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// The account SID is not `AC` and 32 hexadecimal digits.
    #[error("not an account SID: expected `AC` and 32 hexadecimal digits")]
    InvalidAccountSid,
    /// The SID of an API key is not `SK` and 32 hexadecimal digits.
    #[error("not the SID of an API key: expected `SK` and 32 hexadecimal digits")]
    InvalidApiKeySid,
    /// The auth token, or the secret of an API key, is empty.
    #[error("an auth token or API key secret is empty; no client could send it")]
    EmptySecret,
    /// The name of a service is not of 1 to 32 characters.
    #[error("the name of service {service} is not of 1 to 32 characters")]
    InvalidServiceName {
        /// The service.
        service: ServiceSid,
    },
    /// What [`public_url`](crate::EmulatorBuilder::public_url) was given is no base URL.
    #[error(
        "the public URL is none that a client can be led to: expected `http` or `https`, a host, and no user, \
         query or fragment, such as https://verify.example:8443"
    )]
    InvalidPublicUrl,
    /// No certificate could be made.
    #[error("cannot make a certificate for TLS")]
    Tls {
        /// What went wrong.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// One of the faults given can't be.
    #[error("one of the faults given cannot be")]
    Fault(#[from] FaultError),
    /// Another process, or another emulator of this one, has the data file open.
    #[error("the data file {path:?} is in use; stop the other emulator, or choose another file")]
    DataFileInUse {
        /// The file.
        path: PathBuf,
    },
    /// The data file cannot be opened, or made.
    #[error("the data file {path:?} cannot be opened")]
    DataFileNotOpened {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The data file is none, or is damaged, or cannot be written to.
    #[error(
        "the data file {path:?} is none of an emulator, or is damaged: {reason}; choose another file, or delete \
         it to begin anew"
    )]
    DataFileUnreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The data file was written by another version, whose data this one cannot read.
    #[error(
        "the data file {path:?} is of another version of the emulator: its format is {format}; choose another \
         file, or delete it to begin anew"
    )]
    DataFileVersion {
        /// The file.
        path: PathBuf,
        /// The number of its format.
        format: u64,
    },
    /// Two of the attempts given have the same SID.
    #[error("the attempts given cannot be held together")]
    DuplicateAttempt(#[from] DuplicateSid),
    /// The code given for all verifications is none.
    #[error(transparent)]
    InvalidCode(#[from] InvalidCode),
}

impl From<DataFileError> for StartError {
    fn from(error: DataFileError) -> Self {
        match error {
            DataFileError::InUse { path } => Self::DataFileInUse { path },
            DataFileError::NotOpened { path, source } => Self::DataFileNotOpened { path, source },
            DataFileError::Unreadable { path, reason } => Self::DataFileUnreadable { path, reason },
            DataFileError::Version { path, format } => Self::DataFileVersion { path, format },
        }
    }
}
