//! Many callers at once, and a server that fails one in twenty requests.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tests::faults::{BODY, BOUND, bounded, hasty};
use tests::scripted::{Received, Reply, Scripted};
use twilio_verify::{Channel, Client, Error, ErrorKind};

const CALLERS: usize = 64;
const CALLS: usize = 10;
const SUMMARY: &str = "FetchVerificationAttemptsSummary";

/// The faults in turn, and whether the request was rejected unprocessed.
fn faults() -> Vec<(Reply, bool)> {
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n{".to_vec();
    vec![
        (Reply::Reset(Vec::new()), false),
        (Reply::with(429, &[("Retry-After", "0")], ""), true),
        (Reply::with(503, &[], "<html>"), false),
        (Reply::Close, false),
        (Reply::Bytes(half.clone()), false),
        (Reply::keep_open(429, &[], r#"{"code":20429}"#), true),
        (Reply::Bytes(b"hello\r\n\r\n".to_vec()), false),
        (Reply::Reset(half), false),
        (Reply::json(429, r#"{"code":60203}"#), true),
        (Reply::Reset(b"HTTP/1.1".to_vec()), false),
    ]
}

/// The number of a call: each call has another.
fn number(caller: usize, call: usize) -> String {
    format!("+57300{caller:03}{call:04}")
}

async fn call(client: &Client, caller: usize, call: usize) -> Result<Option<i64>, Error> {
    let number = number(caller, call);
    if call.is_multiple_of(2) {
        let summary = client.attempts().summary().destination_prefix(&number);
        return Ok(i64::try_from(summary.send().await?.total_attempts).ok());
    }
    let sid = "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let verifications = client.service(sid).verifications();
    verifications.start(number, Channel::Sms).send().await?;
    Ok(None)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_end_in_an_answer_or_a_typed_error() {
    // Whether each POST was rejected unprocessed.
    let posts = Arc::new(Mutex::new(HashMap::<String, Vec<bool>>::new()));
    let (seen, faults, kept) = (AtomicUsize::new(0), faults(), Arc::clone(&posts));
    let server = Scripted::deciding(move |request: &Received| {
        let number = seen.fetch_add(1, Ordering::Relaxed);
        let is_post = request.head.starts_with("POST");
        let (reply, refused) = match number % 20 {
            19 => faults[number / 20 % faults.len()].clone(),
            _ => (Reply::keep_open(if is_post { 201 } else { 200 }, &[], BODY), false),
        };
        if is_post {
            let mut posts = kept.lock().unwrap();
            posts.entry(request.body.clone()).or_default().push(refused);
        }
        reply
    })
    .await
    .unwrap();
    let client = hasty(server.url()).request_limit(SUMMARY, None).build().unwrap();
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| {
            let client = client.clone();
            tokio::spawn(async move {
                let mut results = Vec::new();
                for index in 0..CALLS {
                    results.push(bounded("a call", call(&client, caller, index)).await);
                }
                results
            })
        })
        .collect();
    let (mut good, mut bad) = (0, 0);
    for caller in callers {
        let results = tokio::time::timeout(BOUND * 3, caller).await;
        for result in results.expect("no caller hangs").expect("none panics") {
            match result {
                Ok(total) => {
                    assert!(total.is_none_or(|total| total == 11), "{total:?}");
                    good += 1;
                }
                Err(error) => {
                    let kinds = [ErrorKind::NoAnswer, ErrorKind::Refused, ErrorKind::Unreadable];
                    assert!(kinds.contains(&error.kind()), "{error:?}");
                    bad += 1;
                }
            }
        }
    }
    assert_eq!(good + bad, CALLERS * CALLS);
    // Each fault ends one call at most.
    assert!(bad <= server.received().len() / 20, "{bad} failed");
    let posts = posts.lock().unwrap();
    assert_eq!(posts.len(), CALLERS * CALLS / 2);
    for (body, replies) in &*posts {
        let (_last, before) = replies.split_last().unwrap();
        assert!(before.iter().all(|refused| *refused), "{body}: {replies:?}");
    }
}
