//! Sends every request and reads every response.

use std::pin::pin;
use std::time::Duration;

use http::StatusCode;
use http::header::{AUTHORIZATION, USER_AGENT};
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep_until, timeout_at};
use tracing::{Instrument, Span};
use twilio_verify_api::{Operation, Request};
use url::Url;

use super::retry::may_be_sent_again;
use super::shared::Shared;
use super::telemetry::{self, Outcome};
use crate::credentials::source::Authorization;
use crate::error::{Error, ErrorKind};
use crate::http::body::{TOO_LATE, after, not_answered, read};
use crate::http::response::{is_object, not_an_object, refused, text, unreadable};

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

impl Shared {
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
