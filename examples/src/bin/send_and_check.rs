//! A web service that sends codes and checks them.
//!
//! - **A limit for each user**: Verify counts the sends of each user and rejects those beyond the
//!   limit, whichever process asks and whichever number they are for.
//! - **A wait before a code is sent again**, so that an impatient user doesn't get five.
//! - **An SMS first, then a call**: who asks again may not be able to receive an SMS. A landline is
//!   called at once.
//!
//! ```sh
//! curl -d 'user=ada&to=%2B14155550100' http://127.0.0.1:3000/codes
//! curl -d 'user=ada&to=%2B14155550100&code=123456' http://127.0.0.1:3000/codes/check
//! ```
//!
//! `RESEND_AFTER` is the wait in seconds (default 30), `SENDS_PER_HOUR` the limit for each user
//! (default 5), `PORT` the port (default 3000).

use std::collections::HashMap;
use std::env;
use std::error::Error;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Form, Json, Router};
use serde::Deserialize;
use serde_json::json;
use twilio_verify::resources::{ServiceContext, Verifications};
use twilio_verify::types::Verification;
use twilio_verify::{Channel, Client, ErrorKind, codes};

/// The unique name of the rate limit in the Verify service.
const RATE_LIMIT: &str = "user";

struct Service {
    verify: Verifications,
    resend_after: Duration,
    /// The sends to each user who has not entered a code yet. Several processes would keep this in a
    /// database.
    sends: Mutex<HashMap<String, Sends>>,
}

#[derive(Clone, Copy)]
struct Sends {
    count: u32,
    last: Instant,
}

/// In a service of your own, the session says who the user is, and perhaps what their number is.
#[derive(Deserialize)]
struct Start {
    user: String,
    to: String,
}

#[derive(Deserialize)]
struct Check {
    user: String,
    to: String,
    code: String,
}

/// Why a request is rejected.
enum Failure {
    /// The last code was sent too recently.
    TooSoon(Duration),
    Verify(twilio_verify::Error),
}

impl From<twilio_verify::Error> for Failure {
    fn from(error: twilio_verify::Error) -> Self {
        Self::Verify(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let error = match self {
            Self::TooSoon(wait) => {
                let seconds = wait.as_secs_f64().ceil().to_string();
                return (
                    StatusCode::TOO_MANY_REQUESTS,
                    [(RETRY_AFTER, seconds)],
                    Json(json!({ "error": "A code was just sent. Wait before you ask again." })),
                )
                    .into_response();
            }
            Self::Verify(error) => error,
        };
        let (status, text) = match (error.kind(), error.code()) {
            (ErrorKind::InvalidRequest, _)
            | (_, Some(codes::INVALID_PARAMETER | codes::INVALID_TO_NUMBER)) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "Check the number.")
            }
            // Expired, or approved before.
            _ if error.is_not_found() => {
                (StatusCode::GONE, "The code has expired. Ask for another.")
            }
            (_, Some(codes::MAX_CHECK_ATTEMPTS)) => {
                (StatusCode::TOO_MANY_REQUESTS, "Too many wrong codes. Try again in 10 minutes.")
            }
            // The limit for this user, or Verify's own for this number.
            _ if error.is_rate_limited() => {
                (StatusCode::TOO_MANY_REQUESTS, "Too many codes. Try again later.")
            }
            (_, Some(codes::FRAUD_GUARD | codes::GEO_PERMISSIONS)) => {
                (StatusCode::FORBIDDEN, "Codes can't be sent to this number.")
            }
            _ => {
                // It has no number and no code in it.
                tracing::error!(%error, "Verify failed");
                (StatusCode::SERVICE_UNAVAILABLE, "Codes can't be sent at the moment.")
            }
        };
        (status, Json(json!({ "error": text }))).into_response()
    }
}

impl Service {
    /// Counts a send, unless it is too soon. Two requests at a time are one send.
    fn reserve(&self, user: &str) -> Result<u32, Failure> {
        let mut sends = self.sends.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let before = sends.get(user).copied();
        if let Some(before) = before {
            let waited = now.duration_since(before.last);
            if let Some(wait) = self.resend_after.checked_sub(waited).filter(|wait| !wait.is_zero())
            {
                return Err(Failure::TooSoon(wait));
            }
        }
        let count = before.map_or(1, |before| before.count + 1);
        sends.insert(user.to_owned(), Sends { count, last: now });
        Ok(count)
    }

    fn forget(&self, user: &str) {
        self.sends.lock().unwrap_or_else(PoisonError::into_inner).remove(user);
    }

    async fn send(
        &self,
        start: &Start,
        channel: Channel,
    ) -> Result<Verification, twilio_verify::Error> {
        let request = self.verify.start(&start.to, channel);
        request.rate_limits([(RATE_LIMIT, &start.user)]).await
    }
}

async fn start(
    State(service): State<Arc<Service>>,
    Form(start): Form<Start>,
) -> Result<Response, Failure> {
    let channel = match service.reserve(&start.user)? {
        1 => Channel::Sms,
        _ => Channel::Call,
    };
    let sent = match service.send(&start, channel).await {
        Err(error) if error.code() == Some(codes::LANDLINE) => {
            service.send(&start, Channel::Call).await
        }
        sent => sent,
    };
    let sent = sent.inspect_err(|error| {
        // The user may correct the number and try again at once.
        if error.kind() == ErrorKind::InvalidRequest {
            service.forget(&start.user);
        }
    })?;
    let body = json!({
        "channel": sent.channel,
        "resend_after": service.resend_after.as_secs(),
    });
    Ok((StatusCode::ACCEPTED, Json(body)).into_response())
}

async fn check(
    State(service): State<Arc<Service>>,
    Form(Check { user, to, code }): Form<Check>,
) -> Result<Response, Failure> {
    let check = service.verify.check(to, code).await?;
    if check.is_approved() {
        service.forget(&user);
        // Here a service of your own remembers in the session that the number is verified.
    }
    Ok(Json(json!({ "verified": check.is_approved() })).into_response())
}

/// Creates the rate limit in the Verify service, unless an earlier run did.
async fn limit_users(verify: &ServiceContext, per_hour: u32) -> Result<(), Box<dyn Error>> {
    let limit = match verify.rate_limits().create(RATE_LIMIT).await {
        Ok(limit) => limit,
        Err(error) if error.code() == Some(codes::UNIQUE_NAME_TAKEN) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let limit = verify.rate_limit(limit.sid.ok_or("the rate limit has no SID")?);
    limit.buckets().create(per_hour, Duration::from_secs(60 * 60)).await?;
    Ok(())
}

/// A number in an environment variable.
fn setting<T: FromStr>(name: &str, default: T) -> Result<T, String> {
    match env::var(name) {
        Ok(text) => text.parse().map_err(|_| format!("{name} is not a number")),
        Err(_) => Ok(default),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let client = Client::from_env()?;
    let verify = client.service(env::var("VERIFY_SERVICE_SID")?);
    limit_users(&verify, setting("SENDS_PER_HOUR", 5)?).await?;
    let service = Arc::new(Service {
        verify: verify.verifications(),
        resend_after: Duration::from_secs(setting("RESEND_AFTER", 30)?),
        sends: Mutex::default(),
    });
    let app = Router::new()
        .route("/codes", post(start))
        .route("/codes/check", post(check))
        .with_state(service);
    let address = ("127.0.0.1", setting("PORT", 3000_u16)?);
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}
