//! OAuth: a token endpoint, and the emulator behind a server that wants its tokens.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Form, Json, Router};
use serde_json::json;
use twilio_verify_emulator::Emulator;

use crate::program::{command, emulator, http, output};

/// The fields of a form.
type Fields = Vec<(String, String)>;

#[derive(Clone)]
struct Server {
    emulator: Arc<Emulator>,
    /// What was asked of the token endpoint.
    forms: Arc<Mutex<Vec<Fields>>>,
    calls: Arc<AtomicUsize>,
}

async fn token(
    State(server): State<Server>,
    Form(form): Form<Vec<(String, String)>>,
) -> impl IntoResponse {
    server.forms.lock().unwrap().push(form);
    Json(json!({ "access_token": "t0ken", "token_type": "Bearer", "expires_in": 3600 }))
}

/// Sends a request on to the emulator, if it has the token.
async fn forward(State(server): State<Server>, request: Request) -> Response {
    if request.headers().get(AUTHORIZATION).is_none_or(|value| value != "Bearer t0ken") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    server.calls.fetch_add(1, Ordering::Relaxed);
    let emulator = &server.emulator;
    let url = format!("{}{}", emulator.url(), request.uri());
    let call = http().get(url);
    let call = call.basic_auth(emulator.account_sid(), Some(emulator.auth_token()));
    let response = call.send().await.unwrap();
    (response.status(), response.bytes().await.unwrap()).into_response()
}

#[tokio::test]
async fn one_token_is_fetched_and_authenticates_all_calls() {
    let emulator = Arc::new(emulator().start().await.unwrap());
    let server =
        Server { emulator: Arc::clone(&emulator), forms: Arc::default(), calls: Arc::default() };
    let router =
        Router::new().route("/token", post(token)).fallback(forward).with_state(server.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, router).await.unwrap() });

    let mut command = command(env!("CARGO_BIN_EXE_oauth"), &emulator);
    command
        .env("TWILIO_BASE_URL", &url)
        .env("TWILIO_TOKEN_URL", format!("{url}/token"))
        .env("TWILIO_CLIENT_ID", "OQ1")
        .env("TWILIO_CLIENT_SECRET", "s3cret");
    let (stdout, stderr) = output(&mut command).await;
    assert_eq!(stdout, "0 attempts\nservice Shop\n");
    assert!(!stderr.contains("s3cret"), "{stderr}");
    assert_eq!(server.calls.load(Ordering::Relaxed), 2);
    let forms = server.forms.lock().unwrap();
    let pairs =
        [("grant_type", "client_credentials"), ("client_id", "OQ1"), ("client_secret", "s3cret")];
    assert_eq!(*forms, [pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()]);
}
