//! What a program can observe of its calls: spans and events by `OpenTelemetry`'s names, and metrics.
//! `logging` shows that nothing private is among them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use tests::client::builder;
use tests::scripted::{Reply, Scripted};
use tokio::sync::OnceCell;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use twilio_verify::{Channel, Client, Error, Method, OAuth, RetryPolicy};

const UNREAD: &str =
    "a field of the response can't be understood; it is absent, and kept in `unread`";
const SUMMARY: &str = "FetchVerificationAttemptsSummary";

/// Fields by name, written out.
type Fields = BTreeMap<&'static str, String>;

/// A span or an event.
#[derive(Clone, Debug)]
struct Told {
    name: &'static str,
    /// The name of the span that it is in.
    within: Option<&'static str>,
    fields: Fields,
}

struct Collect<'a>(&'a mut Fields);

impl Visit for Collect<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

/// Keeps the spans, in the order in which they began, and the events.
#[derive(Clone, Default)]
struct Kept {
    spans: Arc<Mutex<Vec<(Id, Told)>>>,
    events: Arc<Mutex<Vec<Told>>>,
}

impl Kept {
    fn spans(&self, name: &str) -> Vec<Told> {
        let kept = self.spans.lock().unwrap();
        let spans = kept.iter().map(|(_, span)| span.clone());
        spans.filter(|span| span.name == name).collect()
    }

    fn events(&self, message: &str) -> Vec<Told> {
        let kept = self.events.lock().unwrap();
        let events = kept.iter().cloned();
        let is_said = |event: &Told| event.fields.get("message").is_some_and(|m| m == message);
        events.filter(is_said).collect()
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Kept {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::new();
        attributes.record(&mut Collect(&mut fields));
        let span = context.span(id).unwrap();
        let within = span.parent().map(|parent| parent.name());
        let name = span.name();
        let told = Told { name, within, fields };
        self.spans.lock().unwrap().push((id.clone(), told));
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        let mut kept = self.spans.lock().unwrap();
        // Ids are reused: this is the last one.
        let span = kept.iter_mut().rev().find(|(known, _)| known == id);
        values.record(&mut Collect(&mut span.unwrap().1.fields));
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::new();
        event.record(&mut Collect(&mut fields));
        let within = context.event_span(event).map(|span| span.name());
        let name = event.metadata().target();
        let told = Told { name, within, fields };
        self.events.lock().unwrap().push(told);
    }
}

fn client(server: &Scripted) -> Client {
    let short = Duration::from_millis(1);
    let policy = RetryPolicy::default().min_delay(short).max_delay(short);
    let builder = builder(server.url(), "token").retry(policy.seed(1));
    builder.timeout(Duration::from_secs(10)).build().unwrap()
}

async fn get(client: &Client) -> Result<(), Error> {
    client.attempts().summary().send().await.map(drop)
}

/// Keeps what this test's client reports from here on.
///
/// A place in the code that another test reaches for the first time while a subscriber is set may
/// miss it. So all of them are reached before.
async fn keep() -> (Kept, DefaultGuard) {
    static REACHED: OnceCell<()> = OnceCell::const_new();
    REACHED
        .get_or_init(async || {
            let refused = Reply::with(429, &[("Retry-After", "0")], "");
            let replies = [refused, Reply::json(200, r#"{"url":[]}"#)];
            let server = Scripted::start(replies).await.unwrap();
            get(&client(&server)).await.unwrap();
        })
        .await;
    let kept = Kept::default();
    let subscriber = tracing_subscriber::registry().with(kept.clone());
    let guard = tracing::subscriber::set_default(subscriber);
    // Of a place that another test was just reaching.
    tracing::callsite::rebuild_interest_cache();
    (kept, guard)
}

#[tokio::test]
async fn a_span_an_operation_and_a_child_an_attempt() {
    let (kept, _guard) = keep().await;
    let server = Scripted::start([
        Reply::Close,
        Reply::with(503, &[("Twilio-Request-Id", "RQ1")], r#"{"code":20500,"message":"x"}"#),
        Reply::with(200, &[("Twilio-Request-Id", "RQ2")], "{}"),
    ])
    .await
    .unwrap();
    get(&client(&server)).await.unwrap();

    let operations = kept.spans("operation");
    assert_eq!(operations.len(), 1);
    assert_eq!(operations[0].within, None);
    let port = server.url().rsplit_once(':').unwrap().1;
    for (name, value) in
        [("otel.name", SUMMARY), ("otel.kind", "client"), ("url.template", "/v2/Attempts/Summary")]
    {
        assert_eq!(operations[0].fields[name], value, "{name}");
    }

    let attempts = kept.spans("attempt");
    let expected = [
        (None, None, Some("no_answer"), None),
        (Some("503"), Some("RQ1"), Some("refused"), Some("20500")),
        (Some("200"), Some("RQ2"), None, None),
    ];
    assert_eq!(attempts.len(), expected.len());
    for (count, (attempt, (status, request_id, error, code))) in
        attempts.iter().zip(expected).enumerate()
    {
        assert_eq!(attempt.within, Some("operation"));
        let field = |name| attempt.fields.get(name).map(String::as_str);
        for (name, value) in [
            ("otel.kind", Some("client")),
            ("http.request.method", Some("GET")),
            ("http.request.resend_count", Some(&*count.to_string())),
            ("http.response.status_code", status),
            ("server.address", Some("127.0.0.1")),
            ("server.port", Some(port)),
            ("url.template", Some("/v2/Attempts/Summary")),
            ("twilio.request_id", request_id),
            ("twilio.code", code),
            ("error.type", error),
        ] {
            assert_eq!(field(name), value, "{name} of attempt {count}");
        }
    }
    let answered = kept.events("answered");
    assert_eq!(answered.len(), expected.len());
    assert!(answered.iter().all(|event| event.within == Some("attempt")));
    // Two waits before it was sent again.
    let waits = kept.events("waiting");
    assert_eq!(waits.len(), 2);
    for wait in waits {
        assert_eq!(wait.fields["why"], "to be sent again");
        assert_eq!(wait.within, Some("operation"));
    }
    assert!(kept.events("paused").is_empty());
}

#[tokio::test]
async fn a_raw_request_is_named_after_its_operation_or_raw() {
    let (kept, _guard) = keep().await;
    let server = Scripted::start([Reply::json(200, "{}")]).await.unwrap();
    let client = client(&server);
    for (path, name, template) in [
        ("/v2/Attempts/Summary", SUMMARY, Some("/v2/Attempts/Summary")),
        ("/v2/Attempts/VL1", "FetchVerificationAttempt", Some("/v2/Attempts/{Sid}")),
        ("/v2/New/+573003003030", "raw", None),
    ] {
        let request = client.request(Method::GET, path);
        request.send_raw().await.unwrap();
        let calls = kept.spans("operation");
        let call = &calls.last().unwrap().fields;
        assert_eq!(call["otel.name"], name);
        let attempts = kept.spans("attempt");
        let attempt = &attempts.last().unwrap().fields;
        assert_eq!(attempt["http.request.method"], "GET");
        for fields in [call, attempt] {
            assert_eq!(fields.get("url.template").map(String::as_str), template);
            let mut values = fields.values();
            assert!(!values.any(|value| value.contains("573003003030")));
        }
        let events = kept.events("answered");
        assert_eq!(events.last().unwrap().fields["operation"], name);
    }
}

#[tokio::test]
async fn an_event_a_pause_and_a_wait_for_the_limit() {
    let (kept, _guard) = keep().await;
    let refused = Reply::with(429, &[("Retry-After", "1")], "");
    let server = Scripted::start([refused, Reply::json(200, "{}")]).await.unwrap();
    let client = client(&server).with_retry(RetryPolicy::never());
    get(&client).await.unwrap_err();
    let pauses = kept.events("paused");
    assert_eq!(pauses.len(), 1);
    assert_eq!(pauses[0].fields["pause_ms"], "1000");
    assert_eq!(pauses[0].within, Some("operation"));
    // The next caller waits for it.
    get(&client).await.unwrap();
    let waits = kept.events("waiting");
    assert_eq!(waits.len(), 1);
    assert!(waits[0].fields["why"].contains("limit"), "{waits:?}");
}

#[tokio::test]
async fn a_field_that_can_not_be_understood_is_reported_without_its_value() {
    let (kept, _guard) = keep().await;
    let body = r#"{
        "sid": "VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "status": "pending", "to": { "number": "+573003003030" },
        "date_created": "last Thursday, 123456", "lookup": [ "+573003003030" ]
    }"#;
    let server = Scripted::start([Reply::json(201, body)]).await.unwrap();
    let client = client(&server);
    let verify = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    let verification =
        verify.verifications().start("+573003003030", Channel::Sms).send().await.unwrap();
    assert!(!verification.unread.is_empty(), "{:?}", verification.unread);

    let events = kept.events(UNREAD);
    let fields: Vec<&str> = events.iter().map(|event| event.fields["field"].as_str()).collect();
    assert_eq!(fields, ["date_created", "lookup", "to"], "one event a field");
    for event in events {
        assert_eq!(event.within, Some("operation"));
        let text = format!("{event:?}");
        for private in ["300300", "Thursday", "123456"] {
            assert!(!text.contains(private), "{text}");
        }
    }
}

#[tokio::test]
async fn attempts_and_waits_are_counted() {
    let recorder = DebuggingRecorder::new();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let server =
        Scripted::start([Reply::with(503, &[], ""), Reply::json(200, "{}")]).await.unwrap();
    let client = client(&server);
    for _ in 0..3 {
        get(&client).await.unwrap();
    }
    let mut counted = Vec::new();
    for (key, _, _, value) in recorder.snapshotter().snapshot().into_vec() {
        let labels = key.key().labels();
        let labels: Vec<_> = labels.map(|label| label.value().to_owned()).collect();
        let count = match value {
            DebugValue::Counter(count) => count,
            DebugValue::Histogram(values) => {
                assert!(values.iter().all(|value| (0.0..10.0).contains(&value.0)));
                values.len() as u64
            }
            DebugValue::Gauge(_) => panic!("{key:?}"),
        };
        counted.push((key.key().name().to_owned(), labels.join(" "), count));
    }
    counted.sort();
    let (failed, good) = (format!("{SUMMARY} 503 refused"), format!("{SUMMARY} 200 "));
    let [attempts, duration, wait] = [
        "twilio_verify_attempts_total",
        "twilio_verify_attempt_duration_seconds",
        "twilio_verify_wait_seconds",
    ];
    let expected = [
        (duration, &*good, 3),
        (duration, &*failed, 1),
        (attempts, &*good, 3),
        (attempts, &*failed, 1),
        (wait, "to be sent again", 1),
    ];
    let expected: Vec<_> =
        expected.map(|(name, labels, count)| (name.to_owned(), labels.to_owned(), count)).into();
    assert_eq!(counted, expected);
}

/// The page of the documentation that names all of it.
const GUIDE: &str = include_str!("../../../crates/twilio-verify/src/guide/tracing_and_metrics.rs");

/// The rows of the guide's first table below a line, each as its cells.
fn table(below: &str) -> Vec<Vec<&'static str>> {
    let lines = GUIDE.lines().map(|line| line.trim_start_matches("//!").trim());
    let lines = lines.skip_while(|line| !line.starts_with(below));
    let lines = lines.skip_while(|line| !line.starts_with('|'));
    let rows = lines.take_while(|line| line.starts_with('|')).skip(2);
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// What a cell has as code.
fn names(cell: &str) -> BTreeSet<String> {
    match cell.strip_prefix("``") {
        Some(name) => [name.trim_end_matches("``").trim().to_owned()].into(),
        None => cell.split('`').skip(1).step_by(2).map(str::to_owned).collect(),
    }
}

fn name(cell: &str) -> String {
    names(cell).pop_first().unwrap()
}

fn fields(metadata: &Metadata<'_>) -> BTreeSet<String> {
    metadata.fields().iter().map(|field| field.name().to_owned()).collect()
}

/// The level of a span or an event, and the names of its fields.
type Form = (String, BTreeSet<String>);

/// The crate's spans and events, by name.
#[derive(Clone, Default)]
struct Names(Arc<Mutex<BTreeMap<String, Form>>>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Names {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        let metadata = attributes.metadata();
        if metadata.target().starts_with("twilio_verify::") {
            let entry = (metadata.level().to_string(), fields(metadata));
            self.0.lock().unwrap().insert(metadata.name().to_owned(), entry);
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        if metadata.target().starts_with("twilio_verify::") {
            let mut recorded = Fields::new();
            event.record(&mut Collect(&mut recorded));
            let mut fields = fields(metadata);
            assert!(fields.remove("message"));
            let entry = (metadata.level().to_string(), fields);
            self.0.lock().unwrap().insert(recorded["message"].clone(), entry);
        }
    }
}

#[tokio::test]
async fn the_guide_names_all_spans_events_fields_and_metrics() {
    drop(keep().await);
    let found = Names::default();
    let subscriber = tracing_subscriber::registry().with(found.clone());
    let _guard = tracing::subscriber::set_default(subscriber);
    tracing::callsite::rebuild_interest_cache();
    let recorder = DebuggingRecorder::new();
    let _recorder = metrics::set_default_local_recorder(&recorder);

    let refused = Reply::with(429, &[("Retry-After", "0")], "");
    let odd = Reply::json(200, r#"{"date_created":"once upon a time"}"#);
    let server = Scripted::start([refused, Reply::json(200, "{}"), odd]).await.unwrap();
    let client = client(&server);
    get(&client).await.unwrap();
    client.attempts().fetch("VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").await.unwrap();
    let tokens = Scripted::start([Reply::with(400, &[], "{}")]).await.unwrap();
    let oauth = OAuth::builder("OQ1", "secret").token_url(tokens.url()).build().unwrap();
    let client = Client::builder().credentials_provider(oauth).retry(RetryPolicy::never());
    get(&client.base_url(server.url()).build().unwrap()).await.unwrap_err();

    let mut documented = BTreeMap::new();
    for span in ["operation", "attempt"] {
        let rows = table(&format!("**`{span}`**"));
        let fields = rows.iter().map(|row| name(row[0])).collect();
        documented.insert(span.to_owned(), ("INFO".to_owned(), fields));
    }
    for row in table("# Events") {
        documented.insert(name(row[0]), (name(row[1]), names(row[2])));
    }
    assert_eq!(*found.0.lock().unwrap(), documented);

    let mut emitted = BTreeSet::new();
    for (key, _, _, value) in recorder.snapshotter().snapshot().into_vec() {
        let kind = match value {
            DebugValue::Counter(_) => "counter",
            DebugValue::Histogram(_) => "histogram",
            DebugValue::Gauge(_) => "gauge",
        };
        let labels: BTreeSet<_> = key.key().labels().map(|label| label.key().to_owned()).collect();
        emitted.insert((key.key().name().to_owned(), kind, labels));
    }
    let rows = table("# Metrics");
    let documented: BTreeSet<_> =
        rows.iter().map(|row| (name(row[0]), row[1], names(row[2]))).collect();
    assert_eq!(emitted, documented);
}
