//! Serves the metrics over HTTP.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State as Shared;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use prometheus_client::encoding::{prometheus_text, text};
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::collector::Metrics;
use super::state::State;

/// How long the end waits for scrapes in progress.
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

/// What a request needs.
#[derive(Clone)]
struct Server {
    state: Arc<State>,
    registry: Arc<Registry>,
}

/// Serves until `stopped` is true, and for a moment until scrapes in progress have ended.
pub(super) async fn serve(
    listener: TcpListener,
    state: Arc<State>,
    mut stopped: watch::Receiver<bool>,
) {
    let router = router(state);
    // Without this a client that writes in two parts waits for a delayed acknowledgement. A failure
    // only makes it slower.
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
        // It never fails: what can't be accepted is tried again.
        _ = served => {}
        () = late => {}
    }
}

fn router(state: Arc<State>) -> Router {
    let mut registry = Registry::default();
    registry.register_collector(Box::new(Metrics(Arc::clone(&state))));
    let server = Server { state, registry: Arc::new(registry) };
    Router::new()
        .route("/", get(async || Html(PAGE)))
        .route("/metrics", get(metrics))
        .route("/-/healthy", get(async || "healthy\n"))
        .route("/-/ready", get(ready))
        .fallback(async || (StatusCode::NOT_FOUND, "not found: the metrics are at /metrics\n"))
        .with_state(server)
}

async fn metrics(Shared(server): Shared<Server>, headers: HeaderMap) -> Response {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let accepted: Vec<&str> = accepted.collect();
    let mut body = String::new();
    let (encoded, format) = if wants_openmetrics(&accepted.join(",")) {
        (text::encode(&mut body, &server.registry), OPENMETRICS)
    } else {
        (prometheus_text::encode(&mut body, &server.registry), TEXT)
    };
    match encoded {
        Ok(()) => ([(CONTENT_TYPE, format), (CACHE_CONTROL, "no-store")], body).into_response(),
        // Writing into memory does not fail.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn ready(Shared(server): Shared<Server>) -> (StatusCode, &'static str) {
    match server.state.is_ready() {
        true => (StatusCode::OK, "ready\n"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "not ready: there is no snapshot yet\n"),
    }
}

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Whether a request prefers OpenMetrics to the text format: it names it, and nothing else higher.
fn wants_openmetrics(accept: &str) -> bool {
    let (mut openmetrics, mut text) = (0.0_f32, 0.0_f32);
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let parameters: Vec<(&str, &str)> = parts.filter_map(|part| part.split_once('=')).collect();
        let value = |wanted: &str| {
            let found = parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| value.trim_matches('"'))
        };
        let quality = value("q").and_then(|value| value.parse().ok()).unwrap_or(1.0_f32);
        match name.as_str() {
            "application/openmetrics-text" if value("version").is_none_or(is_written) => {
                openmetrics = openmetrics.max(quality);
            }
            "text/plain" => text = text.max(quality),
            _ => {}
        }
    }
    openmetrics > 0.0 && openmetrics >= text
}

/// Whether a version of OpenMetrics is written here: what is written is valid in both of these.
fn is_written(version: &str) -> bool {
    matches!(version, "1.0.0" | "0.0.1")
}

#[cfg(test)]
mod tests {
    use super::wants_openmetrics;

    #[test]
    fn the_format_is_the_one_that_is_preferred() {
        for accept in [
            "application/openmetrics-text",
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
            "Application/OpenMetrics-Text;Version=\"1.0.0\";Q=0.5, */*;q=0.1",
            // That of Prometheus 2.42.
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;\
             version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        ] {
            assert!(wants_openmetrics(accept), "{accept}");
        }
        for accept in [
            "",
            "*/*",
            "text/plain",
            "text/html,application/xhtml+xml,*/*;q=0.8",
            "application/openmetrics-text;q=0",
            "application/openmetrics-text;version=2.0.0",
            "application/openmetrics-text;q=0.3,text/plain;q=0.5",
        ] {
            assert!(!wants_openmetrics(accept), "{accept}");
        }
    }
}
