//! Lists that fail between two pages: items read before the failure are kept.

use tests::faults::{ATTEMPTS, BOUND, bounded, hasty};
use tests::scripted::{Reply, Scripted};
use twilio_verify::{Client, Error, ErrorKind};

/// A page with this many items, and the next one's URL.
fn page(items: usize, next: Option<&str>) -> Reply {
    let items = vec!["{}"; items].join(",");
    let next = next.map_or("null".to_owned(), |next| format!("\"{next}\""));
    let body = format!(r#"{{"attempts":[{items}],"meta":{{"next_page_url":{next}}}}}"#);
    Reply::json(200, &body)
}

/// How many items there were, and how it ended.
async fn read(name: &str, client: &Client) -> (usize, Result<(), Error>) {
    let mut items = client.attempts().list().to("+573003003030").items();
    let mut count = 0;
    let end = loop {
        match bounded(name, items.try_next()).await {
            Ok(Some(_)) => count += 1,
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    let more = bounded(name, items.try_next()).await;
    assert!(matches!(more, Ok(None)), "{name}: more after the end");
    (count, end)
}

/// Sends the first page, then these replies.
async fn after_a_page(replies: Vec<Reply>) -> (Scripted, Client) {
    let first = page(2, Some("/v2/Attempts?Page=1&PageToken=x"));
    let server = Scripted::start([vec![first], replies].concat()).await.unwrap();
    let client = hasty(server.url()).build().unwrap();
    (server, client)
}

#[tokio::test]
async fn faults_that_end_a_list() {
    let expired = r#"{"code":20003,"message":"Authenticate","status":401}"#;
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"att".to_vec();
    let html = Reply::with(503, &[], "<html>");
    for (name, reply, kind, status, requests) in [
        ("the token expired", Reply::json(401, expired), ErrorKind::Refused, Some(401), 1),
        ("half a page", Reply::Bytes(half), ErrorKind::Unreadable, Some(200), ATTEMPTS),
        ("no page", Reply::json(200, "[]"), ErrorKind::Unreadable, Some(200), 1),
        ("HTML", html, ErrorKind::Refused, Some(503), ATTEMPTS),
        ("no answer", Reply::Close, ErrorKind::NoAnswer, None, ATTEMPTS),
    ] {
        let (server, client) = after_a_page(vec![reply]).await;
        let (count, end) = read(name, &client).await;
        let error = end.unwrap_err();
        assert_eq!(count, 2, "{name}");
        assert_eq!(error.kind(), kind, "{name}: {error:?}");
        assert_eq!(error.status(), status, "{name}: {error:?}");
        assert!(!error.is_timeout(), "{name}: {error:?}");
        assert_eq!(error.is_auth(), status == Some(401), "{name}: {error:?}");
        assert_eq!(error.attempts() as usize, requests, "{name}: {error:?}");
        assert_eq!(server.received().len(), 1 + requests, "{name}");
    }
}

#[tokio::test]
async fn faults_that_pass() {
    for fault in
        [Reply::Close, Reply::with(503, &[], ""), Reply::with(429, &[("Retry-After", "0")], "")]
    {
        let name = format!("{fault:?}");
        let (server, client) =
            after_a_page(vec![fault, page(0, Some("/v2/Attempts?Page=2")), page(1, None)]).await;
        let (count, end) = read(&name, &client).await;
        end.unwrap();
        assert_eq!(count, 3, "{name}");
        assert_eq!(server.received().len(), 4, "{name}");
    }
}

#[tokio::test]
async fn pages_elsewhere_are_asked_for_here() {
    let other = Scripted::start([page(1, None)]).await.unwrap();
    let host = other.url().trim_start_matches("http://").to_owned();
    for next in [
        format!("{}/v2/Attempts?Page=1", other.url()),
        format!("//{host}/v2/Attempts?Page=1"),
        format!("http://127.0.0.1@{host}/v2/Attempts?Page=1"),
        format!("http://user:secret@{host}/v2/Attempts?Page=1#end"),
        format!("http:\\\\\\\\{host}\\\\v2\\\\Attempts?Page=1"),
        "https://verify.twilio.com/v2/Attempts?Page=1".to_owned(),
    ] {
        let server = Scripted::start([page(2, Some(&next)), page(1, None)]).await.unwrap();
        let client = hasty(server.url()).build().unwrap();
        let (count, end) = read(&next, &client).await;
        end.unwrap();
        assert_eq!(count, 3, "{next}");
        let received = server.received();
        assert_eq!(received[1].target(), "/v2/Attempts?Page=1", "{next}");
        let host = server.url().trim_start_matches("http://");
        assert_eq!(received[1].header("host"), Some(host), "{next}");
    }
    other.settled().await;
    assert_eq!(other.connections(), 0, "no credentials go elsewhere");
}

#[tokio::test]
async fn the_base_urls_path_stands_before_a_pages() {
    for next in ["https://verify.twilio.com/v2/Attempts?Page=1", "/twilio/v2/Attempts?Page=1"] {
        let server = Scripted::start([page(2, Some(next)), page(1, None)]).await.unwrap();
        let client = hasty(&format!("{}/twilio/", server.url())).build().unwrap();
        let (count, end) = read(next, &client).await;
        end.unwrap();
        assert_eq!(count, 3, "{next}");
        let received = server.received();
        assert!(received[0].target().starts_with("/twilio/v2/Attempts"), "{next}");
        assert_eq!(received[1].target(), "/twilio/v2/Attempts?Page=1", "{next}");
    }
}

#[tokio::test]
async fn empty_pages_without_an_end() {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let server = Scripted::deciding(move |_| {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        page(0, Some(&format!("/v2/Attempts?Page={number}&PageToken=PA{number}")))
    });
    let server = server.await.unwrap();
    let client = hasty(server.url()).no_documented_limits().build().unwrap();
    let (count, end) = read("empty pages", &client).await;
    let error = end.unwrap_err();
    assert_eq!((count, error.kind()), (0, ErrorKind::Unreadable));
    assert!(error.to_string().contains("100 empty pages"), "{error}");
    assert_eq!(server.received().len(), 101);
}

#[tokio::test]
async fn pages_that_are_no_pages() {
    for (next, reason) in [
        ("/v2/Services/VA/../../../x?Page=1", "would name another resource"),
        ("http://[", "is invalid"),
        ("http://127.0.0.1:99999/", "is invalid"),
        ("ftp://127.0.0.1/v2/Attempts", "is invalid"),
        ("file:///v2/Attempts", "is invalid"),
        ("data:application/json,{}", "is invalid"),
    ] {
        let server = Scripted::start([page(2, Some(next))]).await.unwrap();
        let client = hasty(server.url()).build().unwrap();
        let (count, end) = read(next, &client).await;
        let error = end.unwrap_err();
        assert_eq!(count, 2, "{next}");
        assert!(error.to_string().contains(reason), "{next}: {error}");
        assert_eq!(server.received().len(), 1, "{next}");
    }
}

#[tokio::test]
async fn pages_that_lead_back() {
    let url = |page| format!("/v2/Attempts?Page={page}&PageToken=x");
    for (name, pages) in [
        ("to itself", vec![url(1)]),
        ("to the one before", vec![url(1), url(2), url(1)]),
        ("to the middle", vec![url(1), url(2), url(3), url(2)]),
    ] {
        let replies = pages.iter().map(|next| page(1, Some(next)));
        let server = Scripted::start(replies).await.unwrap();
        let client = hasty(server.url()).timeout(BOUND).build().unwrap();
        let (_, end) = read(name, &client).await;
        let error = end.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable, "{name}: {error:?}");
        assert!(error.to_string().contains("leads back"), "{name}: {error}");
        assert!(server.received().len() <= pages.len() + 1, "{name}");
    }
}

#[tokio::test]
async fn an_empty_page_in_the_middle_is_no_end() {
    let (server, client) =
        after_a_page(vec![page(0, Some("/v2/Attempts?Page=2")), page(2, None)]).await;
    let (count, end) = read("an empty page", &client).await;
    end.unwrap();
    assert_eq!(count, 4);
    assert_eq!(server.received().len(), 3);
}
