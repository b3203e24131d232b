//! Errors, classified by what is known of the request.

use std::error::Error as StdError;
use std::fmt::Display;
use std::time::Duration;

use serde::Serialize;
use twilio_verify_api::{Redacted, RequestError};

use crate::codes;

mod text;

/// The error of a call.
///
/// [`kind`](Self::kind) says what is known of the request, and so whether it can be sent again.
/// Neither `Display` nor `Debug` show anything that was sent or received: no number, address, code
/// or secret.
/// `{}` writes what went wrong; `{:#}` adds the causes, after colons. `{:?}` writes the message,
/// with the causes below it, because a `main` that returns the error prints it that way. `{:#?}`
/// writes the fields.
///
/// ```
/// let error = twilio_verify::ClientBuilder::from_lookup(|_| None).unwrap_err();
/// assert!(format!("{error:?}").starts_with("TWILIO_ACCOUNT_SID: not set"));
/// ```
///
/// The guide on [errors and retries](crate::guide::errors_and_retries) says how to handle each
/// error.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = twilio_verify_emulator::Emulator::start().await?;
/// # let client = twilio_verify::Client::builder()
/// #     .credentials(emulator.credentials())
/// #     .base_url(emulator.url())
/// #     .build()?;
/// let sid = "VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
/// match client.attempts().fetch(sid).await {
///     Ok(attempt) => println!("{:?}", attempt.conversion_status),
///     Err(error) if error.is_not_found() => println!("not found, or expired"),
///     Err(error) => return Err(error.into()),
/// }
/// # Ok(())
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    reason: String,
    details: Details,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The optional details of an error.
#[derive(Default)]
pub(crate) struct Details {
    /// The `operationId` of the operation that failed.
    pub(crate) operation: Option<&'static str>,
    /// The value or setting that is invalid.
    pub(crate) field: Option<String>,
    pub(crate) timeout: bool,
    /// Whether a request that was not sent would fail in the same way if it were sent again.
    pub(crate) permanent: bool,
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<i64>,
    pub(crate) server_message: Option<Redacted<String>>,
    pub(crate) request_id: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) attempts: u32,
    pub(crate) retryable: bool,
    /// Whether the OAuth token endpoint rejected the client.
    pub(crate) unauthenticated: bool,
    pub(crate) lost_body: bool,
    /// Whether the source was caused by the program's own error, which might hold a secret.
    pub(crate) has_private_cause: bool,
    /// The error of the previous attempt, if the call timed out after it.
    pub(crate) last: Option<Error>,
}

/// What is known of a request that failed.
///
/// It serializes as its name in snake case, which [`as_str`](Self::as_str) returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client can't be built: credentials, base URL or settings are missing or invalid.
    Config,
    /// This crate rejected the request before anything was sent, because a value is invalid.
    /// [`Error::field`] names it.
    InvalidRequest,
    /// The request was never sent: there was no connection, there were no credentials, or a timeout
    /// expired first.
    NotSent,
    /// The request was sent, or may have been, and there was no response: the connection was lost,
    /// or a timeout expired.
    NoAnswer,
    /// Twilio, or a proxy, responded with an error. See [`Error::status`] and [`Error::code`].
    Refused,
    /// The response can't be read: it is not JSON, cut short, too large, or not what the API's
    /// document says.
    Unreadable,
}

impl ErrorKind {
    /// Returns the name of the kind: `config`, `invalid_request`, `not_sent`, `no_answer`,
    /// `refused` or `unreadable`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::InvalidRequest => "invalid_request",
            Self::NotSent => "not_sent",
            Self::NoAnswer => "no_answer",
            Self::Refused => "refused",
            Self::Unreadable => "unreadable",
        }
    }
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, reason: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            reason: reason.into(),
            details: Details::default(),
            source: None,
        }))
    }

    /// Creates the error of an invalid value that the caller passed.
    pub(crate) fn invalid(field: impl Into<String>, reason: impl Display) -> Self {
        let error = Self::new(ErrorKind::InvalidRequest, reason.to_string());
        error.with(|details| details.field = Some(field.into()))
    }

    /// Creates the error of an invalid setting.
    pub(crate) fn config(field: impl Into<String>, reason: impl Display) -> Self {
        let error = Self::new(ErrorKind::Config, reason.to_string());
        error.with(|details| details.field = Some(field.into()))
    }

    /// Creates the error of a timeout that expired.
    pub(crate) fn timeout(kind: ErrorKind, reason: impl Into<String>) -> Self {
        Self::new(kind, reason).with(|details| details.timeout = true)
    }

    /// Adds details.
    pub(crate) fn with(mut self, add: impl FnOnce(&mut Details)) -> Self {
        add(&mut self.0.details);
        self
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Returns the reason alone, without the field, the status or the number of attempts.
    pub(crate) fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Whether the body of the response, and with it Twilio's code, was lost.
    pub(crate) fn has_lost_body(&self) -> bool {
        self.0.details.lost_body
    }

    /// Whether a request that was not sent would fail in the same way if it were sent again.
    pub(crate) fn is_permanent(&self) -> bool {
        self.0.details.permanent
    }

    /// Returns what is known of the request.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the name of the invalid value or setting, if there is one.
    pub fn field(&self) -> Option<&str> {
        self.0.details.field.as_deref()
    }

    /// Returns the HTTP status of the response, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.0.details.status
    }

    /// Returns Twilio's error code, such as 20404. The module [`codes`] has the documented ones.
    pub fn code(&self) -> Option<i64> {
        self.0.details.code
    }

    /// Returns the URL of the page that explains Twilio's error code.
    pub fn more_info(&self) -> Option<String> {
        self.code().map(|code| format!("https://www.twilio.com/docs/errors/{code}"))
    }

    /// Returns what to do about the error, if Twilio documents its code: the part of the text that
    /// follows what is wrong, such as "wait until the verification expires".
    pub fn remedy(&self) -> Option<&'static str> {
        self.code().and_then(codes::remedy)
    }

    /// Returns Twilio's own message. It may repeat values of the request, so `Display` and `Debug`
    /// don't show it.
    pub fn server_message(&self) -> Option<&Redacted<String>> {
        self.0.details.server_message.as_ref()
    }

    /// Returns the id by which Twilio's support finds the request (`Twilio-Request-Id`).
    pub fn request_id(&self) -> Option<&str> {
        self.0.details.request_id.as_deref()
    }

    /// Returns how long the server asks to wait (`Retry-After`).
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.details.retry_after
    }

    /// Returns the number of attempts to send the request.
    pub fn attempts(&self) -> u32 {
        self.0.details.attempts
    }

    /// Whether the credentials were rejected, or lack a permission: status 401 or 403, unless the
    /// code names another reason; or [`OAuth`](crate::OAuth)'s token endpoint rejected the client,
    /// which it may do with status 400.
    pub fn is_auth(&self) -> bool {
        use codes::{
            ACCOUNT_SUSPENDED, AUTHENTICATE, EMAIL_CREDITS, EMAIL_NOT_AUTHORIZED, MISSING_SCOPE,
            TEST_CREDENTIALS,
        };
        match (self.status(), self.code()) {
            _ if self.0.details.unauthenticated => true,
            (Some(401), Some(EMAIL_CREDITS | EMAIL_NOT_AUTHORIZED)) => false,
            (Some(401), _) | (Some(403), None) => true,
            (Some(403), Some(code)) => {
                [AUTHENTICATE, ACCOUNT_SUSPENDED, MISSING_SCOPE, TEST_CREDENTIALS].contains(&code)
            }
            _ => false,
        }
    }

    /// Whether the resource was not found: status 404.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// Whether there were too many requests: status 429.
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429)
    }

    /// Whether the timeout of an attempt or of the call expired. If the call's expired after an
    /// attempt had failed, `Display` shows that failure too.
    pub fn is_timeout(&self) -> bool {
        self.0.details.timeout
    }

    /// Whether the same request can be sent again later without the risk of doing something twice,
    /// and may then succeed. The client's [`RetryPolicy`](crate::RetryPolicy) was already applied.
    pub fn is_retryable(&self) -> bool {
        self.0.details.retryable
    }
}

impl From<RequestError> for Error {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::Invalid(invalid) => {
                Self::invalid(invalid.field(), invalid.reason()).with_source(invalid)
            }
            error => Self::new(ErrorKind::InvalidRequest, error.to_string()).with_source(error),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.0.source.as_deref()?;
        Some(source)
    }
}
