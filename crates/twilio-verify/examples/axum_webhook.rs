//! Receives Verify's webhooks with axum: an extractor that lets no request
//! pass which Twilio didn't send.
//!
//! ```sh
//! TWILIO_AUTH_TOKEN=… PUBLIC_URL=https://hooks.example.com \
//!     cargo run -p twilio-verify --features webhooks --example axum_webhook
//! ```
//!
//! Then create a webhook with the URL `https://hooks.example.com/verify`, and
//! have that host's requests sent on to port 3000.

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRequest, OriginalUri, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use twilio_verify::{WebhookEvent, WebhookEventType, WebhookValidator};

struct Webhooks {
    validator: WebhookValidator,
    /// Scheme and host as Twilio knows them. The server sees those that the
    /// proxy sends on to, and whoever sends a request chooses its `Host`.
    public_url: String,
}

/// An event that Twilio sent.
struct Verified(WebhookEvent);

impl FromRequest<Arc<Webhooks>> for Verified {
    type Rejection = Response;

    async fn from_request(
        request: Request,
        webhooks: &Arc<Webhooks>,
    ) -> Result<Self, Self::Rejection> {
        // A nested router takes the beginning off the request's own URI.
        let path = match request.extensions().get::<OriginalUri>() {
            Some(OriginalUri(uri)) => uri.path_and_query(),
            None => request.uri().path_and_query(),
        };
        let path = path.map_or("/", |path| path.as_str());
        let url = format!("{}{path}", webhooks.public_url);
        let headers = request.headers().clone();
        // As it was received, and not longer than axum's limit.
        let body =
            Bytes::from_request(request, webhooks).await.map_err(IntoResponse::into_response)?;

        webhooks.validator.validate(&url, &headers, &body).map_err(|error| {
            // For the log alone: a stranger needn't know.
            tracing::warn!("a webhook is refused: {error}");
            StatusCode::FORBIDDEN.into_response()
        })?;
        let event = WebhookEvent::parse(&headers, &body).map_err(|error| {
            tracing::warn!("a webhook can't be read: {error}");
            StatusCode::BAD_REQUEST.into_response()
        })?;
        Ok(Self(event))
    }
}

async fn receive(Verified(event): Verified) -> StatusCode {
    match event.event_type {
        WebhookEventType::ChallengeApproved => tracing::info!("approved: {event:?}"),
        WebhookEventType::ChallengeDenied => tracing::info!("denied: {event:?}"),
        _ => tracing::info!("nothing to do: {event:?}"),
    }
    StatusCode::NO_CONTENT
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().init();
    let webhooks = Webhooks {
        validator: WebhookValidator::new(std::env::var("TWILIO_AUTH_TOKEN")?)?,
        public_url: std::env::var("PUBLIC_URL")?.trim_end_matches('/').to_owned(),
    };
    let app = Router::new().route("/verify", post(receive)).with_state(Arc::new(webhooks));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app).await?;
    Ok(())
}
