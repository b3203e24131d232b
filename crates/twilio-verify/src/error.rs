//! What can go wrong, told by what is known of the request.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use twilio_verify_api::Redacted;

use crate::codes;

/// Why a call failed.
///
/// [`kind`](Self::kind) tells by what is known of the request, which decides
/// whether it can be sent again. Neither `Display` nor `Debug` hold anything
/// that was sent or received: no number, address, code or secret.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = twilio_verify_emulator::Emulator::start().await?;
/// # let client = twilio_verify::Client::builder()
/// #     .credentials(emulator.credentials())
/// #     .base_url(emulator.url())
/// #     .build()?;
/// let sid = "VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?;
/// match client.attempts().fetch(sid).await {
///     Ok(attempt) => println!("{:?}", attempt.conversion_status),
///     Err(error) if error.is_not_found() => println!("gone, or never there"),
///     Err(error) => return Err(error.into()),
/// }
/// # Ok(())
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    /// The operation that failed, as the document calls it.
    operation: Option<&'static str>,
    reason: String,
    field: Option<String>,
    timeout: bool,
    status: Option<u16>,
    code: Option<i64>,
    server_message: Option<Redacted<String>>,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    attempts: u32,
    retryable: bool,
    unauthenticated: bool,
    lost_body: bool,
    /// The failure of the attempt before the one that time ran out for.
    last: Option<Error>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What is known of a request that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client could not be built: credentials, base URL or settings are
    /// missing or wrong.
    Config,
    /// The request was refused by this crate, before anything was sent: a
    /// value is wrong. [`Error::field`] names it.
    InvalidRequest,
    /// The request never left: no connection could be made, no credentials
    /// could be had, or time ran out before.
    NotSent,
    /// The request was sent, or may have been, and no answer came: the
    /// connection was lost, or time ran out.
    NoAnswer,
    /// Twilio, or a proxy, answered with an error. [`Error::status`] and
    /// [`Error::code`] tell which.
    Refused,
    /// An answer came that can't be read: not JSON, cut short, too large, or
    /// not what the document says.
    Unreadable,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, reason: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            reason: reason.into(),
            field: None,
            timeout: false,
            status: None,
            code: None,
            server_message: None,
            request_id: None,
            retry_after: None,
            attempts: 0,
            retryable: false,
            unauthenticated: false,
            lost_body: false,
            last: None,
            source: None,
        }))
    }

    /// A value that the caller gave is wrong.
    pub(crate) fn invalid(field: impl Into<String>, reason: impl fmt::Display) -> Self {
        let mut error = Self::new(ErrorKind::InvalidRequest, reason.to_string());
        error.0.field = Some(field.into());
        error
    }

    /// A setting is wrong.
    pub(crate) fn config(field: impl Into<String>, reason: impl fmt::Display) -> Self {
        let mut error = Self::new(ErrorKind::Config, reason.to_string());
        error.0.field = Some(field.into());
        error
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn with_timeout(mut self) -> Self {
        self.0.timeout = true;
        self
    }

    pub(crate) fn with_operation(mut self, operation: &'static str) -> Self {
        self.0.operation = Some(operation);
        self
    }

    pub(crate) fn with_answer(mut self, status: u16, request_id: Option<String>) -> Self {
        self.0.status = Some(status);
        self.0.request_id = request_id;
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_retryable(mut self, retryable: bool) -> Self {
        self.0.retryable = retryable;
        self
    }

    /// What the attempt before failed with, where the call's time has run out
    /// since.
    pub(crate) fn with_last(mut self, last: Option<Self>) -> Self {
        self.0.last = last;
        self
    }

    /// The client was not accepted, by whoever gives it its tokens.
    pub(crate) fn with_unauthenticated(mut self) -> Self {
        self.0.unauthenticated = true;
        self
    }

    pub(crate) fn with_reason(mut self, reason: &str) -> Self {
        reason.clone_into(&mut self.0.reason);
        self
    }

    /// Its text, without what is known of the request.
    pub(crate) fn reason(&self) -> &str {
        &self.0.reason
    }

    /// The answer's body, and Twilio's code with it, could not be read.
    pub(crate) fn with_lost_body(mut self, lost: bool) -> Self {
        self.0.lost_body = lost;
        self
    }

    pub(crate) fn has_lost_body(&self) -> bool {
        self.0.lost_body
    }

    pub(crate) fn with_code(
        mut self,
        code: Option<i64>,
        message: Option<Redacted<String>>,
    ) -> Self {
        self.0.code = code;
        self.0.server_message = message;
        self
    }

    pub(crate) fn with_retry_after(mut self, retry_after: Option<Duration>) -> Self {
        self.0.retry_after = retry_after;
        self
    }

    /// What is known of the request.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The name of the value or setting that is wrong, if that is the fault.
    pub fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// The HTTP status of the answer, if one came.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// Twilio's code, such as 20404; [`codes`] has the documented ones.
    pub fn code(&self) -> Option<i64> {
        self.0.code
    }

    /// The page that explains Twilio's code.
    pub fn more_info(&self) -> Option<String> {
        self.code()
            .map(|code| format!("https://www.twilio.com/docs/errors/{code}"))
    }

    /// Twilio's own words. They may repeat what the request held, so they are
    /// not part of what `Display` and `Debug` show.
    pub fn server_message(&self) -> Option<&Redacted<String>> {
        self.0.server_message.as_ref()
    }

    /// The id by which Twilio's support finds the request
    /// (`Twilio-Request-Id`).
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the server asks to wait (`Retry-After`).
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How often the request was sent, or tried to.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the credentials were not accepted, or do not suffice: status
    /// 401 or 403, unless the code says that it was for another reason; or
    /// that [`OAuth`](crate::OAuth)'s token endpoint did not accept the client,
    /// which it may say by status 400.
    pub fn is_auth(&self) -> bool {
        self.0.unauthenticated
            || match (self.status(), self.code()) {
                (Some(401), _) => true,
                (Some(403), code) => matches!(
                    code,
                    None | Some(
                        codes::AUTHENTICATE | codes::ACCOUNT_SUSPENDED | codes::MISSING_SCOPE
                    )
                ),
                _ => false,
            }
    }

    /// Whether there is no such resource: status 404.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// Whether there were too many requests: status 429.
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429)
    }

    /// Whether time ran out: an attempt's, or the call's. If it was the call's,
    /// and an attempt had failed before, `Display` says with what.
    pub fn is_timeout(&self) -> bool {
        self.0.timeout
    }

    /// Whether the request can be sent again as it is, without a chance of
    /// doing the thing twice, and a wait may cure what was wrong. See
    /// [`RetryPolicy`](crate::RetryPolicy), by which that was tried already.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            operation,
            field,
            attempts,
            last,
            ..
        } = &*self.0;
        if let Some(field) = field {
            write!(f, "{field}: ")?;
        } else if let Some(operation) = operation {
            write!(f, "{operation}: ")?;
        }
        self.write_fault(f)?;
        if *attempts > 1 {
            write!(f, " (after {attempts} attempts)")?;
        }
        if let Some(last) = last {
            f.write_str("; before that: ")?;
            last.write_fault(f)?;
        }
        Ok(())
    }
}

impl Error {
    /// What went wrong, without the place and the count of attempts.
    fn write_fault(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            reason,
            status,
            code,
            request_id,
            ..
        } = &*self.0;
        match (kind, status) {
            (ErrorKind::Refused, Some(status)) => {
                write!(f, "answered with {status}")?;
                if let Some(code) = code {
                    write!(f, ", code {code}")?;
                }
                write!(f, ": {reason}")?;
            }
            (ErrorKind::Unreadable, Some(status)) => {
                write!(f, "an answer of status {status} can't be read: {reason}")?;
            }
            _ => f.write_str(reason)?,
        }
        if let Some(id) = request_id {
            write!(f, " (request {id})")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        let mut debug = f.debug_struct("Error");
        debug
            .field("kind", &inner.kind)
            .field("reason", &inner.reason);
        if let Some(operation) = inner.operation {
            debug.field("operation", &operation);
        }
        if let Some(field) = &inner.field {
            debug.field("field", field);
        }
        if let Some(status) = inner.status {
            debug.field("status", &status);
        }
        if let Some(code) = inner.code {
            debug.field("code", &code);
        }
        if let Some(id) = &inner.request_id {
            debug.field("request_id", id);
        }
        if let Some(wait) = inner.retry_after {
            debug.field("retry_after", &wait);
        }
        if inner.timeout {
            debug.field("timeout", &true);
        }
        debug.field("attempts", &inner.attempts);
        if let Some(last) = &inner.last {
            debug.field("last", last);
        }
        if let Some(source) = &inner.source {
            debug.field("source", source);
        }
        debug.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.0.source.as_deref()?;
        Some(source)
    }
}
