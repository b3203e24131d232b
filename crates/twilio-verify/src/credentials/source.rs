//! How a client comes by its `Authorization` header.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;
use tokio::time::{Instant, timeout_at};

use super::credentials::Credentials;
use super::provider::{CredentialsError, CredentialsProvider};
use crate::error::{Error, ErrorKind};

/// Where a client's credentials come from.
#[derive(Clone)]
pub(crate) enum Source {
    Fixed(Credentials),
    Provider(Arc<dyn CredentialsProvider>),
}

/// A header, and the credentials that it is made of.
pub(crate) struct Authorization {
    pub(crate) header: HeaderValue,
    credentials: Credentials,
}

impl Source {
    /// Refuses credentials that can never be sent.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self {
            Self::Fixed(credentials) => credentials.authorization().map(drop),
            Self::Provider(_) => Ok(()),
        }
    }

    /// What to send now.
    pub(crate) async fn authorization(&self, deadline: Instant) -> Result<Authorization, Error> {
        let credentials = match self {
            Self::Fixed(credentials) => credentials.clone(),
            Self::Provider(provider) => timeout_at(deadline, provider.credentials())
                .await
                .map_err(|elapsed| {
                    Error::new(ErrorKind::NotSent, "no credentials came in time")
                        .with_timeout()
                        .with_source(elapsed)
                })?
                .map_err(CredentialsError::into_error)?,
        };
        Ok(Authorization {
            header: credentials.authorization()?,
            credentials,
        })
    }

    /// Takes note of an answer with status 401: whether there may be other
    /// credentials now.
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
            // What it holds is its own affair.
            Self::Provider(_) => f.write_str("CredentialsProvider"),
        }
    }
}
