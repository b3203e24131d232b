//! Sends every request and reads every response.

use std::pin::pin;
use std::time::{Duration, SystemTime};

use http::header::{AUTHORIZATION, USER_AGENT};
use serde::de::DeserializeOwned;
use tokio::runtime::Handle;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::Instrument;
use twilio_verify_api::{HttpRequest, Operation, Request, read_from};
use url::Url;

use super::retry::can_be_repeated;
use super::shared::Shared;
use super::target::Target;
use super::telemetry;
use crate::credentials::source::Authorization;
use crate::error::{Error, ErrorKind};
use crate::http::body::{read, too_late};
use crate::http::response::{Response, refused, unreadable};

impl Shared {
    /// Sends the request of an operation, and reads the response.
    pub(crate) fn send<T: DeserializeOwned>(
        &self,
        request: Request<T>,
    ) -> impl Future<Output = Result<T, Error>> {
        let target = Target::Operation(request.operation);
        let Request { http, read, unread, .. } = request;
        self.call(target, http, move |response| {
            let Response { status, headers, body } = &response;
            let value = read(read_from(*status, headers, body)).map_err(unreadable)?;
            for field in unread(&value) {
                telemetry::unread(target, &field);
            }
            Ok(value)
        })
    }

    /// Sends a request, and reads the response with `read`.
    pub(crate) async fn call<T>(
        &self,
        target: Target,
        request: HttpRequest,
        read: impl FnOnce(Response) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if Handle::try_current().is_err() {
            let reason =
                "there is no Tokio runtime; call it within one, or use the feature `blocking`";
            return Err(Error::config("runtime", reason));
        }
        let mut call = Call {
            shared: self,
            target,
            request: self.absolute(request)?,
            deadline: after(Instant::now(), self.timeout),
            attempts: 0,
            status: None,
            request_id: None,
        };
        // Futures here are pinned in place: moving one is as expensive as building it.
        let span = telemetry::call(target);
        let response = pin!(call.send()).instrument(span.clone()).await;
        let result = span.in_scope(|| response.and_then(read));
        result.map_err(|error| call.context(error))
    }
}

/// A call, and what is known of it so far.
struct Call<'a> {
    shared: &'a Shared,
    target: Target,
    request: reqwest::Request,
    deadline: Instant,
    attempts: u32,
    /// The status of the last response.
    status: Option<u16>,
    /// Twilio's id of the last request.
    request_id: Option<String>,
}

impl Call<'_> {
    /// Adds what is known of the call to an error.
    fn context(&self, error: Error) -> Error {
        error.with(|details| {
            details.status = self.status.or(details.status);
            details.request_id.clone_from(&self.request_id);
            details.operation = Some(self.target.name());
            details.attempts = self.attempts;
        })
    }

    /// Sends the request until the response is a success or can't become one.
    async fn send(&mut self) -> Result<Response, Error> {
        let Self { shared, target, .. } = *self;
        if let Target::Operation(operation) = target {
            check_path(&shared.base_url, self.request.url(), operation)?;
        }
        let operation = target.operation();
        let path = self.request.url().path();
        let limited = operation.and_then(|known| shared.limits.of(known, path));
        let mut delays = shared.retry.delays();
        let mut renewed = false;
        // The error of the previous attempt.
        let mut last: Option<Error> = None;
        loop {
            if let Some(limited) = &limited {
                let ready = limited.ready(self.deadline - Instant::now()).await;
                ready.map_err(|error| last.take().unwrap_or(error))?;
            }
            let method = self.request.method();
            let span = telemetry::attempt(target, method, &shared.base_url, self.attempts);
            self.attempts += 1;
            let began = Instant::now();
            let mut used = None;
            let result = pin!(self.attempt(began, &mut used)).instrument(span.clone()).await;
            let (status, id) = (self.status, self.request_id.as_deref());
            telemetry::outcome(&span, target, began, status, id, result.as_ref().err());
            let error = match result {
                Ok(response) => return Ok(response),
                Err(error) if error.is_timeout() && Instant::now() >= self.deadline => {
                    error.with(|details| details.last = last.take())
                }
                Err(error) => error,
            };
            // Nothing was processed if the credentials were rejected.
            let renew = !renewed
                && error.status() == Some(401)
                && used.is_some_and(|used| shared.credentials.refused(&used));
            renewed |= renew;
            let retryable = renew || can_be_repeated(self.request.method(), &error);
            let error = error.with(|details| details.retryable = retryable);
            // Other limits apply to one number or verification, and don't concern other calls.
            if let (Some(limited), Some(wait), true) =
                (&limited, error.retry_after(), error.is_rate_limited() && retryable)
            {
                limited.pause(wait, self.deadline - Instant::now()).await;
            }
            let Some(delay) = delays.after(&error) else {
                return Err(error);
            };
            let delay = if renew { Duration::ZERO } else { delay };
            let at = after(Instant::now(), delay);
            if at >= self.deadline {
                return Err(error);
            }
            telemetry::wait("to be sent again", delay);
            sleep_until(at).await;
            last = Some(error);
        }
    }

    /// Sends the request once, and reads the whole response. Stores in `used` the credentials that
    /// it was sent with.
    async fn attempt(
        &mut self,
        began: Instant,
        used: &mut Option<Authorization>,
    ) -> Result<Response, Error> {
        (self.status, self.request_id) = (None, None);
        let shared = self.shared;
        let deadline = self.deadline.min(after(began, shared.attempt_timeout));
        let authorization = shared.credentials.authorization(deadline).await?;
        let header = authorization.header.clone();
        *used = Some(authorization);
        let mut request = self.request.try_clone().ok_or_else(|| {
            let reason = "a streamed body can't be sent twice";
            Error::new(ErrorKind::InvalidRequest, reason)
        })?;
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, header);
        headers.insert(USER_AGENT, shared.user_agent.clone());
        if !self.request.method().is_idempotent() {
            // Lets the runtime notice connections that were closed meanwhile: a POST on one would
            // be lost.
            yield_now().await;
        }
        let sent_at = SystemTime::now();
        let (connections, http) = shared.connections.current();
        let sent = shared.connections.execute(&http, self.target.name(), request);
        let mut response = timeout_at(deadline, pin!(sent)).await.map_err(|elapsed| {
            shared.connections.abandon(connections);
            let way = shared.connections.way();
            let reason = format!("there was no response{way} before the timeout");
            Error::timeout(ErrorKind::NoAnswer, reason).with_source(elapsed)
        })??;
        shared.connections.responded(response.version());
        shared.clock.observe(response.headers(), sent_at, SystemTime::now());
        let status = response.status();
        let id = response.headers().get("twilio-request-id");
        self.request_id = id.and_then(|id| id.to_str().ok()).map(str::to_owned);
        self.status = Some(status.as_u16());
        let limit = shared.max_response_size;
        let body = read(&mut response, limit, "; see `max_response_size`");
        let body = timeout_at(deadline, body).await.unwrap_or_else(|elapsed| {
            shared.connections.abandon(connections);
            Err(too_late().with_source(elapsed))
        });
        if !status.is_success() && !self.target.expects(status) {
            // The status is known, even if the body was lost.
            let lost = body.is_err();
            let body = body.unwrap_or_default();
            let error = refused(response.headers(), status.as_u16(), &body);
            return Err(self.context(error.with(|details| details.lost_body = lost)));
        }
        let body = body?;
        Ok(Response { status, headers: std::mem::take(response.headers_mut()), body })
    }
}

/// Rejects a path in which a parameter that is empty, `.` or `..` changes which resource it names.
fn check_path(base: &Url, url: &Url, operation: &Operation) -> Result<(), Error> {
    let base = base.path().trim_end_matches('/');
    let path = url.path().strip_prefix(base).unwrap_or_default();
    let depth = |path: &str| path.bytes().filter(|byte| *byte == b'/').count();
    if depth(path) == depth(operation.path) && !path.contains("//") && !path.ends_with('/') {
        return Ok(());
    }
    let reason = format!(
        "a parameter of {} is empty, `.` or `..`, and would name another resource",
        operation.path
    );
    Err(Error::invalid("path", reason))
}

/// Returns the instant after a duration, which is limited to a year.
fn after(instant: Instant, duration: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    instant + duration.min(YEAR)
}
