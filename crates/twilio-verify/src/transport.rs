//! The one way on which every request goes out and every answer comes in.

use std::collections::HashMap;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::header::{ACCEPT, AUTHORIZATION, USER_AGENT};
use http::{HeaderMap, HeaderValue, StatusCode};
use reqwest::Response;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::Segment;
use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::{Instrument, Span};
use twilio_verify_api::types::ApiError;
use twilio_verify_api::{Operation, Request, RequestError};
use url::Url;

use crate::client::ClientBuilder;
use crate::credentials::{Authorization, Source};
use crate::request_limit::Limiter;
use crate::retry::{Retry, RetryPolicy, may_be_sent_again, retry_after};
use crate::telemetry::{self, Outcome};
use crate::user_agent::user_agent;
use crate::{Error, ErrorKind, codes};

/// What all clones of a client share.
#[derive(Clone)]
pub(crate) struct Shared {
    http: reqwest::Client,
    base_url: Url,
    requests: twilio_verify_api::Client,
    credentials: Source,
    user_agent: HeaderValue,
    attempt_timeout: Duration,
    timeout: Duration,
    max_response_size: usize,
    retry: Arc<Retry>,
    limiters: Arc<HashMap<&'static str, Limiter>>,
}

impl Shared {
    pub(crate) fn new(
        settings: &ClientBuilder,
        credentials: Source,
        base_url: Url,
        http: reqwest::Client,
    ) -> Result<Self, Error> {
        let user_agent = user_agent(settings.application.as_deref())?;
        credentials.check()?;
        Ok(Self {
            requests: twilio_verify_api::Client::new(http.clone(), base_url.clone()),
            http,
            base_url,
            credentials,
            user_agent,
            attempt_timeout: settings.attempt_timeout,
            timeout: settings.timeout,
            max_response_size: settings.max_response_size,
            retry: Arc::new(Retry::new(settings.retry.clone())),
            limiters: Arc::new(settings.limiters()?),
        })
    }

    pub(crate) fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// The same, but for a time-out or a policy of its own.
    pub(crate) fn with(
        &self,
        timeout: Option<Duration>,
        attempt_timeout: Option<Duration>,
        retry: Option<RetryPolicy>,
    ) -> Self {
        let mut shared = self.clone();
        shared.timeout = timeout.unwrap_or(shared.timeout);
        shared.attempt_timeout = attempt_timeout.unwrap_or(shared.attempt_timeout);
        if let Some(policy) = retry {
            shared.retry = Arc::new(Retry::new(policy));
        }
        shared
    }

    pub(crate) fn credentials(&self) -> &Source {
        &self.credentials
    }

    /// Makes requests, to be sent by [`send`](Self::send).
    pub(crate) fn requests(&self) -> &twilio_verify_api::Client {
        &self.requests
    }

    /// Sends a request, and reads its answer.
    pub(crate) async fn send<T: DeserializeOwned>(&self, request: Request<T>) -> Result<T, Error> {
        let Request {
            operation,
            http,
            read,
        } = request;
        let mut call = Call {
            shared: self,
            operation,
            request: http,
            deadline: after(Instant::now(), self.timeout),
            attempts: 0,
            answer: None,
        };
        // Pinned where it is, as all futures here: to move one costs as much
        // as to make it.
        let body = pin!(call.send())
            .instrument(telemetry::operation(operation))
            .await;
        body.and_then(|body| read(&body).map_err(|_| unreadable::<T>(&body)))
            .map_err(|error| call.context(error))
    }

    /// The request of a page by its URL, which must be on the client's own
    /// origin. `operation` gave the first page.
    pub(crate) fn page<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        url: &str,
    ) -> Result<Request<T>, Error> {
        let url = page_url(&self.base_url, url)?;
        let mut request = reqwest::Request::new(operation.method.clone(), url);
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(ACCEPT, json);
        Ok(Request::json(operation, request))
    }
}

/// One call of one operation, and what has become of it so far.
struct Call<'a> {
    shared: &'a Shared,
    operation: &'static Operation,
    request: reqwest::Request,
    deadline: Instant,
    attempts: u32,
    /// The status of the last answer, and Twilio's id of the request.
    answer: Option<(StatusCode, Option<String>)>,
}

impl Call<'_> {
    /// Adds to an error what is known of the call.
    fn context(&self, mut error: Error) -> Error {
        if let Some((status, request_id)) = &self.answer {
            error = error.with_answer(status.as_u16(), request_id.clone());
        }
        error
            .with_operation(self.operation.operation_id)
            .with_attempts(self.attempts)
    }

    /// Sends the request until its answer is a success, or can't become one.
    /// Gives the body.
    async fn send(&mut self) -> Result<Vec<u8>, Error> {
        let Self {
            shared, operation, ..
        } = *self;
        check_path(&shared.base_url, self.request.url(), operation)?;
        let limiter = shared.limiters.get(operation.operation_id);
        let mut delays = shared.retry.delays();
        let mut renewed = false;
        // What the attempt before failed with.
        let mut last: Option<Error> = None;
        loop {
            if let Some(limiter) = limiter {
                let ready = limiter.ready(self.deadline).await;
                ready.map_err(|error| last.take().unwrap_or(error))?;
            }
            let span = telemetry::attempt(operation, &shared.base_url, self.attempts);
            self.attempts += 1;
            let began = Instant::now();
            let mut used = None;
            let result = pin!(self.attempt(began, &mut used))
                .instrument(span.clone())
                .await;
            self.tell(&span, &result, began);
            let error = match result {
                Ok(body) => return Ok(body),
                Err(error) if error.is_timeout() && Instant::now() >= self.deadline => {
                    error.with_last(last.take())
                }
                Err(error) => error,
            };
            // Nothing is done by a request whose credentials aren't accepted.
            let renew = !renewed
                && error.status() == Some(401)
                && used.is_some_and(|used| shared.credentials.refused(&used));
            renewed |= renew;
            let again = renew || may_be_sent_again(&operation.method, &error);
            let error = error.with_retryable(again);
            if let (Some(limiter), true, Some(wait)) =
                (limiter, error.is_rate_limited(), error.retry_after())
            {
                limiter.pause(wait);
            }
            let Some(wait) = delays.after(&error) else {
                return Err(error);
            };
            let wait = if renew { Duration::ZERO } else { wait };
            let at = after(Instant::now(), wait);
            if at >= self.deadline {
                return Err(error);
            }
            telemetry::wait("to be sent again", wait);
            sleep_until(at).await;
            last = Some(error);
        }
    }

    fn tell(&self, span: &Span, result: &Result<Vec<u8>, Error>, began: Instant) {
        let (status, request_id) = match &self.answer {
            Some((status, request_id)) => (Some(status.as_u16()), request_id.as_deref()),
            None => (None, None),
        };
        let outcome = Outcome {
            status,
            request_id,
            error: result.as_ref().err(),
            began,
        };
        outcome.tell(span, self.operation);
    }

    /// Sends the request once, and reads the whole answer. Tells what was sent
    /// to authenticate it.
    async fn attempt(
        &mut self,
        began: Instant,
        used: &mut Option<Authorization>,
    ) -> Result<Vec<u8>, Error> {
        self.answer = None;
        let shared = self.shared;
        let deadline = self.deadline.min(after(began, shared.attempt_timeout));
        let authorization = shared.credentials.authorization(deadline).await?;
        let header = authorization.header.clone();
        *used = Some(authorization);
        let request = self.request.try_clone();
        let mut request = request
            .ok_or_else(|| Error::new(ErrorKind::InvalidRequest, "a stream can't be sent twice"))?;
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, header);
        headers.insert(USER_AGENT, shared.user_agent.clone());
        let mut response = timeout_at(deadline, pin!(shared.http.execute(request)))
            .await
            .map_err(|elapsed| {
                Error::new(ErrorKind::NoAnswer, "no answer came in time")
                    .with_timeout()
                    .with_source(elapsed)
            })?
            .map_err(not_answered)?;
        let status = response.status();
        let request_id = text(response.headers(), "twilio-request-id").map(str::to_owned);
        self.answer = Some((status, request_id));
        let limit = shared.max_response_size;
        let body = read(&mut response, limit, "; see `max_response_size`");
        let body = timeout_at(deadline, body).await.unwrap_or_else(|elapsed| {
            Err(Error::new(ErrorKind::Unreadable, TOO_LATE)
                .with_timeout()
                .with_lost_body(true)
                .with_source(elapsed))
        });
        if !status.is_success() {
            // That it is an error is known, though its body may be lost.
            let lost = body.is_err();
            let body = body.unwrap_or_default();
            let error = refused(response.headers(), status.as_u16(), &body).with_lost_body(lost);
            return Err(self.context(error));
        }
        let body = body?;
        if !body.is_empty() && !is_object(&body) {
            return Err(Error::new(ErrorKind::Unreadable, not_an_object(&body)));
        }
        let success = &self.operation.success;
        if !success.iter().any(|range| range.contains(&status.as_u16())) {
            let reason = "the document knows no such status";
            return Err(Error::new(ErrorKind::Unreadable, reason));
        }
        Ok(body)
    }
}

/// Refuses a path whose parameters have changed which resource it names: an
/// empty one, `.` or `..`.
fn check_path(base: &Url, url: &Url, operation: &Operation) -> Result<(), Error> {
    fn parts(path: &str) -> impl Iterator<Item = &[u8]> {
        // Before the first slash there is nothing.
        path.as_bytes().split(|byte| *byte == b'/').skip(1)
    }
    let base = base.path().trim_end_matches('/');
    let path = url.path().strip_prefix(base).unwrap_or_default();
    if parts(path).count() == parts(operation.path).count()
        && parts(path).all(|part| !part.is_empty())
    {
        return Ok(());
    }
    Err(Error::invalid(
        "path",
        format!(
            "a parameter of {} is empty, `.` or `..`, and would name another resource",
            operation.path
        ),
    ))
}

/// The URL of a page, which must be on the client's own origin.
pub(crate) fn page_url(base: &Url, url: &str) -> Result<Url, Error> {
    let url = base.join(url).map_err(|error| {
        Error::new(ErrorKind::Unreadable, "the next page's URL is none").with_source(error)
    })?;
    if url.origin() != base.origin() {
        let reason = "the next page is on another host than the client's base URL; the \
                      credentials are not sent there";
        return Err(Error::new(ErrorKind::Unreadable, reason));
    }
    Ok(url)
}

/// Whether a body ended before its end: not for what it is, but for what
/// became of the connection.
fn broke_off(error: &reqwest::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<io::Error>()
            && matches!(
                error.kind(),
                io::ErrorKind::UnexpectedEof
                    | io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
            )
        {
            return true;
        }
        source = error.source();
    }
    false
}

const TOO_LATE: &str = "its end did not come in time";

/// Reads a body of limited size; `hint` is what to say of the limit.
pub(crate) async fn read(
    response: &mut Response,
    limit: usize,
    hint: &str,
) -> Result<Vec<u8>, Error> {
    let too_large = || {
        let reason = format!("it is larger than {limit} bytes{hint}");
        Error::new(ErrorKind::Unreadable, reason)
    };
    if response
        .content_length()
        .is_some_and(|length| length > limit as u64)
    {
        return Err(too_large());
    }
    let mut body = Vec::new();
    loop {
        let chunk = response.chunk().await.map_err(|error| {
            let timeout = error.is_timeout();
            let reason = if timeout {
                TOO_LATE
            } else {
                "it ends too early"
            };
            let lost = timeout || broke_off(&error);
            let new = Error::new(ErrorKind::Unreadable, reason)
                .with_lost_body(lost)
                .with_source(error.without_url());
            if timeout { new.with_timeout() } else { new }
        })?;
        let Some(chunk) = chunk else {
            return Ok(body);
        };
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
}

/// There is no request to be sent.
pub(crate) fn not_built(error: RequestError) -> Error {
    Error::new(ErrorKind::InvalidRequest, error.to_string()).with_source(error)
}

/// No answer came: was anything sent?
pub(crate) fn not_answered(error: reqwest::Error) -> Error {
    let (kind, reason) = if error.is_builder() {
        (ErrorKind::InvalidRequest, "the request can't be built")
    } else if error.is_connect() {
        (ErrorKind::NotSent, "no connection could be made")
    } else {
        (
            ErrorKind::NoAnswer,
            "the connection was lost before an answer came",
        )
    };
    let timeout = error.is_timeout();
    // The URL holds what was asked for, phone numbers included.
    let new = Error::new(kind, reason).with_source(error.without_url());
    if timeout { new.with_timeout() } else { new }
}

/// An answer that is an error, in any of the shapes that there are.
pub(crate) fn refused(headers: &HeaderMap, status: u16, body: &[u8]) -> Error {
    let parsed: Option<ApiError> = is_object(body)
        .then(|| serde_json::from_slice(body).ok())
        .flatten();
    let parsed = parsed.unwrap_or_default();
    let reason = match parsed.code.and_then(codes::meaning) {
        Some(meaning) => meaning,
        None => match status {
            300..=399 => "a redirect, which is not followed",
            401 => "the credentials are not accepted",
            403 => "not allowed",
            404 => "there is no such resource",
            429 => "too many requests",
            500..=599 => "the server failed",
            _ => "refused",
        },
    };
    Error::new(ErrorKind::Refused, reason)
        .with_code(parsed.code, parsed.message.or(parsed.detail))
        .with_retry_after(retry_after(headers, SystemTime::now()))
}

/// Whether a body can be what all of Twilio's are. An array must not pass: a
/// struct can be read from one.
fn is_object(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'{')
}

fn not_an_object(body: &[u8]) -> &'static str {
    match serde_json::from_slice::<serde::de::IgnoredAny>(body) {
        Ok(_) => "it is JSON, but not an object",
        Err(_) => "it is not JSON",
    }
}

/// An answer that is not what the document says: names the field.
pub(crate) fn unreadable<T: DeserializeOwned>(body: &[u8]) -> Error {
    let reader = &mut serde_json::Deserializer::from_slice(body);
    match serde_path_to_error::deserialize::<_, T>(reader) {
        Ok(_) => Error::new(ErrorKind::Unreadable, "there is more after its end"),
        Err(error) => {
            let path = known_path(error.path());
            let error = error.into_inner();
            let reason = match error.classify() {
                // The text of such an error repeats what was received.
                Category::Data => {
                    let reason = expectation(&error);
                    let place = if path.is_empty() { "the whole" } else { &path };
                    return Error::new(ErrorKind::Unreadable, format!("{place}: {reason}"));
                }
                _ if body.is_empty() => "it is empty".to_owned(),
                _ => format!("it is not JSON: {error}"),
            };
            Error::new(ErrorKind::Unreadable, reason).with_source(error)
        }
    }
}

/// The path of a field. The names within a map are what was received, and may
/// be private: what doesn't look like a field's name is left out.
fn known_path(path: &serde_path_to_error::Path) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("[{index}]")),
            Segment::Map { key } => {
                let name = key
                    .bytes()
                    .all(|c| c.is_ascii_lowercase() || c == b'_' || c == b'2');
                let dot = if text.is_empty() { "" } else { "." };
                text.push_str(dot);
                text.push_str(if name { key } else { "…" });
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    text
}

/// What was expected in place of what was received, without the latter.
fn expectation(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let repeats = [
        "invalid type: ",
        "invalid value: ",
        "invalid length ",
        "unknown ",
    ];
    if !repeats.iter().any(|start| text.starts_with(start)) {
        return text;
    }
    match text.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None => format!(
            "another value at line {} column {}",
            error.line(),
            error.column()
        ),
    }
}

/// The instant after a while; a while without an end is taken for a year.
pub(crate) fn after(instant: Instant, duration: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    instant + duration.min(YEAR)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
