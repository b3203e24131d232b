//! Webhook deliveries: what is sent, and the outcomes.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use twilio_verify::{WebhookEvent, WebhookEventType, WebhookValidator};
use twilio_verify_emulator::{Delivery, DeliveryOutcome};

use crate::api::Api;
use crate::http::http;

/// A server that receives events.
#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

/// A request as a user's program receives it.
#[derive(Clone)]
pub(crate) struct Received {
    url: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Receiver {
    /// Responds to the first request with the first of these, and so on; with 200 after the last.
    pub(crate) async fn answering(answers: &[u16]) -> Self {
        let answers = Arc::new(Mutex::new(answers.to_vec()));
        Self::start(move |_| {
            let answers = answers.clone();
            async move {
                let mut answers = answers.lock().unwrap();
                let status = if answers.is_empty() { 200 } else { answers.remove(0) };
                let location = [(header::LOCATION, "/elsewhere")];
                (StatusCode::from_u16(status).unwrap(), location).into_response()
            }
        })
        .await
    }

    /// Accepts requests, and never responds.
    async fn hanging() -> Self {
        Self::start(|_| std::future::pending()).await
    }

    async fn start<F: Future<Output = Response> + Send>(
        answer: impl Fn(Received) -> F + Clone + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            received: Arc::default(),
        };
        let own = receiver.clone();
        let serve = async move |uri: Uri, headers: HeaderMap, body: Bytes| {
            let url = format!("{}{uri}", own.url);
            let received = Received { url, headers, body };
            own.received.lock().unwrap().push(received.clone());
            answer(received).await
        };
        let server = axum::serve(listener, Router::new().fallback(serve)).into_future();
        tokio::spawn(server);
        receiver
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// The types of the events, each checked to be signed.
    pub(crate) fn types(&self, api: &Api) -> Vec<String> {
        let received = self.received();
        let types = received.iter().map(|received| received.event(api).event_type);
        types.map(String::from).collect()
    }
}

impl Received {
    /// The fields of the body, in its order.
    pub(crate) fn fields(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(&self.body).into_owned().collect()
    }

    pub(crate) fn field(&self, name: &str) -> String {
        let fields = self.fields();
        fields.into_iter().find(|(own, _)| own == name).unwrap().1
    }

    /// The event, if its signature is valid.
    pub(crate) fn event(&self, api: &Api) -> WebhookEvent {
        let validator = WebhookValidator::new(api.emulator.auth_token()).unwrap();
        validator.validate(&self.url, &self.headers, &self.body).unwrap();
        WebhookEvent::parse(&self.headers, &self.body).unwrap()
    }
}

/// Creates a webhook for these events, with more parameters; returns its URL at the emulator.
pub(crate) async fn webhook(
    api: &Api,
    service: &str,
    to: &str,
    events: &[&str],
    more: &[(&str, &str)],
) -> String {
    let mut form = vec![("FriendlyName", "Factors"), ("WebhookUrl", to)];
    form.extend(events.iter().map(|event| ("EventTypes", *event)));
    form.extend(more);
    let made = api.post(&format!("{service}/Webhooks"), &form).await.created();
    made["url"].as_str().unwrap().to_owned()
}

/// Creates a factor: one event.
async fn factor(api: &Api, service: &str) -> Value {
    factor_of(api, service, "ff483d1f-ada").await
}

async fn factor_of(api: &Api, service: &str, identity: &str) -> Value {
    let form = [("FriendlyName", "Ada's phone"), ("FactorType", "totp")];
    api.post(&format!("{service}/Entities/{identity}/Factors"), &form).await.created()
}

/// Creates and deletes a factor: two events.
async fn two_events(api: &Api, service: &str) {
    two_events_of(api, service, "ff483d1f-ada").await;
}

async fn two_events_of(api: &Api, service: &str, identity: &str) {
    let factor = factor_of(api, service, identity).await;
    api.delete(factor["url"].as_str().unwrap()).await.deleted();
}

async fn outcomes(api: &Api) -> Vec<(u32, DeliveryOutcome)> {
    api.emulator.wait_for_deliveries().await;
    let deliveries = api.emulator.deliveries();
    let outcome = |delivery: &Delivery| (delivery.tries(), delivery.outcome().clone());
    deliveries.iter().map(outcome).collect()
}

#[tokio::test]
async fn an_event_is_sent_signed_with_all_that_it_tells() {
    let api = Api::start().await;
    let service = api.service(&[]).await;
    let receiver = Receiver::answering(&[]).await;
    let to = format!("{}/hook?from=verify", receiver.url);
    webhook(&api, &service, &to, &["factor.created"], &[]).await;
    let factor = factor(&api, &service).await;
    api.emulator.wait_for_deliveries().await;

    let received = receiver.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].url, to);
    assert_eq!(received[0].headers["content-type"], "application/x-www-form-urlencoded");
    let event = received[0].event(&api);
    assert_eq!(event.event_type, WebhookEventType::FactorCreated);
    assert_eq!(received[0].field("uuid").len(), 36);
    assert_eq!(received[0].field("entity_identity"), "ff483d1f-ada");
    assert_eq!(event.account_sid.unwrap().as_str(), api.emulator.account_sid());
    assert_eq!(event.service_sid.unwrap().as_str(), factor["service_sid"]);
    assert_eq!(event.factor_sid.unwrap().as_str(), factor["sid"]);
    assert_eq!(event.factor_type.unwrap().as_str(), "totp");
    assert_eq!(event.identity.unwrap().expose(), "ff483d1f-ada");
    assert_eq!(event.challenge_sid, None);
    let names: Vec<String> = received[0].fields().into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "uuid",
            "type",
            "account_sid",
            "service_sid",
            "entity_identity",
            "factor_sid",
            "factor_type"
        ]
    );

    let delivery = &api.emulator.deliveries()[0];
    assert_eq!(delivery.url(), to);
    assert_eq!(*delivery.event_type(), WebhookEventType::FactorCreated);
    assert_eq!(delivery.service_sid().to_string(), factor["service_sid"]);
    assert!(delivery.parameters().any(|pair| pair == ("entity_identity", "ff483d1f-ada")));
    assert_eq!(*delivery.outcome(), DeliveryOutcome::Delivered { status: 200 });
    let debug = format!("{delivery:?}");
    for private in ["Ada", "ff483d1f", "/hook"] {
        assert!(!debug.contains(private), "{debug}");
    }
}

#[tokio::test]
async fn version_1_receives_the_same() {
    let api = Api::start().await;
    let service = api.service(&[]).await;
    let receiver = Receiver::answering(&[]).await;
    webhook(&api, &service, &receiver.url, &["*"], &[("Version", "v1")]).await;
    let factor = factor(&api, &service).await;
    api.emulator.wait_for_deliveries().await;
    let received = &receiver.received()[0];
    assert_eq!(received.event(&api).factor_sid.unwrap().as_str(), factor["sid"]);
    assert_eq!(received.fields().len(), 7);
}

#[tokio::test]
async fn a_webhook_is_told_of_the_events_that_it_is_for() {
    let api = Api::start().await;
    let (service, other) = (api.service(&[]).await, api.service(&[]).await);
    let all = Receiver::answering(&[]).await;
    let deleted = Receiver::answering(&[]).await;
    let none = Receiver::answering(&[]).await;
    webhook(&api, &service, &all.url, &["*"], &[]).await;
    webhook(&api, &service, &deleted.url, &["factor.deleted"], &[]).await;
    webhook(&api, &other, &none.url, &["*"], &[]).await;
    webhook(&api, &service, &none.url, &["challenge.approved"], &[]).await;
    webhook(&api, &service, &none.url, &["*"], &[("Status", "disabled")]).await;
    let gone = webhook(&api, &service, &none.url, &["*"], &[]).await;
    api.delete(&gone).await.deleted();

    two_events(&api, &service).await;
    api.emulator.wait_for_deliveries().await;
    assert_eq!(all.types(&api), ["factor.created", "factor.deleted"]);
    assert_eq!(deleted.types(&api), ["factor.deleted"]);
    assert_eq!(none.received().len(), 0);
    assert_eq!(api.emulator.deliveries().len(), 3);
    // Both webhooks receive the same event.
    let last = |receiver: &Receiver| receiver.received().last().unwrap().field("uuid");
    assert_eq!(last(&all), last(&deleted));
}

#[tokio::test]
async fn nothing_is_sent_to_other_machines() {
    let api = Api::start().await;
    let service = api.service(&[]).await;
    webhook(&api, &service, "http://192.0.2.1/hook", &["*"], &[]).await;
    factor(&api, &service).await;
    assert_eq!(outcomes(&api).await, [(0, DeliveryOutcome::NotLoopback)]);
    let text = api.emulator.deliveries()[0].outcome().to_string();
    assert!(text.contains("not on this machine"), "{text}");
}

#[tokio::test]
async fn a_redirection_is_not_followed() {
    let api = Api::start().await;
    let service = api.service(&[]).await;
    let receiver = Receiver::answering(&[307]).await;
    webhook(&api, &service, &receiver.url, &["*"], &[]).await;
    factor(&api, &service).await;
    let refused = DeliveryOutcome::Refused { status: 307 };
    assert_eq!(outcomes(&api).await, [(1, refused)]);
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn what_may_succeed_is_tried_again() {
    let delivered = DeliveryOutcome::Delivered { status: 200 };
    for (answers, expected) in [
        (&[500, 429][..], (3, delivered)),
        (&[503, 404], (2, DeliveryOutcome::Refused { status: 404 })),
        (&[500, 500, 502], (3, DeliveryOutcome::Refused { status: 502 })),
        // Twilio requires 200.
        (&[204], (1, DeliveryOutcome::Refused { status: 204 })),
    ] {
        let api = Api::start().await;
        let service = api.service(&[]).await;
        let receiver = Receiver::answering(answers).await;
        webhook(&api, &service, &receiver.url, &["*"], &[]).await;
        factor(&api, &service).await;
        assert_eq!(outcomes(&api).await, [expected]);
        // The same event each time.
        let mut ids = receiver.received();
        ids.dedup_by_key(|received| received.field("uuid"));
        assert_eq!(ids.len(), 1);
    }
}

#[tokio::test]
async fn a_webhook_that_nobody_answers_for_says_so() {
    let api = Api::with(|builder| {
        let timeout = Duration::from_millis(50);
        builder.webhook_timeout(timeout).webhook_tries(1)
    })
    .await;
    let service = api.service(&[]).await;
    // The server has stopped listening.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let free = format!("http://{}/secret", listener.local_addr().unwrap());
    drop(listener);
    let hanging = Receiver::hanging().await;
    webhook(&api, &service, &free, &["*"], &[]).await;
    webhook(&api, &service, &hanging.url, &["*"], &[]).await;
    factor(&api, &service).await;
    let outcomes = outcomes(&api).await;
    let [
        (1, DeliveryOutcome::NoAnswer { reason: refused }),
        (1, DeliveryOutcome::NoAnswer { reason: timed_out }),
    ] = &outcomes[..]
    else {
        panic!("{outcomes:?}");
    };
    assert!(refused.contains("refused"), "{refused}");
    assert!(!refused.contains("secret"), "{refused}");
    assert!(timed_out.contains("timed out"), "{timed_out}");
}

#[tokio::test]
async fn a_slow_webhook_gets_its_events_in_order_and_holds_up_nobody() {
    let api = Api::start().await;
    let service = api.service(&[]).await;
    let (go, told) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (may_go, tell) = (go.clone(), told.clone());
    let slow = Receiver::start(move |_| {
        let (may_go, tell) = (may_go.clone(), tell.clone());
        async move {
            tell.notify_one();
            may_go.notified().await;
            StatusCode::OK.into_response()
        }
    })
    .await;
    let quick = Receiver::answering(&[]).await;
    webhook(&api, &service, &slow.url, &["*"], &[]).await;
    webhook(&api, &service, &quick.url, &["factor.deleted"], &[]).await;
    two_events(&api, &service).await;
    told.notified().await;
    // The fast webhook receives its events while the slow one still has the first.
    while quick.received().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(slow.types(&api), ["factor.created"]);
    go.notify_one();
    told.notified().await;
    go.notify_one();
    api.emulator.wait_for_deliveries().await;
    assert_eq!(slow.types(&api), ["factor.created", "factor.deleted"]);
}

#[tokio::test]
async fn deliveries_are_told_over_http_too() {
    let api = Api::start().await;
    let service = api.service(&[]).await;
    let receiver = Receiver::answering(&[404]).await;
    webhook(&api, &service, &receiver.url, &["factor.created"], &[]).await;
    let factor = factor(&api, &service).await;
    api.emulator.wait_for_deliveries().await;
    let url = format!("{}/_emulator/deliveries", api.emulator.url());
    let told: Value = http().get(url).send().await.unwrap().json().await.unwrap();
    let delivery = &told["deliveries"][0];
    assert_eq!(delivery["event_type"], "factor.created");
    assert_eq!(delivery["url"], json!(receiver.url));
    assert_eq!(delivery["parameters"]["factor_sid"], factor["sid"]);
    assert_eq!(delivery["tries"], 1);
    assert_eq!(delivery["outcome"], json!({ "refused": { "status": 404 } }));
    assert_eq!(told["deliveries"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_pending_has_an_end() {
    // None of them ends while the others come.
    let api = Api::with(|builder| builder.webhook_timeout(Duration::from_secs(600))).await;
    let service = api.service(&[]).await;
    let hanging = Receiver::hanging().await;
    webhook(&api, &service, &hanging.url, &["*"], &[]).await;
    for number in 0..501 {
        // An entity may have 100 new factors a day.
        two_events_of(&api, &service, &format!("customer-{}", number / 100)).await;
    }
    let deliveries = api.emulator.deliveries();
    assert_eq!(deliveries.len(), 1000);
    let pending = |delivery: &&Delivery| *delivery.outcome() == DeliveryOutcome::Pending;
    // The first two are no longer in the log, but still pending.
    assert_eq!(deliveries.iter().filter(pending).count(), 998);
    for delivery in &deliveries[998..] {
        assert_eq!(*delivery.outcome(), DeliveryOutcome::TooManyPending);
    }
}

#[tokio::test]
async fn a_shutdown_lets_pending_deliveries_end() {
    let api = Api::start().await;
    let service = api.service(&[]).await;
    let receiver = Receiver::answering(&[500]).await;
    webhook(&api, &service, &receiver.url, &["*"], &[]).await;
    two_events(&api, &service).await;
    api.emulator.shutdown().await;
    assert_eq!(receiver.types(&api), ["factor.created", "factor.created", "factor.deleted"]);
    let delivered = DeliveryOutcome::Delivered { status: 200 };
    assert_eq!(outcomes(&api).await, [(2, delivered.clone()), (1, delivered)]);
}

#[tokio::test]
async fn a_shutdown_gives_up_what_takes_too_long() {
    let api = Api::with(|builder| builder.webhook_timeout(Duration::from_secs(60))).await;
    let service = api.service(&[]).await;
    let hanging = Receiver::hanging().await;
    webhook(&api, &service, &hanging.url, &["*"], &[]).await;
    two_events(&api, &service).await;
    let begin = Instant::now();
    api.emulator.shutdown().await;
    assert!(begin.elapsed() < Duration::from_secs(20));
    let stopped = DeliveryOutcome::Stopped;
    assert_eq!(outcomes(&api).await, [(1, stopped.clone()), (0, stopped)]);
}

#[tokio::test]
async fn a_reset_forgets_deliveries_and_sends_no_more_of_them() {
    let api = Api::start().await;
    let service = api.service(&[]).await;
    let (go, told) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (may_go, tell) = (go.clone(), told.clone());
    let receiver = Receiver::start(move |_| {
        let (may_go, tell) = (may_go.clone(), tell.clone());
        async move {
            tell.notify_one();
            may_go.notified().await;
            StatusCode::OK.into_response()
        }
    })
    .await;
    webhook(&api, &service, &receiver.url, &["*"], &[]).await;
    two_events(&api, &service).await;
    told.notified().await;
    api.emulator.reset();
    go.notify_one();
    assert_eq!(outcomes(&api).await, []);
    assert_eq!(receiver.types(&api), ["factor.created"]);
}
