//! Values that are parsed from text can be given as text.

use tests::client::{ACCOUNT, builder, client};
use tests::scripted::{Reply, Scripted};
use twilio_verify::types::*;
use twilio_verify::{Client, Credentials, Error, ErrorKind};

const NUMBER: &str = "+573003003030";
const IDENTITY: &str = "customer-4f1d27a0";

/// A text that is no value of any type, and that no error may repeat.
const BAD: &str = "hunter2";

fn sid(letters: &str) -> String {
    format!("{letters}{}", "a".repeat(32))
}

/// Every way to give a value that is parsed: the error of a bad text, the field that it names, and a
/// part of what it says is expected.
async fn bad(client: &Client) -> Vec<(Option<Error>, &'static str, &'static str)> {
    let service = client.service(sid("VA"));
    let verifications = service.verifications();
    let entity = service.entity(IDENTITY);
    let (factors, challenges) = (entity.factors(), entity.challenges());
    let (attempts, configurations) = (client.attempts(), service.messaging_configurations());
    let (bad_service, bad_limit) = (client.service(BAD), service.rate_limit(BAD));
    let bad_challenge = entity.challenge(BAD);
    let one = sid("MG");
    let mut pages = attempts.list().channel(BAD).pages();
    let of_list = pages.try_next().await.err();
    vec![
        (bad_service.verifications().start(NUMBER, "sms").await.err(), "service", "`VA`"),
        (bad_service.verifications().fetch(NUMBER).await.err(), "service", "`VA`"),
        (bad_service.entity(IDENTITY).factors().create_totp("x").await.err(), "service", "`VA`"),
        (bad_service.webhooks().list().items().try_next().await.err(), "service", "`VA`"),
        (bad_limit.buckets().list().items().try_next().await.err(), "rate_limit", "`RK`"),
        (bad_challenge.notifications().create().await.err(), "challenge", "`YC`"),
        (verifications.start(NUMBER, BAD).await.err(), "channel", "`sms`"),
        (verifications.start(NUMBER, "sms").template(BAD).await.err(), "template", "`HJ`"),
        (verifications.start(NUMBER, "sms").risk_check(BAD).await.err(), "risk_check", "`enable`"),
        (verifications.check_sid(BAD, "123456").await.err(), "sid", "`VE`"),
        (verifications.check_sna_sid(BAD).await.err(), "sid", "`VE`"),
        (attempts.fetch(BAD).await.err(), "sid", "`VL`"),
        (attempts.summary().service(BAD).await.err(), "service", "`VA`"),
        (attempts.summary().country(BAD).await.err(), "country", "ISO 3166-1"),
        (attempts.summary().channel(BAD).await.err(), "channel", "`sms`"),
        (attempts.summary().destination_prefix(BAD).await.err(), "destination_prefix", "E.164"),
        (of_list, "channel", "`sms`"),
        (client.services().fetch(BAD).await.err(), "sid", "`VA`"),
        (client.services().update(BAD).await.err(), "sid", "`VA`"),
        (client.services().delete(BAD).await.err(), "sid", "`VA`"),
        (
            client.services().create("x").default_template(BAD).await.err(),
            "default_template",
            "`HJ`",
        ),
        (client.forms().fetch(BAD).await.err(), "form_type", "form-push"),
        (service.rate_limits().fetch(BAD).await.err(), "sid", "`RK`"),
        (service.webhooks().delete(BAD).await.err(), "sid", "`YW`"),
        (service.webhooks().update(BAD).status("enabled").await.err(), "sid", "`YW`"),
        (service.access_tokens().create(IDENTITY, BAD).await.err(), "factor_type", "`push`"),
        (service.access_tokens().fetch(BAD).await.err(), "sid", "`YK`"),
        (configurations.create(BAD, &one).await.err(), "country", "ISO 3166-1"),
        (configurations.create("all", BAD).await.err(), "messaging_service_sid", "`MG`"),
        (configurations.fetch(BAD).await.err(), "country", "ISO 3166-1"),
        (factors.verify(BAD, "123456").await.err(), "sid", "`YF`"),
        (factors.create_totp("x").algorithm(BAD).await.err(), "algorithm", "`sha1`"),
        (challenges.create(BAD).await.err(), "factor", "`YF`"),
        (challenges.answer(BAD, "123456").await.err(), "sid", "`YC`"),
    ]
}

#[tokio::test]
async fn a_text_that_is_no_value_is_rejected_by_name_before_anything_is_sent() {
    let server = Scripted::deciding(|_| Reply::json(500, "")).await.unwrap();
    let client = client(server.url());
    for (error, field, expected) in bad(&client).await {
        let error = error.unwrap_or_else(|| panic!("{field} is not rejected"));
        assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidRequest, Some(field)));
        let text = format!("{error:#} {error:?} {error:#?}");
        assert!(text.contains(expected), "{field}: {text}");
        assert!(!text.contains(BAD), "{text}");
    }
    assert_eq!(server.connections(), 0);
    // Nor does what was given show in what was made of it.
    let made = (client.service(BAD), client.attempts().summary().destination_prefix(BAD));
    assert!(!format!("{made:?}").contains(BAD));
}

#[tokio::test]
async fn a_text_is_sent_as_the_value_is() {
    let server = Scripted::deciding(|request| {
        let status = if request.head.starts_with("POST") { 201 } else { 200 };
        Reply::json(status, r#"{"attempts":[],"meta":{}}"#)
    });
    let server = server.await.unwrap();
    let client = client(server.url());
    let summary = || client.attempts().summary();
    let text = sid("VA");
    let service: ServiceSid = text.parse().unwrap();
    let prefix: DestinationPrefix = "+57305".parse().unwrap();
    for (text, value) in [
        (summary().country("co"), summary().country(Country::CO)),
        (summary().country(String::from("CO")), summary().country(&Country::CO)),
        (summary().channel("SMS"), summary().channel(Channel::Sms)),
        (summary().service(sid("VA")), summary().service(service.clone())),
        (summary().service(&text), summary().service(&service)),
        (summary().destination_prefix("+57305"), summary().destination_prefix(prefix)),
        // The last value counts.
        (summary().country(BAD).country("CO"), summary().country("DE").country("CO")),
    ] {
        text.await.unwrap();
        value.await.unwrap();
    }
    let text = client.service(sid("VA")).verifications().start(NUMBER, "sms");
    let value = client.service(service).verifications().start(NUMBER, Channel::Sms);
    text.await.unwrap();
    value.await.unwrap();
    let received = server.received();
    assert_eq!(received.len(), 16);
    for pair in received.chunks(2) {
        assert_eq!((pair[0].target(), &pair[0].body), (pair[1].target(), &pair[1].body));
    }

    // A bad value after a good one is an error: it is not the good one that is sent.
    let error = summary().country("CO").country(BAD).await.unwrap_err();
    assert_eq!(error.field(), Some("country"));
}

/// A constant of every kind of SID that resources have.
#[test]
fn sids_of_literals() {
    const SHOP: ServiceSid = ServiceSid::from_static("VA0123456789abcdefABCDEF0123456789");
    assert_eq!(SHOP, SHOP.as_str().parse().unwrap());
    macro_rules! constant {
        ($($kind:ident $literal:literal),*) => {$({
            const SID: $kind = $kind::from_static($literal);
            assert_eq!(SID.as_str(), $literal);
            assert_eq!(SID, $literal.parse().unwrap());
            assert_eq!(String::from(SID), $literal);
        })*};
    }
    constant! {
        AccountSid "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ApiKeySid "SKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        AttemptSid "VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        BucketSid "BLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ChallengeSid "YCaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        EntitySid "YEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        FactorSid "YFaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        MessagingServiceSid "MGaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        RateLimitSid "RKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        TemplateSid "HJaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        VerificationSid "VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        WebhookSid "YWaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    }
}

#[test]
fn credentials_of_texts() {
    builder("http://127.0.0.1:1", "token").build().unwrap();
    for credentials in
        [Credentials::auth_token(BAD, "token"), Credentials::api_key(ACCOUNT, "token")]
    {
        assert!(!format!("{credentials:?}").contains(BAD));
        let error = Client::builder().credentials(credentials).build().unwrap_err();
        assert_eq!((error.kind(), error.field()), (ErrorKind::Config, Some("credentials")));
        assert!(error.to_string().contains("SID"), "{error}");
        assert!(!error.to_string().contains(BAD), "{error}");
    }
}
