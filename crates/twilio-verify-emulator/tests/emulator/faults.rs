//! Faults, as clients see them.

use std::io::ErrorKind;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::time::Instant;
use twilio_verify::{Channel, Client, Error, ErrorKind as Kind, RetryPolicy, ServiceSid};
use twilio_verify_emulator::{
    Emulator, EmulatorBuilder, Fault, FaultBody, RateLimit, SAMPLE_SERVICES, StartError,
};

use crate::http::http;
use crate::support::{connect, get, head, read_to_end};

const SUMMARY: &str = "/v2/Attempts/Summary";
const TO: &str = "+573003003030";

async fn with(faults: &str) -> Emulator {
    builder(faults).start().await.unwrap()
}

fn builder(faults: &str) -> EmulatorBuilder {
    Emulator::builder()
        .summary_limit(None::<RateLimit>)
        .service(SAMPLE_SERVICES[0], "Shop")
        .faults(Fault::parse_all(faults).unwrap())
}

fn client(emulator: &Emulator) -> Client {
    Client::builder()
        .credentials(emulator.credentials())
        .base_url(emulator.url())
        .retry(RetryPolicy::default().max_attempts(6).seed(1))
        .build()
        .unwrap()
}

/// Starts a verification, with a client that retries what may be retried.
async fn start_verification(emulator: &Emulator) -> Result<(), Error> {
    let service: ServiceSid = SAMPLE_SERVICES[0].to_string().parse().unwrap();
    let service = client(emulator).service(service);
    let started = service.verifications().start(TO, Channel::Sms).send().await;
    started.map(drop)
}

fn statuses(emulator: &Emulator) -> Vec<u16> {
    let requests = emulator.requests();
    requests.iter().map(|request| request.status()).collect()
}

/// Requests the summary several times.
async fn ask(emulator: &Emulator, times: usize) {
    let http = http();
    for _ in 0..times {
        let request = http.get(format!("{}{SUMMARY}", emulator.url()));
        let request = request.basic_auth(emulator.account_sid(), Some(emulator.auth_token()));
        request.send().await.unwrap();
    }
}

/// Requests the summary on its own connection: what arrives, and how the connection ends.
async fn raw(emulator: &Emulator) -> (String, std::io::Result<()>) {
    let mut stream = connect(emulator).await;
    let request = format!("{}\r\n", head("GET", SUMMARY));
    stream.write_all(request.as_bytes()).await.unwrap();
    let (answer, end) = read_to_end(&mut stream).await;
    (String::from_utf8(answer).unwrap(), end)
}

/// The length that a response announces, and its body.
fn body(answer: &str) -> (usize, &str) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    (length.unwrap().parse().unwrap(), body)
}

#[tokio::test(start_paused = true)]
async fn the_clients_wait_is_what_retry_after_says() {
    let emulator = with("FetchVerificationAttemptsSummary:429,on=1..2,retry-after=3").await;
    let begin = Instant::now();
    let summary = client(&emulator).attempts().summary().send().await.unwrap();
    assert_eq!(summary.total_attempts, 0);
    let waited = begin.elapsed().as_secs_f64();
    assert!((6.0..6.5).contains(&waited), "{waited}");
    assert_eq!(statuses(&emulator), [429, 429, 200]);
    let requests = emulator.requests();
    assert_eq!(
        requests[0].fault(),
        Some("FetchVerificationAttemptsSummary:429,on=1..2,retry-after=3")
    );
    assert_eq!(requests[2].fault(), None);
}

#[tokio::test(start_paused = true)]
async fn a_get_survives_everything_that_passes() {
    let emulator =
        with("*:503,body=html,on=1; *:reset,on=2; *:close,on=3; *:502,body=empty,on=4").await;
    let summary = client(&emulator).attempts().summary().send().await;
    assert_eq!(summary.unwrap().total_attempts, 0);
    assert_eq!(statuses(&emulator), [503, 0, 0, 502, 200]);
}

#[tokio::test(start_paused = true)]
async fn a_post_that_was_refused_is_sent_again_and_sends_one_code() {
    for fault in ["429", "429,body=empty", "429,body=empty,retry-after=1"] {
        let emulator = with(&format!("CreateVerification:{fault},on=1..2")).await;
        start_verification(&emulator).await.unwrap();
        assert_eq!(statuses(&emulator), [429, 429, 201], "{fault}");
        assert_eq!(emulator.outbox().len(), 1, "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_post_that_may_have_been_processed_is_not_sent_twice() {
    for (fault, kind, codes) in [
        ("503", Kind::Refused, 0),
        ("503,after", Kind::Refused, 1),
        ("500,body=html,after", Kind::Refused, 1),
        ("502,body=empty", Kind::Refused, 0),
        ("reset", Kind::NoAnswer, 0),
        ("reset,after", Kind::NoAnswer, 1),
        ("close", Kind::NoAnswer, 0),
        ("close,after", Kind::NoAnswer, 1),
        ("truncate", Kind::Unreadable, 1),
        ("reset-midway", Kind::Unreadable, 1),
    ] {
        let emulator = with(&format!("CreateVerification:{fault}")).await;
        let error = start_verification(&emulator).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{fault}: {error}");
        assert_eq!(emulator.requests().len(), 1, "{fault}");
        assert_eq!(emulator.outbox().len(), codes, "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_too_late_was_still_processed() {
    let emulator = with("CreateVerification:latency=20s,after").await;
    let error = start_verification(&emulator).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(emulator.outbox().len(), 1);
}

#[tokio::test]
async fn errors_have_the_body_and_the_headers_that_were_chosen() {
    let emulator = with(
        "*:429,on=1; *:429,on=2,retry-after=7,body=empty; *:502,on=3,body=html; *:400,on=4,code=60200; *:500,on=5",
    )
    .await;
    let first = get(&emulator, SUMMARY).await;
    assert!(!first.headers().contains_key("retry-after"));
    crate::support::assert_error(first, 429, 20429).await;

    let second = get(&emulator, SUMMARY).await;
    assert_eq!(second.status(), 429);
    assert_eq!(second.headers()["retry-after"], "7");
    assert_eq!(second.text().await.unwrap(), "");

    let third = get(&emulator, SUMMARY).await;
    assert_eq!(third.status(), 502);
    let media_type = third.headers()["content-type"].to_str().unwrap();
    assert!(media_type.starts_with("text/html"), "{media_type}");
    assert!(third.text().await.unwrap().contains("<h1>502 Bad Gateway"));

    let fourth = get(&emulator, SUMMARY).await;
    crate::support::assert_error(fourth, 400, 60200).await;
    let fifth = get(&emulator, SUMMARY).await;
    crate::support::assert_error(fifth, 500, 20500).await;
    assert_eq!(get(&emulator, SUMMARY).await.status(), 200);
}

#[tokio::test]
async fn a_truncated_body_is_shorter_than_its_length_says() {
    let emulator = with("*:truncate").await;
    let (answer, end) = raw(&emulator).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let (length, body) = body(&answer);
    assert_eq!(body.len(), length / 2);
    assert!(body.starts_with('{'), "{body}");
    end.unwrap();
}

#[tokio::test]
async fn resets_are_resets_and_closes_are_not() {
    for (fault, comes, resets) in [
        ("reset", false, true),
        ("reset,after", false, true),
        ("close", false, false),
        ("reset-midway", true, true),
    ] {
        let emulator = with(&format!("*:{fault}")).await;
        let (answer, end) = raw(&emulator).await;
        assert_eq!(!answer.is_empty(), comes, "{fault}: {answer}");
        if comes {
            let (length, body) = body(&answer);
            assert_eq!(body.len(), length / 2, "{fault}");
        }
        let kind = end.err().map(|error| error.kind());
        assert_eq!(kind, resets.then_some(ErrorKind::ConnectionReset), "{fault}");
        // The next connection works.
        emulator.faults().clear();
        assert_eq!(get(&emulator, SUMMARY).await.status(), 200);
    }
}

#[tokio::test]
async fn an_answer_without_a_body_is_not_begun() {
    for fault in ["truncate", "reset-midway", "slow=1ms"] {
        let emulator = with(&format!("DeleteService:{fault}")).await;
        let path = format!("/v2/Services/{}", SAMPLE_SERVICES[0]);
        let mut stream = connect(&emulator).await;
        let request = format!("{}Connection: close\r\n\r\n", head("DELETE", &path));
        stream.write_all(request.as_bytes()).await.unwrap();
        let (answer, _) = read_to_end(&mut stream).await;
        let answer = String::from_utf8(answer).unwrap();
        // There is no body to slow down.
        let begun = fault == "slow=1ms";
        assert_eq!(answer.starts_with("HTTP/1.1 204"), begun, "{answer}");
        // It was processed anyway.
        emulator.faults().clear();
        assert_eq!(get(&emulator, &path).await.status(), 404, "{fault}");
    }
}

#[tokio::test]
async fn faults_work_over_tls_too() {
    let emulator =
        builder("*:truncate,on=1; *:reset,on=2; *:503,on=3").tls(true).start().await.unwrap();
    let authority = emulator.ca_certificate_pem().unwrap();
    let authority = reqwest::Certificate::from_pem(authority.as_bytes()).unwrap();
    let client = reqwest::Client::builder().tls_certs_only([authority]);
    let client = client.no_proxy().build().unwrap();
    let ask = async || {
        let request = client.get(format!("{}{SUMMARY}", emulator.url()));
        let request = request.basic_auth(emulator.account_sid(), Some(emulator.auth_token()));
        request.send().await
    };
    assert!(ask().await.unwrap().bytes().await.is_err());
    assert!(ask().await.is_err());
    assert_eq!(ask().await.unwrap().status(), 503);
    assert_eq!(ask().await.unwrap().status(), 200);
}

/// How long a response takes, in milliseconds of a clock that only waits move.
async fn taken(emulator: &Emulator) -> u128 {
    let begin = Instant::now();
    let answer = get(emulator, SUMMARY).await;
    assert_eq!(answer.status(), 200);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["total_attempts"], 0);
    begin.elapsed().as_millis()
}

#[tokio::test(start_paused = true)]
async fn latencies_are_what_they_are_said_to_be() {
    let emulator = with("*:latency=1h").await;
    assert!((3_600_000..3_600_010).contains(&taken(&emulator).await));

    let emulator = with("*:latency=50ms..200ms").await;
    let mut all = Vec::new();
    for _ in 0..30 {
        all.push(taken(&emulator).await);
    }
    assert!(all.iter().all(|taken| (50..=202).contains(taken)), "{all:?}");
    all.sort_unstable();
    assert!(all[0] < 100 && all[29] > 150, "{all:?}");

    // They add up, and apply to any response.
    let emulator = with("*:latency=1s; *:latency=2s,after; FetchService:latency=4s").await;
    assert!((3_000..3_010).contains(&taken(&emulator).await));
    assert_eq!(emulator.requests()[0].fault(), Some("*:latency=1s; *:latency=2s,after"));
    let emulator = with("*:503; *:latency=1s").await;
    let begin = Instant::now();
    assert_eq!(get(&emulator, SUMMARY).await.status(), 503);
    assert!(begin.elapsed() >= Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_slow_body_comes_whole() {
    let emulator = with("*:slow=10s").await;
    let begin = Instant::now();
    let answer = get(&emulator, SUMMARY).await;
    // The head arrives at once.
    assert!(begin.elapsed() < Duration::from_secs(1));
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["total_attempts"], 0);
    let taken = begin.elapsed().as_secs_f64();
    assert!((10.0..10.5).contains(&taken), "{taken}");
}

#[tokio::test]
async fn which_requests_are_hit_is_what_the_script_says() {
    for (faults, expected) in [
        ("*:503,on=1..2", [503, 503, 200, 200, 200, 200]),
        ("*:503,on=3", [200, 200, 503, 200, 200, 200]),
        ("*:503,on=5..", [200, 200, 200, 200, 503, 503]),
        ("*:503,every=3", [200, 200, 503, 200, 200, 503]),
        ("*:503,on=2..,every=2", [200, 200, 503, 200, 503, 200]),
        ("*:503,p=0", [200; 6]),
        ("*:503,on=1\n*:429,on=2 # then none\n*:500,on=4", [503, 429, 200, 500, 200, 200]),
        // The first one applies.
        ("*:503,on=1..3;*:429,on=2..4", [503, 503, 503, 429, 200, 200]),
        ("FetchService:503", [200; 6]),
        ("FetchVerificationAttemptsSummary:503", [503; 6]),
    ] {
        let emulator = with(faults).await;
        ask(&emulator, 6).await;
        assert_eq!(statuses(&emulator), expected, "{faults}");
    }
}

#[tokio::test]
async fn only_requests_that_could_be_served_count() {
    let emulator = with("*:503,on=1").await;
    let url = format!("{}{SUMMARY}", emulator.url());
    assert_eq!(http().get(url).send().await.unwrap().status(), 401);
    for path in ["/", "/v2/Nothing", "/_emulator/requests"] {
        assert!(get(&emulator, path).await.status() != 503, "{path}");
    }
    assert_eq!(get(&emulator, SUMMARY).await.status(), 503);
}

#[tokio::test]
async fn the_seed_decides_which_requests_are_hit() {
    let run = async |seed| {
        let emulator = builder("*:503=0.3").seed(seed).start().await.unwrap();
        ask(&emulator, 200).await;
        statuses(&emulator)
    };
    let first = run(7).await;
    assert_eq!(first, run(7).await);
    assert_ne!(first, run(8).await);
    let hit = first.iter().filter(|status| **status == 503).count();
    assert!((40..=80).contains(&hit), "{hit} of 200");
}

#[tokio::test]
async fn faults_come_and_go_while_it_runs() {
    let emulator = with("*:latency=0s").await;
    let faults = emulator.faults();
    let id = faults
        .add(Fault::status(503).operation("FetchVerificationAttemptsSummary").on(2..))
        .unwrap();
    for expected in [200, 503, 503] {
        assert_eq!(get(&emulator, SUMMARY).await.status(), expected);
    }
    let list = faults.list();
    assert_eq!((list[0].id, list[0].requests, list[0].hits), (1, 3, 3));
    assert_eq!((list[1].id, list[1].requests, list[1].hits), (id, 3, 2));
    assert_eq!(list[1].fault.to_string(), "FetchVerificationAttemptsSummary:503,on=2..");

    assert!(faults.remove(id) && !faults.remove(id));
    assert_eq!(get(&emulator, SUMMARY).await.status(), 200);
    faults.clear();
    assert!(faults.list().is_empty());

    // All or none.
    let wrong = Fault::status(200);
    faults.add_all([Fault::reset(), wrong]).unwrap_err();
    assert!(faults.list().is_empty());
    let error = Emulator::builder().fault(Fault::status(503).probability(2.0));
    let error = error.start().await.unwrap_err();
    assert!(matches!(error, StartError::Fault(_)), "{error}");
}

#[tokio::test]
async fn programs_in_any_language_control_them() {
    let emulator = with("*:503,on=9").await;
    let url = format!("{}/_emulator/faults", emulator.url());
    let http = http();
    let post = async |body: String| {
        let answer = http.post(&url).body(body).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json::<Value>().await.unwrap())
    };
    let (status, added) = post("*:429,retry-after=1,on=1; *:reset,p=0".into()).await;
    assert_eq!(status, 201);
    assert_eq!(added["faults"][0]["id"], 2);
    let fault =
        json!({"effect": 429, "on": "2..3", "probability": 0.5, "body": "html", "after": true});
    let (status, added) = post(fault.to_string()).await;
    assert_eq!(status, 201);
    assert_eq!(
        added["faults"],
        json!([{"id": 4, "operation": "*", "effect": "429", "on": "2..3", "probability": 0.5, "body": "html",
                "after": true, "requests": 0, "hits": 0}])
    );
    let faults = json!([{"effect": "latency", "duration": "1ms..2ms", "operation": "FetchService"}, {"effect": "close"}]);
    assert_eq!(post(faults.to_string()).await.0, 201);

    for wrong in ["x", "*:200", "{", "{}", "[{\"effect\":503},{\"effect\":1}]"] {
        let (status, error) = post(wrong.into()).await;
        assert_eq!((status, &error["code"]), (400, &json!(20001)), "{wrong}");
    }
    assert_eq!(get(&emulator, SUMMARY).await.status(), 429);
    let list = async || {
        let list: Value = http.get(&url).send().await.unwrap().json().await.unwrap();
        list["faults"].as_array().unwrap().clone()
    };
    let all = list().await;
    assert_eq!(all.len(), 6);
    assert_eq!((&all[1]["requests"], &all[1]["hits"]), (&json!(1), &json!(1)));
    let requests: Value = get(&emulator, "/_emulator/requests").await.json().await.unwrap();
    assert_eq!(requests["requests"][0]["fault"], "*:429,on=1,retry-after=1");

    let delete = async |url: String| http.delete(url).send().await.unwrap().status().as_u16();
    assert_eq!(delete(format!("{url}/2")).await, 204);
    assert_eq!(delete(format!("{url}/2")).await, 400);
    assert_eq!(list().await.len(), 5);
    // A reset restores the initial ones.
    let reset = format!("{}/_emulator/reset", emulator.url());
    http.post(reset).send().await.unwrap();
    let all = list().await;
    assert_eq!((all.len(), &all[0]["on"]), (1, &json!("9")));
    assert_eq!(delete(url.clone()).await, 204);
    assert!(list().await.is_empty());
}

#[test]
fn what_cannot_be_is_told_by_its_part_and_never_repeated() {
    for (text, part) in [
        ("+573003003030", "operation"),
        ("FetchNothing:503", "operation"),
        ("createverification:503", "the API has CreateVerification"),
        ("*:", "effect"),
        ("*:200", "effect"),
        ("*:600", "effect"),
        ("*:+573003003030", "effect"),
        ("*:503=2", "probability"),
        ("*:503=-0.1", "probability"),
        ("*:503=NaN", "probability"),
        ("*:503=x", "`p`"),
        ("*:503=0.1,p=0.2", "`p`: given twice"),
        ("*:503,on=0", "`on`"),
        ("*:503,on=3..1", "`on`"),
        ("*:503,on=+573003003030..", "`on`"),
        ("*:503,every=0", "`every`"),
        ("*:503,every=", "`every`"),
        ("*:503,after=1", "`after`"),
        ("*:503,retry-after=x", "`retry-after`"),
        ("*:503,body=xml", "`body`"),
        ("*:503,body=html,code=1", "`code`"),
        ("*:reset,body=html", "`body`"),
        ("*:latency", "`duration`"),
        ("*:latency=fast", "`duration`"),
        ("*:latency=2s..1s", "`duration`"),
        ("*:latency=25h", "`duration`"),
        ("*:slow=1s..2s", "`duration`"),
        ("*:latency=2s,p99=1s", "`p99`"),
        ("*:latency=0s,p99=1s", "`p99`"),
        ("*:503,p99=1s", "`p99`"),
        ("*:503,+573003003030", "`option`"),
        ("*:503,retry-after=1;*:503;*:", "fault 3: `effect`"),
        ("[{\"effect\":503,\"retry\":1}]", "fault 1: `fault`"),
        ("[{\"effect\":503,\"on\":0}]", "fault 1: `on`"),
        ("{\"effect\":\"+573003003030\"}", "fault 1: `effect`"),
        ("{\"effect\":503", "`JSON`"),
    ] {
        let error = Fault::parse_all(text).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
        assert!(
            error.contains("expect")
                || error.contains("leave")
                || error.contains("the API has")
                || error.contains("invalid JSON"),
            "{error}"
        );
        assert!(!error.contains("3003003030"), "{error}");
    }
    assert!(Fault::parse_all(" ; # nothing\n;").unwrap().is_empty());
}

fn faults() -> impl Strategy<Value = Fault> {
    let millis = 0..100_000_u64;
    let effects = prop_oneof![
        (400..600_u16).prop_map(Fault::status),
        Just(Fault::reset()),
        Just(Fault::close()),
        Just(Fault::reset_midway()),
        Just(Fault::truncate()),
        millis.clone().prop_map(|least| Fault::slow(Duration::from_millis(least))),
        (millis.clone(), millis.clone()).prop_map(|(least, more)| {
            Fault::latency_between(
                Duration::from_millis(least)..=Duration::from_millis(least + more),
            )
        }),
        (millis.clone(), millis).prop_map(|(median, more)| {
            let median = Duration::from_millis(median + 1);
            Fault::latency_log_normal(median, median + Duration::from_millis(more))
        }),
    ];
    let options = (
        prop::option::of(0.0..=1.0),
        prop::option::of((1..9_u64, prop::option::of(0..9_u64))),
        prop::option::of(1..9_u64),
        any::<bool>(),
        any::<bool>(),
    );
    (effects, options, prop::option::of((0..99_u64, 0..3_u8))).prop_map(
        |(mut fault, (probability, on, every, after, one), error)| {
            // `*:` comes before it.
            let is_error = fault.to_string().as_bytes()[2].is_ascii_digit();
            if let Some(probability) = probability {
                fault = fault.probability(probability);
            }
            match on {
                Some((first, Some(more))) => fault = fault.on(first..=first + more),
                Some((first, None)) => fault = fault.on(first..),
                None => {}
            }
            if let Some(every) = every {
                fault = fault.every(every);
            }
            if after {
                fault = fault.after_processing();
            }
            if one {
                fault = fault.operation("CreateVerification");
            }
            match error.filter(|_| is_error) {
                Some((seconds, 0)) => fault.retry_after(seconds).code(60_200),
                Some((seconds, 1)) => fault.retry_after(seconds).body(FaultBody::Html),
                Some((seconds, _)) => fault.retry_after(seconds).body(FaultBody::Empty),
                None => fault,
            }
        },
    )
}

proptest! {
    #[test]
    fn a_fault_is_the_same_as_text_and_as_json(fault in faults()) {
        let text = fault.to_string();
        prop_assert_eq!(&text.parse::<Fault>().unwrap(), &fault, "{}", text);
        let json = serde_json::to_string(&fault).unwrap();
        prop_assert_eq!(&Fault::parse_all(&json).unwrap(), &[fault], "{}", json);
    }

    #[test]
    fn no_text_makes_the_parser_fail(text in "[*:,;=.0-9a-z \\[{\"}-]{0,40}") {
        let _ = Fault::parse_all(&text);
    }
}
