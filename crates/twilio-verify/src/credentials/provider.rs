//! Credentials that change while a program runs.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::credentials::Credentials;
use crate::error::{Error, ErrorKind};

/// What a [`CredentialsProvider`] gives, when it is ready.
pub type CredentialsFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Credentials, CredentialsError>> + Send + 'a>>;

/// Gives a client its credentials, so that they can change without a restart.
///
/// It is asked before every attempt to send a request, the repeated ones
/// included, by many tasks at once: one that gets its credentials from afar
/// should keep them for a while, as [`OAuth`](crate::OAuth) does. The time that
/// it takes is part of the attempt's
/// ([`attempt_timeout`](crate::ClientBuilder::attempt_timeout)).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = twilio_verify_emulator::Emulator::start().await?;
/// use std::sync::{Arc, PoisonError, RwLock};
///
/// use twilio_verify::{Client, Credentials, CredentialsFuture, CredentialsProvider};
///
/// /// What was last read from the vault, by a task that watches it.
/// struct Vault(RwLock<Credentials>);
///
/// impl CredentialsProvider for Vault {
///     fn credentials(&self) -> CredentialsFuture<'_> {
///         let current = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
///         Box::pin(async move { Ok(current) })
///     }
/// }
///
/// let vault = Arc::new(Vault(RwLock::new(emulator.credentials())));
/// let client = Client::builder()
///     .credentials_provider(Arc::clone(&vault))
///     .base_url(emulator.url())
///     .build()?;
/// client.attempts().summary().send().await?;
///
/// let account = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?;
/// *vault.0.write().unwrap_or_else(PoisonError::into_inner) =
///     Credentials::auth_token(account, "rotated");
/// let error = client.attempts().summary().send().await.unwrap_err();
/// assert!(error.is_auth());
/// # Ok(())
/// # }
/// ```
pub trait CredentialsProvider: Send + Sync + 'static {
    /// The credentials to use now.
    ///
    /// # Errors
    ///
    /// When there are none. Nothing is sent then: the call's error is of kind
    /// [`NotSent`](ErrorKind::NotSent) with the [`CredentialsError`] as its
    /// source, and [`RetryPolicy`](crate::RetryPolicy) decides whether the
    /// provider is asked again.
    fn credentials(&self) -> CredentialsFuture<'_>;

    /// Is told that these credentials were answered with status 401, so that
    /// none are given from a cache that are known not to work.
    ///
    /// Answers whether [`credentials`](Self::credentials) may now give others.
    /// If so, the call that was refused is tried once more, whatever its
    /// method, as nothing was processed; that counts as one of the attempts
    /// that the [`RetryPolicy`](crate::RetryPolicy) allows. Default: no.
    fn refused(&self, credentials: &Credentials) -> bool {
        let _ = credentials;
        false
    }
}

impl<P: CredentialsProvider + ?Sized> CredentialsProvider for Arc<P> {
    fn credentials(&self) -> CredentialsFuture<'_> {
        (**self).credentials()
    }

    fn refused(&self, credentials: &Credentials) -> bool {
        (**self).refused(credentials)
    }
}

/// Why a [`CredentialsProvider`] has no credentials.
///
/// Its own text tells nothing of the cause, which might hold a secret; the
/// cause is its [`source`](StdError::source).
pub struct CredentialsError(Cause);

enum Cause {
    /// What the call is to fail with, as it is.
    Call(Error),
    Other(Box<dyn StdError + Send + Sync>),
}

impl CredentialsError {
    /// An error of a provider.
    ///
    /// ```
    /// use twilio_verify::CredentialsError;
    ///
    /// let error = CredentialsError::new("the vault is sealed");
    /// assert!(!format!("{error} {error:?}").contains("sealed"));
    /// assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "the vault is sealed");
    /// ```
    pub fn new(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(Cause::Other(cause.into()))
    }

    pub(super) fn call(error: Error) -> Self {
        Self(Cause::Call(error))
    }

    /// The error of the call that had no credentials.
    pub(super) fn into_error(self) -> Error {
        match self.0 {
            Cause::Call(error) => error,
            Cause::Other(_) => {
                Error::new(ErrorKind::NotSent, "the provider gave no credentials").with_source(self)
            }
        }
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Call(error) => error.fmt(f),
            Cause::Other(_) => f.write_str("the credentials can't be had"),
        }
    }
}

impl fmt::Debug for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Call(error) => error.fmt(f),
            Cause::Other(_) => f.write_str("CredentialsError"),
        }
    }
}

impl StdError for CredentialsError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0 {
            Cause::Call(error) => error.source(),
            Cause::Other(cause) => Some(&**cause),
        }
    }
}
