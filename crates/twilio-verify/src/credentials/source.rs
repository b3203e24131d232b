//! The source of a client's `Authorization` header.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use tokio::time::{Instant, timeout_at};

use super::credentials::Credentials;
use super::provider::{CredentialsError, CredentialsProvider};
use crate::error::{Error, ErrorKind};

/// The source of a client's credentials.
#[derive(Clone)]
pub(crate) enum Source {
    Fixed(Credentials),
    Provider(Arc<dyn CredentialsProvider>),
}

/// An `Authorization` header, with the credentials in it.
pub(crate) struct Authorization {
    pub(crate) header: HeaderValue,
    credentials: Credentials,
}

impl Source {
    /// Rejects credentials that can't be valid.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self {
            Self::Fixed(credentials) => credentials.check(),
            Self::Provider(_) => Ok(()),
        }
    }

    /// Returns the SID of the account or the API key, if it is known and doesn't change.
    pub(crate) fn user(&self) -> Option<&str> {
        match self {
            Self::Fixed(credentials) => credentials.user(),
            Self::Provider(_) => None,
        }
    }

    /// Returns the header of the next attempt.
    pub(crate) async fn authorization(&self, deadline: Instant) -> Result<Authorization, Error> {
        let credentials = match self {
            Self::Fixed(credentials) => credentials.clone(),
            Self::Provider(provider) => timeout_at(deadline, provider.credentials())
                .await
                .map_err(|elapsed| {
                    let reason = "there were no credentials before the timeout";
                    Error::timeout(ErrorKind::NotSent, reason).with_source(elapsed)
                })?
                .map_err(CredentialsError::into_error)?,
        };
        Ok(Authorization { header: credentials.authorization()?, credentials })
    }

    /// Reports a response with status 401. Returns whether there may be other credentials now.
    pub(crate) fn refused(&self, used: &Authorization) -> bool {
        match self {
            Self::Fixed(_) => false,
            Self::Provider(provider) => provider.refused(&used.credentials),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(credentials) => credentials.fmt(f),
            Self::Provider(_) => f.write_str("CredentialsProvider"),
        }
    }
}
