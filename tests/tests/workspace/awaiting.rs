//! A builder is awaited with `send` and without it.

use std::future::IntoFuture;

use serde_json::Value;
use tests::client::client;
use tests::scripted::{Reply, Scripted};
use twilio_verify::requests::{FetchService, Sender};
use twilio_verify::types::{Service, ServiceSid};
use twilio_verify::{Channel, Error, ErrorKind, Method};

const SERVICE: ServiceSid = ServiceSid::from_static("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");

#[tokio::test]
async fn both_send_the_same_request_and_read_the_same_response() {
    let server = Scripted::deciding(|request| {
        let status = if request.head.starts_with("POST") { 201 } else { 200 };
        Reply::json(status, r#"{"status":"pending","total_attempts":3}"#)
    });
    let server = server.await.unwrap();
    let client = client(server.url());
    let start = client.service(SERVICE).verifications().start("+573003003030", Channel::Sms);
    assert_eq!(start.clone().await.unwrap(), start.send().await.unwrap());
    let summary = client.attempts().summary().country("CO");
    assert_eq!(summary.clone().await.unwrap(), summary.send().await.unwrap());
    let raw = client.request(Method::GET, "/v2/New").query("a", 1);
    let value: Value = raw.clone().await.unwrap();
    assert_eq!(value, raw.send::<Value>().await.unwrap());

    let received = server.received();
    assert_eq!(received.len(), 6);
    for pair in received.chunks(2) {
        assert_eq!((pair[0].target(), &pair[0].body), (pair[1].target(), &pair[1].body));
    }
}

#[tokio::test]
async fn it_can_be_spawned_and_joined() {
    let server = Scripted::deciding(|_| Reply::json(200, r#"{"total_attempts":3}"#));
    let server = server.await.unwrap();
    let client = client(server.url());
    let spawned = tokio::spawn(client.attempts().summary().into_future());
    let (joined, spawned) =
        tokio::join!(client.attempts().summary().into_future(), async { spawned.await.unwrap() });
    assert_eq!(joined.unwrap(), spawned.unwrap());
}

#[tokio::test]
async fn an_invalid_value_is_the_same_error() {
    let client = client("http://127.0.0.1:1");
    let start = client.service(SERVICE).verifications().start("573003003030", Channel::Sms);
    let (sent, awaited) = (start.clone().send().await.unwrap_err(), start.await.unwrap_err());
    assert_eq!(awaited.kind(), ErrorKind::InvalidRequest);
    assert_eq!((sent.field(), sent.to_string()), (awaited.field(), awaited.to_string()));
}

/// A function that is generic over what sends can await its builders too.
#[tokio::test]
async fn any_sender_will_do() {
    async fn name<S: Sender<Error = Error> + 'static>(sender: S) -> Result<Option<String>, Error> {
        let service: Service = FetchService::new(sender, SERVICE).await?;
        Ok(service.friendly_name)
    }
    let server = Scripted::start([Reply::json(200, r#"{"friendly_name":"Shop"}"#)]).await.unwrap();
    assert_eq!(name(client(server.url())).await.unwrap().as_deref(), Some("Shop"));
}
