//! Credentials that change while a program runs.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::credentials::Credentials;
use crate::error::{Error, ErrorKind};

/// The future that a [`CredentialsProvider`] returns.
pub type CredentialsFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Credentials, CredentialsError>> + Send + 'a>>;

/// Provides a client with credentials that can change without a restart.
///
/// Many tasks at once call it, before each attempt to send a request: cache credentials that come
/// from another machine, as [`OAuth`](crate::OAuth) does. The time that a call takes counts towards
/// the [`attempt_timeout`](crate::ClientBuilder::attempt_timeout).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = twilio_verify_emulator::Emulator::start().await?;
/// use std::sync::{Arc, PoisonError, RwLock};
///
/// use twilio_verify::{Client, Credentials, CredentialsFuture, CredentialsProvider};
///
/// /// The credentials that a background task last read from the vault.
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
/// let account = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
/// *vault.0.write().unwrap_or_else(PoisonError::into_inner) =
///     Credentials::auth_token(account, "rotated");
/// let error = client.attempts().summary().send().await.unwrap_err();
/// assert!(error.is_auth());
/// # Ok(())
/// # }
/// ```
pub trait CredentialsProvider: Send + Sync + 'static {
    /// Returns the current credentials.
    ///
    /// # Errors
    ///
    /// Returns an error if there are no credentials. The call then fails with an error of kind
    /// [`NotSent`](ErrorKind::NotSent) whose source is the [`CredentialsError`], unless
    /// [`RetryPolicy`](crate::RetryPolicy) allows another attempt.
    fn credentials(&self) -> CredentialsFuture<'_>;

    /// Called when Twilio rejected these credentials with status 401, so that they can be removed
    /// from a cache.
    ///
    /// Returns whether [`credentials`](Self::credentials) may now return others. If so, the
    /// rejected call is sent once more, whatever its method, because nothing was processed. This
    /// counts as an attempt of the [`RetryPolicy`](crate::RetryPolicy). Default: `false`.
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

/// The error of a [`CredentialsProvider`] that has no credentials.
///
/// Its text doesn't show the cause, which might hold a secret. The cause is its
/// [`source`](StdError::source).
pub struct CredentialsError(Cause);

enum Cause {
    /// The error of the call itself.
    Call(Error),
    Other(Box<dyn StdError + Send + Sync>),
}

impl CredentialsError {
    /// Wraps the cause.
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

    /// Converts it into the error of a call without credentials.
    pub(super) fn into_error(self) -> Error {
        match self.0 {
            Cause::Call(error) => error,
            Cause::Other(_) => Error::new(ErrorKind::NotSent, "the credentials provider failed")
                .with(|details| details.has_private_cause = true)
                .with_source(self),
        }
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Call(error) => error.fmt(f),
            Cause::Other(_) => f.write_str("the credentials are not available"),
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
