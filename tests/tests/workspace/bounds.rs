//! Bounds that users rely on, checked when this compiles.

use tests::tls::authority;
use twilio_verify::{Channel, Client, Credentials, Error, Items, Pages};

fn assert_send<T: Send>(value: T) -> T {
    value
}

fn assert_all<T: Clone + Send + Sync + std::fmt::Debug + 'static>() {}

#[test]
fn clients_are_shared_and_futures_are_sent() {
    assert_all::<Client>();
    assert_all::<Credentials>();
    assert_all::<twilio_verify::Attempts>();
    assert_all::<twilio_verify::FetchAttemptsSummary<Client>>();
    assert_all::<twilio_verify::StartVerification<Client>>();
    assert_all::<twilio_verify::ServiceContext>();
    assert_all::<twilio_verify::ClientBuilder>();
    assert_all::<twilio_verify::RetryPolicy>();
    assert_all::<twilio_verify::RequestLimit>();
    assert_all::<twilio_verify::OAuth>();
    assert_all::<twilio_verify::WebhookValidator>();
    assert_all::<twilio_verify::WebhookEvent>();
    // The types of responses.
    assert_all::<twilio_verify::AttemptsSummary>();
    assert_all::<twilio_verify::Page<twilio_verify::Attempt>>();
    assert_all::<twilio_verify::Verification>();
    assert_all::<twilio_verify::Redacted<String>>();
    assert_all::<Channel>();
    assert_all::<twilio_verify::ServiceSid>();
    fn assert_error<T: std::error::Error + Send + Sync + 'static>() {}
    assert_error::<Error>();
    assert_error::<twilio_verify::CredentialsError>();
    assert_error::<twilio_verify::SidError>();
    assert_error::<twilio_verify::CountryError>();
    assert_error::<twilio_verify::UnknownValueError>();
    assert_error::<twilio_verify::DestinationPrefixError>();
    assert_error::<twilio_verify::WebhookSignatureError>();
    assert_error::<twilio_verify::WebhookEventError>();
    fn assert_stream<T: Send + Unpin + 'static>() {}
    assert_stream::<Pages<twilio_verify::Attempt>>();
    assert_stream::<Items<twilio_verify::Attempt>>();
}

/// A task can be spawned with every kind of call; nothing is awaited here.
#[test]
fn calls_can_be_spawned() {
    let account = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let client = Client::builder().credentials(Credentials::auth_token(account, "token"));
    let client = client.root_certificate(authority()).build().unwrap();
    drop(assert_send(client.attempts().summary().send()));
    let mut items = client.attempts().list().items();
    drop(assert_send(items.try_next()));
    let verify = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    let verifications = verify.verifications();
    drop(assert_send(verifications.start("+14155550100", Channel::Sms).send()));
    drop(assert_send(verifications.cancel("+14155550100")));
    drop(assert_send(client.services().create("Owl").send()));
}
