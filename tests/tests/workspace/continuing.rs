//! Lists that begin in the middle, and lists that go on after an error.

use tests::faults::hasty;
use tests::scripted::{Reply, Scripted};
use twilio_verify::{Channel, RetryPolicy};
use twilio_verify_emulator::Emulator;

/// A page of attempts with these SIDs, and the URL of the next.
fn page(sids: &[&str], next: &str) -> Reply {
    let items: Vec<_> = sids.iter().map(|sid| format!(r#"{{"sid":"{sid}"}}"#)).collect();
    let items = items.join(",");
    let body = format!(r#"{{"attempts":[{items}],"meta":{{"next_page_url":{next}}}}}"#);
    Reply::json(200, &body)
}

#[tokio::test]
async fn a_list_begins_at_a_page_token_or_a_pages_url() {
    let emulator = Emulator::start().await.unwrap();
    let client = emulator_client(&emulator);
    for index in 0..5 {
        client.services().create(format!("Shop {index}")).send().await.unwrap();
    }
    let list = || client.services().list().page_size(2);
    let all = names(list().items()).await;
    assert_eq!(all.len(), 5);

    let mut pages = list().pages();
    let first = pages.try_next().await.unwrap().unwrap();
    let token = first.meta.next_page_token().unwrap();
    assert_eq!(names(list().page_token(token).items()).await, all[2..]);
    let url = first.meta.next_page_url.unwrap();
    assert_eq!(pages.next_page_url(), Some(url.as_str()));
    assert_eq!(names(list().page_url(url).items()).await, all[2..]);

    while let Some(page) = pages.try_next().await.unwrap() {
        assert!(!page.items.is_empty());
    }
    assert_eq!(pages.next_page_url(), None);
}

#[tokio::test]
async fn a_list_goes_on_after_an_error_without_a_gap_or_a_repetition() {
    let next = "\"/v2/Attempts?Page=1&PageToken=PA1\"";
    let server = Scripted::start([
        page(&["VL1", "VL2"], next),
        Reply::with(503, &[], "busy"),
        page(&["VL3"], "null"),
    ]);
    let server = server.await.unwrap();
    let client = hasty(server.url()).retry(RetryPolicy::never()).build().unwrap();
    let list = || client.attempts().list().channel(Channel::Sms);

    let mut sids = Vec::new();
    let mut items = list().items();
    let error = loop {
        match items.try_next().await {
            Ok(Some(item)) => sids.push(item.sid.unwrap().as_str().to_owned()),
            Ok(None) => panic!("the list ends without an error"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.status(), Some(503));
    let url = items.next_page_url().unwrap().to_owned();
    let mut rest = list().page_url(url).items();
    while let Some(item) = rest.try_next().await.unwrap() {
        sids.push(item.sid.unwrap().as_str().to_owned());
    }
    assert_eq!(sids, ["VL1", "VL2", "VL3"]);
    let received = server.received();
    assert_eq!(received.len(), 3);
    for request in &received[1..] {
        assert_eq!(request.target(), "/v2/Attempts?Page=1&PageToken=PA1");
    }
}

fn emulator_client(emulator: &Emulator) -> twilio_verify::Client {
    twilio_verify::Client::builder()
        .credentials(emulator.credentials())
        .base_url(emulator.url())
        .build()
        .unwrap()
}

async fn names(mut items: twilio_verify::Items<twilio_verify::Service>) -> Vec<String> {
    let mut names = Vec::new();
    while let Some(service) = items.try_next().await.unwrap() {
        names.push(service.friendly_name.unwrap());
    }
    names
}
