//! A server that responds to every operation of the document with the document's example, and
//! records the requests.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::document::{Operation, operations};

/// A request for an operation of the document.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The operation's `operationId`.
    pub id: String,
    /// The path and the query, as they were sent.
    pub target: String,
    /// The names of the query's parameters.
    pub query: Vec<String>,
    /// The body, as it was sent.
    pub body: String,
    /// The names of the body's fields.
    pub fields: Vec<String>,
    /// The body's media type.
    pub content_type: Option<String>,
}

/// The server of the document's examples.
#[derive(Debug)]
pub struct Contract {
    url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    task: JoinHandle<()>,
}

impl Contract {
    /// Starts the server on a loopback port.
    ///
    /// # Errors
    ///
    /// Returns an error if no port can be bound.
    pub async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let asked = Arc::new(Mutex::new(Vec::new()));
        let state = (Arc::new(operations()), Arc::clone(&asked));
        let router = Router::new().fallback(answer).with_state(state);
        let task = tokio::spawn(async move {
            // It ends with the test.
            let _ended = axum::serve(listener, router).await;
        });
        Ok(Self { url, asked, task })
    }

    /// Returns the server's base URL, `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns all requests so far for operations of the document.
    pub fn asked(&self) -> Vec<Asked> {
        lock(&self.asked).clone()
    }

    /// Asserts that the last request was this one, byte for byte: the operation, the path with the
    /// query, and the body.
    ///
    /// # Panics
    ///
    /// Panics if it was another.
    pub fn assert_last(&self, id: &str, target: &str, body: &str) {
        let asked = lock(&self.asked);
        let last = asked.last().unwrap_or_else(|| panic!("nothing was asked"));
        assert_eq!(last.id, id);
        assert_eq!(last.target, target, "{id}");
        assert_eq!(last.body, body, "{id}");
        let expected = match body.chars().next() {
            None => None,
            Some('{') => Some("application/json"),
            Some(_) => Some("application/x-www-form-urlencoded"),
        };
        assert_eq!(last.content_type.as_deref(), expected, "{id}");
    }
}

impl Drop for Contract {
    fn drop(&mut self) {
        self.task.abort();
    }
}

type Shared = (Arc<Vec<Operation>>, Arc<Mutex<Vec<Asked>>>);

async fn answer(
    State((operations, asked)): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let found = operations.iter().find(|operation| operation.matches(method.as_str(), uri.path()));
    let Some(operation) = found else {
        return (StatusCode::NOT_IMPLEMENTED, "not an operation of the document").into_response();
    };
    let body = String::from_utf8_lossy(&body).into_owned();
    let content_type = headers.get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|kind| kind.to_str().ok()).map(str::to_owned);
    let fields = match content_type.as_deref() {
        Some("application/json") => json_names(&body),
        _ => form_names(&body),
    };
    lock(&asked).push(Asked {
        id: operation.id.clone(),
        target: uri.to_string(),
        query: form_names(uri.query().unwrap_or_default()),
        body,
        fields,
        content_type,
    });
    let status = StatusCode::from_u16(operation.status).unwrap_or(StatusCode::OK);
    match &operation.example {
        Some(example) => {
            let json = [(header::CONTENT_TYPE, "application/json")];
            (status, json, example.to_string()).into_response()
        }
        None => status.into_response(),
    }
}

fn form_names(form: &str) -> Vec<String> {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(form).unwrap_or_default();
    pairs.into_iter().map(|(name, _)| name).collect()
}

fn json_names(text: &str) -> Vec<String> {
    let json: Value = serde_json::from_str(text).unwrap_or_default();
    json.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
