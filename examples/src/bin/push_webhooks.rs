//! A sign-in that a user approves on their phone, reported by a signed webhook.
//!
//! ```sh
//! PUBLIC_URL=https://hooks.example.com cargo run -p examples --bin push_webhooks
//! ```
//!
//! Have the requests to that host sent on to port 3000 (or `PORT`). The program creates the webhook
//! when it starts. Then:
//!
//! ```sh
//! curl -d 'identity=customer-4f1d27a0&factor=YF…' http://127.0.0.1:3000/sign-ins
//! curl http://127.0.0.1:3000/sign-ins/YC…
//! ```

use std::collections::HashMap;
use std::env;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::{FromRequest, OriginalUri, Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use serde::Deserialize;
use twilio_verify::resources::ServiceContext;
use twilio_verify::types::ChallengeStatus;
use twilio_verify::{
    ChallengeSid, Client, FactorSid, WebhookEvent, WebhookEventType, WebhookValidator,
};

struct App {
    service: ServiceContext,
    validator: WebhookValidator,
    /// Scheme and host as Twilio knows them. The server sees those that the proxy sends on to, and
    /// whoever sends a request chooses its `Host`.
    public_url: String,
    /// The sign-ins in progress: whose they are, and how they stand. Several processes would keep
    /// these in a database.
    sign_ins: Mutex<HashMap<ChallengeSid, SignIn>>,
}

#[derive(Clone)]
struct SignIn {
    identity: String,
    status: ChallengeStatus,
}

/// An event that Twilio sent.
struct Verified(WebhookEvent);

impl FromRequest<Arc<App>> for Verified {
    type Rejection = Response;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        // A nested router takes the beginning off the request's own URI.
        let path = match request.extensions().get::<OriginalUri>() {
            Some(OriginalUri(uri)) => uri.path_and_query(),
            None => request.uri().path_and_query(),
        };
        let path = path.map_or("/", |path| path.as_str());
        let url = format!("{}{path}", app.public_url);
        let headers = request.headers().clone();
        // As it was received, and not longer than axum's limit.
        let body = Bytes::from_request(request, app).await.map_err(IntoResponse::into_response)?;

        app.validator.validate(&url, &headers, &body).map_err(|error| {
            // For the log alone: a stranger needn't know.
            tracing::warn!("a webhook is rejected: {error}");
            StatusCode::FORBIDDEN.into_response()
        })?;
        let event = WebhookEvent::parse(&headers, &body).map_err(|error| {
            tracing::warn!("a webhook can't be read: {error}");
            StatusCode::BAD_REQUEST.into_response()
        })?;
        Ok(Self(event))
    }
}

/// Receives an event. The same one may come more than once.
async fn receive(State(app): State<Arc<App>>, Verified(event): Verified) -> StatusCode {
    let answered = [WebhookEventType::ChallengeApproved, WebhookEventType::ChallengeDenied];
    if !answered.contains(&event.event_type) {
        return StatusCode::NO_CONTENT;
    }
    let Some(sid) = event.challenge_sid else {
        return StatusCode::BAD_REQUEST;
    };
    let known = app.sign_ins.lock().unwrap_or_else(PoisonError::into_inner).get(&sid).cloned();
    let Some(known) = known else {
        return StatusCode::NO_CONTENT;
    };
    // The event says that something happened; what it was is asked of the API.
    let challenge = match app.service.entity(known.identity).challenges().fetch(&sid).await {
        Ok(challenge) => challenge,
        Err(error) => {
            // Twilio sends the event again.
            tracing::error!(%error, "the challenge can't be fetched");
            return StatusCode::SERVICE_UNAVAILABLE;
        }
    };
    let mut sign_ins = app.sign_ins.lock().unwrap_or_else(PoisonError::into_inner);
    if let (Some(sign_in), Some(status)) = (sign_ins.get_mut(&sid), challenge.status) {
        sign_in.status = status;
    }
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Begin {
    identity: String,
    factor: FactorSid,
}

/// Asks the user, on the device that the factor is.
async fn begin(
    State(app): State<Arc<App>>,
    Form(begin): Form<Begin>,
) -> Result<(StatusCode, String), StatusCode> {
    let challenges = app.service.entity(&begin.identity).challenges();
    let request = challenges.create(begin.factor).message("Do you want to sign in?");
    let challenge = request.field("Program", "push_webhooks").await.map_err(|error| {
        tracing::error!(%error, "the user can't be asked");
        StatusCode::BAD_GATEWAY
    })?;
    let sid = challenge.sid.ok_or(StatusCode::BAD_GATEWAY)?;
    let sign_in = SignIn { identity: begin.identity, status: ChallengeStatus::Pending };
    let text = sid.to_string();
    app.sign_ins.lock().unwrap_or_else(PoisonError::into_inner).insert(sid, sign_in);
    Ok((StatusCode::ACCEPTED, text))
}

/// How a sign-in stands: what the page of the browser asks for until it is no longer pending.
async fn status(
    State(app): State<Arc<App>>,
    Path(sid): Path<ChallengeSid>,
) -> Result<String, StatusCode> {
    let sign_ins = app.sign_ins.lock().unwrap_or_else(PoisonError::into_inner);
    sign_ins.get(&sid).map(|sign_in| sign_in.status.to_string()).ok_or(StatusCode::NOT_FOUND)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let port = env::var("PORT").unwrap_or_else(|_| "3000".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    let address = listener.local_addr()?;
    let public_url = env::var("PUBLIC_URL").unwrap_or_else(|_| format!("http://{address}"));
    let app = Arc::new(App {
        service: Client::from_env()?.service(env::var("VERIFY_SERVICE_SID")?),
        // The account's: an API key's secret signs nothing.
        validator: WebhookValidator::new(env::var("TWILIO_AUTH_TOKEN")?)?,
        public_url: public_url.trim_end_matches('/').to_owned(),
        sign_ins: Mutex::default(),
    });
    let url = format!("{}/events", app.public_url);
    let events = ["challenge.approved", "challenge.denied"];
    let webhook = app.service.webhooks().create("sign-ins", events, url).await?;

    let router = Router::new()
        .route("/events", post(receive))
        .route("/sign-ins", post(begin))
        .route("/sign-ins/{sid}", get(status))
        .with_state(Arc::clone(&app));
    println!("listening on http://{address}");
    let stop = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    axum::serve(listener, router).with_graceful_shutdown(stop).await?;
    if let Some(sid) = webhook.sid {
        app.service.webhooks().delete(sid).await?;
    }
    Ok(())
}
