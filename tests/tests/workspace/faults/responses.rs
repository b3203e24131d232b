//! Responses that are cut short, have a wrong length, never end, or are not HTTP.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use tests::faults::{BODY, Fault, Method, bounded, check, hasty};
use tests::privacy::{NUMBER, describe};
use tests::scripted::{Reply, Scripted};

/// A head of status 200 with these headers, and then this body.
fn answer(headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\n{headers}\r\n{body}").into_bytes()
}

fn chunked(body: &str) -> Vec<u8> {
    answer("Transfer-Encoding: chunked\r\n", body)
}

#[tokio::test]
async fn answers_that_end_before_their_body() {
    let heads = [
        ("half a status line", b"HTTP/1.1 20".as_slice()),
        ("a status line", b"HTTP/1.1 200 OK\r\n"),
        ("half the headers", b"HTTP/1.1 200 OK\r\nContent-Le"),
        ("no empty line", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"),
        ("an interim answer", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ];
    check(heads.iter().flat_map(|(name, bytes)| {
        [Reply::Bytes, Reply::Reset].map(|end| Fault::no_answer(name, end(bytes.to_vec())))
    }))
    .await;
}

#[tokio::test]
async fn answers_that_end_within_their_body() {
    let bodies = [
        ("no body", answer("Content-Length: 21\r\n", "")),
        ("half a body", answer("Content-Length: 21\r\n", &BODY[..10])),
        ("a byte too few", answer("Content-Length: 22\r\n", BODY)),
        ("half a chunk", chunked("15\r\n{\"total")),
        ("no last chunk", chunked(&format!("15\r\n{BODY}\r\n"))),
    ];
    check(bodies.into_iter().flat_map(|(name, bytes)| {
        [Reply::Bytes, Reply::Reset].map(|end| Fault::cut(name, end(bytes.clone())))
    }))
    .await;
    // Nothing shows that the body was cut short.
    let without_length = answer("", &BODY[..10]);
    check([
        Fault::not_json("half of what has no length", Reply::Bytes(without_length.clone())),
        Fault::cut("half of what has no length, reset", Reply::Reset(without_length)),
    ])
    .await;
}

#[tokio::test]
async fn answers_that_lie_about_their_length() {
    let too_short = answer("Content-Length: 10\r\n", BODY);
    check([
        Fault::not_json("too short", Reply::Bytes(too_short.clone())),
        Fault::not_json("too short, kept open", Reply::Stall(too_short)),
        Fault::not_json("nothing of it", Reply::Bytes(answer("Content-Length: 0\r\n", BODY))),
        Fault::no_answer(
            "two lengths",
            Reply::Bytes(answer("Content-Length: 21\r\nContent-Length: 20\r\n", BODY)),
        ),
        Fault::no_answer(
            "no number",
            Reply::Bytes(answer("Content-Length: +573003003030\r\n", BODY)),
        ),
        Fault::no_answer("negative", Reply::Bytes(answer("Content-Length: -1\r\n", BODY))),
        Fault::unreadable(
            "too large to begin",
            Reply::Stall(answer("Content-Length: 18446744073709551613\r\n", BODY)),
        )
        .saying("larger than 10000 bytes"),
        Fault::unreadable(
            "a byte too large",
            Reply::Stall(answer("Content-Length: 10001\r\n", "")),
        )
        .saying("larger than 10000 bytes"),
    ])
    .await;
}

#[tokio::test]
async fn chunks_that_are_none() {
    check([
        Fault::unreadable("no size", Reply::Bytes(chunked(BODY))),
        Fault::unreadable("a number", Reply::Bytes(chunked("+573003003030\r\n{}\r\n0\r\n\r\n"))),
        Fault::unreadable(
            "a size beyond all",
            Reply::Bytes(chunked("fffffffffffffffff\r\n{}\r\n0\r\n\r\n")),
        ),
        Fault::unreadable(
            "a chunk beyond its size",
            Reply::Bytes(chunked(&format!("5\r\n{BODY}\r\n0\r\n\r\n"))),
        ),
    ])
    .await;
}

#[tokio::test]
async fn answers_without_an_end() {
    let start = b"HTTP/1.1 200 OK\r\n".to_vec();
    let spaces = " ".repeat(1000);
    let chunk = format!("3e8\r\n{spaces}\r\n").into_bytes();
    let line = b"X-Line: 573003003030\r\n".to_vec();
    check([
        Fault::unreadable("a body", Reply::Endless(answer("", "{"), spaces.into_bytes())),
        Fault::unreadable("chunks", Reply::Endless(chunked(""), chunk))
            .saying("larger than 10000 bytes"),
        Fault::unreadable("a chunk's extension", Reply::Endless(chunked("1;"), vec![b'x'; 1000])),
        Fault::unreadable("trailers", Reply::Endless(chunked("0\r\n"), line.clone())),
        Fault::no_answer("headers", Reply::Endless(start.clone(), line)),
        Fault::no_answer(
            "a header",
            Reply::Endless([&start[..], b"X: "].concat(), vec![b'x'; 1000]),
        ),
        Fault::no_answer(
            "a status line",
            Reply::Endless(b"HTTP/1.1 200 ".to_vec(), vec![b'x'; 1000]),
        ),
    ])
    .await;
}

#[tokio::test]
async fn what_is_no_http() {
    let number = NUMBER.as_bytes();
    check([
        Fault::no_answer("text", Reply::Bytes([b"hello ", number, b"\r\n\r\n"].concat())),
        Fault::no_answer("bytes", Reply::Bytes(vec![0xff; 100])),
        Fault::no_answer("zeroes", Reply::Bytes(vec![0; 100])),
        Fault::no_answer("another protocol", Reply::Bytes(b"SSH-2.0-x\r\n".to_vec())),
        Fault::no_answer("TLS", Reply::Bytes(b"\x15\x03\x03\0\x02\x02\x28".to_vec())),
        Fault::no_answer("HTTP/2", Reply::Bytes(b"\0\0\0\x04\0\0\0\0\0".to_vec())),
        Fault::no_answer("a version", Reply::Bytes(b"HTTP/9.9 200 OK\r\n\r\n{}".to_vec())),
        Fault::no_answer("a status", Reply::Bytes(b"HTTP/1.1 +57 OK\r\n\r\n{}".to_vec())),
        Fault::no_answer(
            "a header",
            Reply::Bytes(b"HTTP/1.1 200 OK\r\n+573003003030\r\n\r\n{}".to_vec()),
        ),
        Fault::no_answer("a request", Reply::Bytes(b"GET / HTTP/1.1\r\n\r\n".to_vec())),
    ])
    .await;
}

#[tokio::test]
async fn bodies_that_are_not_what_is_documented() {
    let json = |body: &str| Reply::json(200, body);
    check([
        Fault::not_json("a text", json(r#""+573003003030""#)),
        Fault::not_json(
            "no UTF-8",
            Reply::Bytes([&answer("", "{\"url\":\"")[..], b"\xff\"}"].concat()),
        ),
    ])
    .await;
}

/// A body in an encoding, and its encoded length.
fn encoded(method: Method, encoding: &str, body: &[u8]) -> Reply {
    let (status, length) = (method.success(), body.len());
    let head = format!(
        "HTTP/1.1 {status} Any\r\nContent-Encoding: {encoding}\r\nContent-Length: {length}\r\n\r\n"
    );
    Reply::Bytes([head.as_bytes(), body].concat())
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn encodings() {
    let zipped = gzip(BODY.as_bytes());
    let half = &zipped[..zipped.len() / 2];
    // 1 MB of spaces in 1 kB.
    let bomb = gzip(" ".repeat(1_000_000).as_bytes());
    let unreadable =
        |name, encoding, body| Fault::unreadable(name, encoded(Method::Get, encoding, body));
    check([
        unreadable("gzip that is none", "gzip", b"\x1f\x8b+573003003030"),
        Fault::cut("half of it", encoded(Method::Get, "gzip", half)),
        unreadable("more than is read", "gzip", &bomb).saying("larger than 10000 bytes"),
        unreadable("what was not asked for", "br", b"\x0b\x0a\x80+573003003030")
            .ignored_by_delete(),
    ])
    .await;
    for method in [Method::Get, Method::Post] {
        let server = Scripted::start([encoded(method, "gzip", &zipped)]).await.unwrap();
        let client = hasty(server.url()).build().unwrap();
        bounded("gzip", method.call(&client)).await.unwrap();
        let received = server.received();
        assert_eq!(received.len(), 1);
        assert_eq!(received[0].header("accept-encoding"), Some("gzip"));
    }
}

/// serde's error for a value of another type repeats the value.
#[tokio::test]
async fn a_value_of_another_type_is_not_told() {
    let mut told = Vec::new();
    for (method, body) in [
        (Method::Get, r#"{"total_attempts":"+573003003030"}"#),
        (Method::Get, r#"{"total_attempts":573003003030573003003030}"#),
        (Method::Get, r#"{"total_attempts":573003003030.5}"#),
        (Method::Get, r#"{"total_attempts":-573003003030}"#),
        (Method::Get, r#"{"conversion_rate_percentage":"+573003003030x"}"#),
        (Method::Get, r#"{"url":573003003030}"#),
        (Method::Post, r#"{"valid":"+573003003030"}"#),
        (Method::Post, r#"{"valid":573003003030}"#),
        (Method::Post, r#"{"sid":573003003030}"#),
        (Method::Post, r#"{"send_code_attempts":"+573003003030"}"#),
        (Method::Post, r#"{"send_code_attempts":573003003030}"#),
        (Method::Post, r#"{"date_created":"+573003003030"}"#),
    ] {
        let server = Scripted::start([Reply::json(method.success(), body)]).await.unwrap();
        let client = hasty(server.url()).build().unwrap();
        // Some of them can be read, which is fine too.
        if let Err(error) = method.call(&client).await
            && describe(&error).contains("573003003030")
        {
            told.push(format!("{body}: {error}"));
        }
        assert_eq!(server.received().len(), 1, "{body}");
    }
    for body in [
        r#"{"attempts":"+573003003030"}"#,
        r#"{"attempts":["+573003003030"]}"#,
        r#"{"attempts":[{"channel_data":"+573003003030"}]}"#,
        r#"{"attempts":[{"price":573003003030}]}"#,
        r#"{"attempts":[],"meta":"+573003003030"}"#,
        r#"{"attempts":[],"meta":{"next_page_url":573003003030}}"#,
    ] {
        let server = Scripted::start([Reply::json(200, body)]).await.unwrap();
        let client = hasty(server.url()).build().unwrap();
        let mut items = client.attempts().list().items();
        if let Err(error) = items.try_next().await
            && describe(&error).contains("573003003030")
        {
            told.push(format!("{body}: {error}"));
        }
    }
    assert!(told.is_empty(), "{told:#?}");
}

#[tokio::test]
async fn answers_that_are_unusual_but_good() {
    for method in Method::ALL {
        let (status, body) = (method.success(), method.body());
        let length = body.len();
        let whole = format!("{status} Any\r\nContent-Length: {length}\r\n\r\n{body}");
        let (status_line, interim) = (format!("{status} Any\r\n"), "100 Continue\r\n\r\n");
        for (name, bytes) in [
            ("HTTP/1.0", format!("HTTP/1.0 {whole}")),
            ("HTTP/1.0 without a length", format!("HTTP/1.0 {status_line}\r\n{body}")),
            ("100 Continue", format!("HTTP/1.1 {interim}HTTP/1.1 {whole}")),
            (
                "several interim answers",
                format!(
                    "HTTP/1.1 {interim}HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 {whole}"
                ),
            ),
            ("no reason", format!("HTTP/1.1 {}", whole.replacen(" Any", "", 1))),
            ("more than its length", format!("HTTP/1.1 {whole}{{}}")),
        ] {
            let server = Scripted::start([Reply::Bytes(bytes.into_bytes())]).await.unwrap();
            let client = hasty(server.url()).build().unwrap();
            let result = bounded(name, method.call(&client)).await;
            assert!(result.is_ok(), "{name} ({method:?}): {result:?}");
            assert_eq!(server.received().len(), 1, "{name} ({method:?})");
        }
    }
}
