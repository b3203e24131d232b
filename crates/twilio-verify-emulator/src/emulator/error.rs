//! Errors of starting an emulator.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::attempts::data::attempt::AttemptError;
use crate::data_file::error::DataFileError;
use crate::faults::error::FaultError;
use crate::messages::code::InvalidCode;
use crate::scenarios::error::ScenarioError;
use crate::values::sid::ServiceSid;

/// The reason that an emulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Other machines can reach the address, which was not allowed.
    #[error(
        "{address} is not a loopback address: other machines could reach the emulator; \
         use 127.0.0.1 or [::1], or call `allow_non_loopback(true)`"
    )]
    NotLoopback {
        /// The requested address.
        address: SocketAddr,
    },
    /// The emulator could not listen on the address.
    #[error("cannot listen on {address}; is the port taken? Port 0 picks a free one")]
    Bind {
        /// The requested address.
        address: SocketAddr,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The account SID is not `AC` and 32 hexadecimal digits.
    #[error("not an account SID: expected `AC` and 32 hexadecimal digits")]
    InvalidAccountSid,
    /// The SID of an API key is not `SK` and 32 hexadecimal digits.
    #[error("not the SID of an API key: expected `SK` and 32 hexadecimal digits")]
    InvalidApiKeySid,
    /// The auth token, or the secret of an API key, is empty.
    #[error("an auth token or API key secret is empty: expected at least one character")]
    EmptySecret,
    /// The name of a service does not have 1 to 30 letters, digits, spaces, dashes and underscores, or has more than 4
    /// digits.
    #[error(
        "the name of service {service} is invalid: expected 1 to 30 letters, digits, spaces, dashes and underscores, \
         with at most 4 digits"
    )]
    InvalidServiceName {
        /// The service.
        service: ServiceSid,
    },
    /// The [`public_url`](crate::EmulatorBuilder::public_url) is not a base URL.
    #[error(
        "invalid public URL: expected `http` or `https`, a host, and no user, query or fragment, such as https://verify.example:8443"
    )]
    InvalidPublicUrl,
    /// One of the hosts of [`accept_host`](crate::EmulatorBuilder::accept_host) is neither a name nor an IP address.
    #[error(
        "invalid accepted host: expected a name or an IP address, without a port, such as emulator or 192.0.2.1"
    )]
    InvalidAcceptedHost,
    /// The certificate could not be generated.
    #[error("cannot generate a certificate for TLS")]
    Tls {
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// One of the faults is invalid.
    #[error("invalid fault")]
    Fault(#[from] FaultError),
    /// Another emulator, in this process or another, has the data file open.
    #[error("the data file {path:?} is in use; stop the other emulator, or choose another file")]
    DataFileInUse {
        /// The file.
        path: PathBuf,
    },
    /// The data file cannot be opened or created.
    #[error("the data file {path:?} cannot be opened or created")]
    DataFileNotOpened {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The file is not an emulator data file, is damaged, or cannot be written to.
    #[error(
        "{path:?} is not an emulator data file, or is damaged: {reason}; choose another file, or delete it to \
         start over"
    )]
    DataFileUnreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The data file was written by another version, whose format this one cannot read.
    #[error(
        "the data file {path:?} was written by another version of the emulator (format {format}); choose \
         another file, or delete it to start over"
    )]
    DataFileVersion {
        /// The file.
        path: PathBuf,
        /// The number of its format.
        format: u64,
    },
    /// Two of the attempts have the same SID, or one of them is invalid.
    #[error("one of the attempts is not accepted")]
    Attempt(#[from] AttemptError),
    /// One of the scenarios is invalid.
    #[error("invalid scenario")]
    Scenario(#[from] ScenarioError),
    /// The code for all verifications is invalid.
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
