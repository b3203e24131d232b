//! Serves the metrics over HTTP.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State as Shared;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::collector::Metrics;
use super::encode::format::Format;
use super::state::State;

/// How long a shutdown waits for scrapes in progress.
const GRACE: Duration = Duration::from_secs(2);

const PAGE: &str = "\
<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>twilio-verify exporter</title>
<h1>twilio-verify exporter</h1>
<p>Attempts of Twilio Verify and their conversion, for Prometheus: <a href=\"/metrics\">metrics</a></p>
<p>It runs: <a href=\"/-/healthy\">healthy</a>. It has a snapshot: <a href=\"/-/ready\">ready</a>.</p>
</html>
";

/// Serves until `stopped` is true, then waits up to [`GRACE`] for scrapes in progress.
pub(super) async fn serve(
    listener: TcpListener,
    state: Arc<State>,
    mut stopped: watch::Receiver<bool>,
) {
    let router = router(state);
    // Without this, a client that writes in two parts waits for a delayed acknowledgement. If it
    // fails, responses are only slower.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let mut end = stopped.clone();
    let served = axum::serve(listener, router).with_graceful_shutdown(async move {
        drop(end.wait_for(|stop| *stop).await);
    });
    let late = async {
        drop(stopped.wait_for(|stop| *stop).await);
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        // `serve` never fails: it tries again to accept a connection.
        _ = served => {}
        () = late => {}
    }
}

fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/", get(async || Html(PAGE)))
        .route("/metrics", get(metrics))
        .route("/-/healthy", get(async || "healthy\n"))
        .route("/-/ready", get(ready))
        .fallback(async || (StatusCode::NOT_FOUND, "not found: the metrics are at /metrics\n"))
        .with_state(state)
}

async fn metrics(Shared(state): Shared<Arc<State>>, headers: HeaderMap) -> Response {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let format = Format::preferred(&accepted.collect::<Vec<_>>().join(","));
    match scrape(state, format) {
        Ok(body) => ([(CONTENT_TYPE, format.content_type()), (CACHE_CONTROL, "no-store")], body)
            .into_response(),
        // Writing into memory does not fail.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn scrape(state: Arc<State>, format: Format) -> Result<String, fmt::Error> {
    let renewals = state.renewals();
    let shown = renewals.shown.clone();
    let samples = shown.as_ref().map_or("", |shown| shown.samples(format));
    format.join([samples, &format.encode(Metrics { state, renewals })?])
}

async fn ready(Shared(state): Shared<Arc<State>>) -> (StatusCode, &'static str) {
    match state.is_ready() {
        true => (StatusCode::OK, "ready\n"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "not ready: there is no snapshot yet\n"),
    }
}
