//! Misbehaving clients cannot harm the server.

use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use twilio_verify_emulator::{Emulator, Fault, ManualClock};

use crate::http::http;
use crate::support::{attempt, connect, get, head, json, now, read_to_end, runtime};

const SUMMARY: &str = "/v2/Attempts/Summary";

/// Longer than any response here, shorter than a test.
const SHORT: Duration = Duration::from_millis(200);

fn status(answer: &[u8]) -> &str {
    let line = answer.split(|byte| *byte == b'\r').next().unwrap();
    let line = std::str::from_utf8(line).unwrap();
    line.strip_prefix("HTTP/1.1 ").unwrap().split(' ').next().unwrap()
}

#[tokio::test]
async fn connections_beyond_the_bound_wait_for_their_turn() {
    let emulator = Emulator::builder().max_connections(1).start().await.unwrap();
    let request = |query| {
        let head = head("GET", &format!("{SUMMARY}?{query}"));
        format!("{head}Connection: close\r\n\r\n").into_bytes()
    };
    let (begin, rest) = (request("first"), request("first").split_off(9));
    let mut first = connect(&emulator).await;
    first.write_all(&begin[..9]).await.unwrap();
    let mut others = Vec::new();
    for _ in 0..10 {
        let mut other = connect(&emulator).await;
        other.write_all(&request("other")).await.unwrap();
        others.push(other);
    }
    first.write_all(&rest).await.unwrap();
    for stream in std::iter::once(&mut first).chain(&mut others) {
        assert_eq!(status(&read_to_end(stream).await.0), "200");
    }
    let requests = emulator.requests();
    assert_eq!((requests.len(), requests[0].query()), (11, Some("first")));
}

#[tokio::test]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let emulator = Emulator::builder().read_timeout(SHORT).start().await.unwrap();
    for begin in ["", "GET", "GET / HTTP/1.1\r\nHost: x\r\nA"] {
        let mut stream = connect(&emulator).await;
        stream.write_all(begin.as_bytes()).await.unwrap();
        let begin = Instant::now();
        let (answer, _) = read_to_end(&mut stream).await;
        assert_eq!(answer, b"");
        assert!(begin.elapsed() >= SHORT / 2, "{:?}", begin.elapsed());
    }
}

#[tokio::test]
async fn a_head_that_comes_byte_by_byte_is_not_waited_for_either() {
    let emulator = Emulator::builder().read_timeout(SHORT).start().await.unwrap();
    let mut stream = connect(&emulator).await;
    let begin = Instant::now();
    stream.write_all(b"GET / HTTP/1.1\r\nA: ").await.unwrap();
    while stream.write_all(b"a").await.is_ok() {
        assert!(begin.elapsed() < 50 * SHORT, "still open");
        tokio::time::sleep(SHORT / 10).await;
    }
}

#[tokio::test]
async fn a_connection_between_two_requests_is_closed_in_time() {
    let emulator = Emulator::builder().read_timeout(SHORT).start().await.unwrap();
    let mut stream = connect(&emulator).await;
    let request = format!("{}\r\n", head("GET", SUMMARY));
    stream.write_all(request.as_bytes()).await.unwrap();
    let (answer, end) = read_to_end(&mut stream).await;
    assert_eq!(status(&answer), "200");
    end.unwrap();
}

#[tokio::test]
async fn a_body_that_does_not_come_is_said_and_not_waited_for() {
    let emulator = Emulator::builder().read_timeout(SHORT).start().await.unwrap();
    let mut stream = connect(&emulator).await;
    let request = format!("{}Content-Length: 100\r\n\r\nFri", head("POST", "/v2/Services"));
    stream.write_all(request.as_bytes()).await.unwrap();
    let (answer, _) = read_to_end(&mut stream).await;
    assert_eq!(status(&answer), "408");
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.contains("\"status\":408"), "{answer}");
    assert_eq!(emulator.requests()[0].status(), 408);
}

/// A connection with a request of which one byte of the body, of 1000, was sent.
async fn begun(emulator: &Emulator, path: &str) -> TcpStream {
    let mut stream = connect(emulator).await;
    let request = format!("{}Content-Length: 1000\r\n\r\n[", head("POST", path));
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Another client is served.
async fn assert_is_served(emulator: &Emulator) {
    let mut other = connect(emulator).await;
    let request = format!("{}Connection: close\r\n\r\n", head("GET", SUMMARY));
    other.write_all(request.as_bytes()).await.unwrap();
    assert_eq!(status(&read_to_end(&mut other).await.0), "200");
}

#[tokio::test]
async fn a_body_for_the_control_does_not_keep_others_out() {
    let builder = Emulator::builder().read_timeout(SHORT).max_connections(6);
    let emulator = builder.start().await.unwrap();
    let mut slow = Vec::new();
    for path in ["attempts", "faults", "clock"] {
        slow.push(begun(&emulator, &format!("/_emulator/{path}")).await);
    }
    assert_is_served(&emulator).await;
    for mut stream in slow {
        assert_eq!(status(&read_to_end(&mut stream).await.0), "408");
    }
}

#[tokio::test]
async fn slow_bodies_leave_connections_for_others() {
    // Nobody is out of time in this test.
    let builder = Emulator::builder().read_timeout(Duration::MAX).max_connections(4);
    let emulator = builder.start().await.unwrap();
    let mut slow = Vec::new();
    for path in ["/v2/Services", "/_emulator/faults", "/v2/Services", "/_emulator/attempts"] {
        slow.push(begun(&emulator, path).await);
    }
    assert_is_served(&emulator).await;
    // Two are rejected, and the others are waited for.
    let answers = slow.iter_mut().enumerate().map(|(index, stream)| async move {
        let mut bytes = [0; 12];
        stream.read_exact(&mut bytes).await.unwrap();
        assert_eq!(status(&bytes), "503");
        index
    });
    let rejected: Vec<usize> = stream::iter(answers).buffer_unordered(4).take(2).collect().await;
    for (index, stream) in slow.iter_mut().enumerate() {
        if !rejected.contains(&index) {
            stream.write_all(&[b' '; 999]).await.unwrap();
            let mut bytes = [0; 12];
            stream.read_exact(&mut bytes).await.unwrap();
            assert_eq!(status(&bytes), "400");
        }
    }
}

/// POSTs a body of this length, which is no attempts and no service.
async fn post(emulator: &Emulator, path: &str, length: usize) -> String {
    let mut stream = connect(emulator).await;
    let head = head("POST", path);
    let head = format!("{head}Content-Length: {length}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    // It may be rejected before everything is written.
    let _ = stream.write_all(&vec![b' '; length]).await;
    let (answer, _) = read_to_end(&mut stream).await;
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn bodies_share_their_memory() {
    let emulator = Emulator::builder().body_memory(200_000).start().await.unwrap();
    // One that holds most of it, and is not complete.
    let mut holder = connect(&emulator).await;
    let request = head("POST", "/_emulator/attempts");
    let request = format!("{request}Content-Length: 195000\r\nConnection: close\r\n\r\n");
    holder.write_all(request.as_bytes()).await.unwrap();
    holder.write_all(&[b' '; 190_000]).await.unwrap();
    for path in ["/v2/Services", "/_emulator/attempts"] {
        let answer = loop {
            // Until the server has read all of the other body.
            let answer = post(&emulator, path, 50_000).await;
            if status(answer.as_bytes()) != "400" {
                break answer;
            }
        };
        assert_eq!(status(answer.as_bytes()), "503", "{answer}");
        assert!(answer.contains("\r\nretry-after: 1\r\n"), "{answer}");
        assert!(answer.contains("\"code\":20503") && answer.contains("memory"), "{answer}");
    }
    // What is not read needs none.
    assert_eq!(get(&emulator, SUMMARY).await.status(), 200);

    holder.write_all(&[b' '; 5_000]).await.unwrap();
    let (answer, _) = read_to_end(&mut holder).await;
    assert_eq!(status(&answer), "400");
    for path in ["/v2/Services", "/_emulator/attempts"] {
        assert_eq!(status(post(&emulator, path, 190_000).await.as_bytes()), "400");
    }
    // More than there is for all.
    assert_eq!(status(post(&emulator, "/v2/Services", 300_000).await.as_bytes()), "503");
}

#[tokio::test]
async fn bodies_for_the_control_have_a_bound() {
    let emulator = Emulator::start().await.unwrap();
    for (path, length, expected) in [
        ("faults", 1024 * 1024 + 1, "413"),
        ("clock", 2 * 1024 * 1024, "413"),
        ("attempts", 1024 * 1024 + 1, "400"),
        ("attempts", 64 * 1024 * 1024 + 1, "413"),
    ] {
        let answer = post(&emulator, &format!("/_emulator/{path}"), length).await;
        assert_eq!(status(answer.as_bytes()), expected, "{path} {length}");
    }
}

#[tokio::test]
async fn who_does_not_read_the_response_is_not_waited_for() {
    // More than what the operating system keeps for a reader.
    let attempts = (0..1000).map(|number| {
        let mut attempt = attempt(number, number as i64);
        attempt.channel_data.carrier = Some("a".repeat(40_000));
        attempt
    });
    let emulator = Emulator::builder()
        .clock(ManualClock::at(now()))
        .attempts(attempts)
        .max_connections(1)
        .write_timeout(SHORT)
        .start()
        .await
        .unwrap();
    let mut first = connect(&emulator).await;
    let request = format!("{}\r\n", head("GET", "/v2/Attempts?PageSize=1000"));
    first.write_all(request.as_bytes()).await.unwrap();
    let mut second = connect(&emulator).await;
    let request = format!("{}Connection: close\r\n\r\n", head("GET", SUMMARY));
    second.write_all(request.as_bytes()).await.unwrap();
    assert_eq!(status(&read_to_end(&mut second).await.0), "200");
    let (answer, _) = read_to_end(&mut first).await;
    assert_eq!(status(&answer), "200");
    assert!(answer.len() < 40_000_000);
}

#[tokio::test]
async fn heads_have_a_bound() {
    let emulator = Emulator::start().await.unwrap();
    let long = format!("GET / HTTP/1.1\r\nA: {}\r\n\r\n", "a".repeat(33 * 1024));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "A: a\r\n".repeat(101));
    let target = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(33 * 1024));
    let endless = format!("GET /{}", "a".repeat(1024 * 1024));
    for (request, statuses) in [
        (long, &["431"][..]),
        (many, &["431"]),
        (target, &["431", "414"]),
        (endless, &["431", "414"]),
    ] {
        let mut stream = connect(&emulator).await;
        // It may be rejected before everything is written.
        let _ = stream.write_all(request.as_bytes()).await;
        let (answer, _) = read_to_end(&mut stream).await;
        assert!(statuses.contains(&status(&answer)));
        let answer = String::from_utf8(answer).unwrap().to_lowercase();
        assert!(answer.contains("\r\ncontent-length: 0\r\n"), "{answer}");
        assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    }
    // The longest allowed query does fit.
    let query = "a".repeat(8 * 1024);
    assert_eq!(get(&emulator, &format!("{SUMMARY}?{query}")).await.status(), 200);
}

#[tokio::test]
async fn bodies_have_a_bound() {
    let emulator = Emulator::start().await.unwrap();
    let post = async |length: usize| {
        let mut stream = connect(&emulator).await;
        let head = head("POST", "/v2/Services");
        let request = format!(
            "{head}Content-Length: {length}\r\nConnection: close\r\n\r\nFriendlyName=Shop&{}",
            "a".repeat(length - 18)
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let (answer, end) = read_to_end(&mut stream).await;
        end.unwrap();
        status(&answer).to_owned()
    };
    assert_eq!(post(1024 * 1024).await, "201");
    assert_eq!(post(1024 * 1024 + 1).await, "413");
    assert_eq!(post(4 * 1024 * 1024).await, "413");
    // Chunks have no length that could be checked first.
    let body = reqwest::Body::wrap_stream(futures_util::stream::iter(
        (0..20).map(|_| Ok::<_, std::io::Error>(vec![b'a'; 100_000])),
    ));
    let request = http().post(format!("{}/v2/Services", emulator.url()));
    let request = request.basic_auth(emulator.account_sid(), Some(emulator.auth_token()));
    assert_eq!(request.body(body).send().await.unwrap().status(), 413);
}

#[tokio::test]
async fn who_is_not_known_is_refused_before_the_body_is_there() {
    let emulator = Emulator::start().await.unwrap();
    let mut stream = connect(&emulator).await;
    let request = "POST /v2/Services HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let (answer, _) = read_to_end(&mut stream).await;
    assert_eq!(status(&answer), "401");
}

#[tokio::test]
async fn a_handshake_that_does_not_come_is_not_waited_for() {
    let builder = Emulator::builder().tls(true).read_timeout(SHORT);
    let emulator = builder.start().await.unwrap();
    for begin in [&b""[..], &[22, 3, 1, 2, 0, 1]] {
        let mut stream = connect(&emulator).await;
        stream.write_all(begin).await.unwrap();
        assert_eq!(read_to_end(&mut stream).await.0, b"");
    }
}

#[tokio::test]
async fn the_longest_time_to_wait_is_none_that_a_clock_cannot_tell() {
    let builder = Emulator::builder().read_timeout(Duration::MAX);
    let emulator = builder.max_connections(usize::MAX).start().await.unwrap();
    assert_eq!(json(&emulator, SUMMARY).await["total_attempts"], 0);
    let builder = Emulator::builder().max_connections(0);
    let emulator = builder.start().await.unwrap();
    assert_eq!(json(&emulator, SUMMARY).await["total_attempts"], 0);
}

/// Sends a request with a delayed response, and shuts the emulator down meanwhile. Returns what the client received,
/// and how long the shutdown took, by a clock that only waits move.
async fn shut_down_after(latency: Duration) -> (String, Duration) {
    let builder = Emulator::builder().fault(Fault::latency(latency));
    let emulator = builder.start().await.unwrap();
    let mut stream = connect(&emulator).await;
    let request = format!("{}\r\n", head("GET", SUMMARY));
    stream.write_all(request.as_bytes()).await.unwrap();
    while emulator.faults().list()[0].requests == 0 {
        tokio::task::yield_now().await;
    }
    let begin = tokio::time::Instant::now();
    emulator.shutdown().await;
    let taken = begin.elapsed();
    let (answer, _) = read_to_end(&mut stream).await;
    (String::from_utf8(answer).unwrap(), taken)
}

#[tokio::test(start_paused = true)]
async fn what_is_being_served_at_a_shutdown_has_its_time_but_no_more() {
    let (answer, taken) = shut_down_after(Duration::from_secs(2)).await;
    assert_eq!(status(answer.as_bytes()), "200");
    assert!(answer.contains("connection: close"), "{answer}");
    assert!((2..5).contains(&taken.as_secs()), "{taken:?}");

    let (answer, taken) = shut_down_after(Duration::from_secs(3600)).await;
    assert_eq!(answer, "");
    assert!((5..6).contains(&taken.as_secs()), "{taken:?}");
}

/// Near-requests, and garbage.
fn garbage() -> impl Strategy<Value = Vec<u8>> {
    let whole = format!(
        "{}Content-Length: 17\r\n\r\nFriendlyName=Shop{}Transfer-Encoding: chunked\r\n\r\n5\r\nFrien\r\n0\r\n\r\n",
        head("POST", "/v2/Services"),
        head("POST", "/v2/Services"),
    );
    let length = whole.len();
    let changed = (
        Just(whole.into_bytes()),
        prop::collection::vec((0..length, any::<u8>()), 0..8),
        0..length,
    )
        .prop_map(|(mut bytes, changes, end)| {
            for (at, byte) in changes {
                bytes[at] = byte;
            }
            bytes.truncate(end);
            bytes
        });
    prop_oneof![changed, prop::collection::vec(any::<u8>(), 0..300)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn no_bytes_make_the_server_fail(garbage in prop::collection::vec(garbage(), 40)) {
        runtime().block_on(async {
            let emulator = Emulator::start().await.unwrap();
            for bytes in &garbage {
                let mut stream = connect(&emulator).await;
                let _ = stream.write_all(bytes).await;
                let _ = stream.shutdown().await;
                let (answer, _) = read_to_end(&mut stream).await;
                if !answer.is_empty() {
                    let status: u16 = status(&answer).parse().unwrap();
                    prop_assert!(status < 500, "{} for {:?}", status, bytes);
                }
            }
            prop_assert_eq!(&json(&emulator, SUMMARY).await["total_attempts"], 0);
            Ok(())
        })?;
    }
}
