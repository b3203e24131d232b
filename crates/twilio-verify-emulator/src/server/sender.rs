//! Sends payloads to webhooks.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::error::Error;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{StatusCode, header};
use reqwest::{Client, Response, redirect};
use secrecy::ExposeSecret;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;

use crate::app::shared::App;
use crate::values::sid::WebhookSid;
use crate::webhooks::delivery::{DeliveryOutcome, WebhookResponse};
use crate::webhooks::payload::Payload;

/// The maximum number of payloads that are sent at once.
const CONCURRENCY: usize = 64;

/// The pause before the first retry; it doubles before each further one. It is short, as webhooks are on the same
/// machine.
const BACKOFF: Duration = Duration::from_millis(100);

/// A worker that sends payloads. Payloads of the same webhook are sent one after the other.
pub(crate) struct Worker {
    pub(crate) app: App,
}

impl Worker {
    /// Sends the payloads of a queue.
    pub(crate) async fn run(self, mut payloads: UnboundedReceiver<Payload>) {
        let worker = Arc::new(self);
        // Created on first use, as that takes longer than starting an emulator.
        let mut client = None;
        let mut waiting: HashMap<WebhookSid, VecDeque<Payload>> = HashMap::new();
        let mut sending = JoinSet::new();
        loop {
            let payload = tokio::select! {
                Some(payload) = payloads.recv(), if sending.len() < CONCURRENCY => {
                    match waiting.entry(payload.webhook_sid) {
                        Entry::Occupied(mut queue) => {
                            queue.get_mut().push_back(payload);
                            continue;
                        }
                        Entry::Vacant(queue) => {
                            queue.insert(VecDeque::new());
                            payload
                        }
                    }
                }
                Some(Ok(webhook)) = sending.join_next() => {
                    match waiting.get_mut(&webhook).and_then(VecDeque::pop_front) {
                        Some(payload) => payload,
                        None => {
                            waiting.remove(&webhook);
                            continue;
                        }
                    }
                }
                else => return,
            };
            let client = client.get_or_insert_with(client_of_loopback).clone();
            let worker = worker.clone();
            sending.spawn(async move {
                let outcome = match client {
                    Ok(client) => worker.deliver(&client, &payload).await,
                    Err(reason) => DeliveryOutcome::NoAnswer { reason },
                };
                // The reason is left out: it may contain parts of the webhook's URL.
                let status = match &outcome {
                    DeliveryOutcome::Delivered { status } | DeliveryOutcome::Refused { status } => {
                        Some(*status)
                    }
                    _ => None,
                };
                tracing::trace!(webhook = %payload.webhook_sid, status, "webhook delivery ended");
                worker.app.deliveries.end(payload.number, outcome);
                worker.app.watchers.notify();
                payload.webhook_sid
            });
        }
    }

    /// Sends a payload, with retries, and returns the outcome.
    async fn deliver(&self, client: &Client, payload: &Payload) -> DeliveryOutcome {
        // Changes that might be lost are not announced.
        if self.app.persist().await.is_err() {
            return DeliveryOutcome::Stopped;
        }
        let mut pause = BACKOFF;
        for _ in 1..self.app.settings.webhook_tries {
            match self.send(client, payload).await {
                DeliveryOutcome::NoAnswer { .. } => {}
                DeliveryOutcome::Refused { status } if is_temporary(status) => {}
                outcome => return outcome,
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        self.send(client, payload).await
    }

    async fn send(&self, client: &Client, payload: &Payload) -> DeliveryOutcome {
        if !self.app.deliveries.tried(payload.number) {
            return DeliveryOutcome::Stopped;
        }
        let began = Instant::now();
        let signature = payload.signature(self.app.settings.auth_token.expose_secret());
        let response = client
            .post(payload.url.clone())
            .timeout(self.app.settings.webhook_timeout)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("x-twilio-signature", signature)
            .body(payload.body())
            .send()
            .await;
        let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (outcome, status, error, body) = match response {
            Ok(response) => {
                let status = response.status().as_u16();
                let outcome = match response.status() {
                    StatusCode::OK => DeliveryOutcome::Delivered { status },
                    _ => DeliveryOutcome::Refused { status },
                };
                (outcome, Some(status), None, beginning(response).await)
            }
            Err(error) => {
                let reason = reason(error);
                (DeliveryOutcome::NoAnswer { reason: reason.clone() }, None, Some(reason), None)
            }
        };
        let received = self.app.settings.clock.now();
        let response = WebhookResponse { received, duration_ms, status, error, body };
        self.app.deliveries.responded(payload.number, response);
        self.app.watchers.notify();
        outcome
    }
}

/// Returns the beginning of a body as text. Parts that arrive late are left out.
async fn beginning(mut response: Response) -> Option<String> {
    const LONGEST: usize = 4096;
    const LATEST: Duration = Duration::from_secs(1);
    let mut bytes = Vec::new();
    let reading = async {
        while bytes.len() < LONGEST
            && let Ok(Some(chunk)) = response.chunk().await
        {
            bytes.extend_from_slice(&chunk);
        }
    };
    let _ = tokio::time::timeout(LATEST, reading).await;
    bytes.truncate(LONGEST);
    (!bytes.is_empty()).then(|| String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether a retry may succeed.
fn is_temporary(status: u16) -> bool {
    status >= 500 || status == StatusCode::TOO_MANY_REQUESTS.as_u16()
}

/// Creates a client that reaches only this machine: without proxies, name resolution and redirects.
fn client_of_loopback() -> Result<Client, String> {
    // The port comes from the URL.
    let localhost =
        [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), SocketAddr::from((Ipv6Addr::LOCALHOST, 0))];
    let builder = || {
        Client::builder()
            .user_agent(concat!("twilio-verify-emulator/", env!("CARGO_PKG_VERSION")))
            .no_proxy()
            .redirect(redirect::Policy::none())
            .resolve_to_addrs("localhost", &localhost)
    };
    // Without a certificate store, as in small container images, webhooks by http still work.
    builder().build().or_else(|_| builder().tls_certs_only([]).build()).map_err(reason)
}

/// Formats an error and its causes, without the URL.
fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
