//! The facade against the emulator, all 57 operations of it: what one makes the other reads, and what is done
//! has the effect that it should.

use std::collections::HashSet;
use std::time::Duration;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use sha1::Sha1;
use tests::document::operations;
use twilio_verify::{
    AttemptSid, AuthenticatorAttachment, ChallengeStatus, Channel, Client, Country, FactorStatus,
    FactorType, FormType, NotificationPlatform, PasskeysAssertion, PasskeysOptions, ServiceContext,
    ServiceSid, VerificationStatus,
};
use twilio_verify_emulator::{DEFAULT_TEMPLATES, Emulator, ManualClock};

const IDENTITY: &str = "customer-4f1d27a0";
const NUMBER: &str = "+573003003030";

type Outcome = Result<(), Box<dyn std::error::Error>>;

struct Session {
    emulator: Emulator,
    clock: ManualClock,
    client: Client,
}

impl Session {
    async fn start() -> Self {
        let clock = ManualClock::at(Utc.with_ymd_and_hms(2026, 3, 2, 21, 0, 0).unwrap());
        let emulator = Emulator::builder().clock(clock.clone()).start().await.unwrap();
        let client = Client::builder()
            .credentials(emulator.credentials())
            .base_url(emulator.url())
            .build()
            .unwrap();
        Self { emulator, clock, client }
    }
}

#[tokio::test]
async fn every_operation_does_what_it_says() {
    let session = Session::start().await;
    let service = services(&session).await.unwrap();
    verifications(&session, &service).await.unwrap();
    attempts(&session).await.unwrap();
    rate_limits(&session, &service).await.unwrap();
    settings(&session, &service).await.unwrap();
    totp(&session, &service).await.unwrap();
    push(&service).await.unwrap();
    passkeys(&service).await.unwrap();
    entities(&session, &service).await.unwrap();

    let operations = operations();
    let served = session.emulator.requests();
    let served: HashSet<&str> = served
        .iter()
        .filter(|request| request.status() < 300)
        .filter_map(|request| {
            // Those with the more definite path come first.
            let mut operations = operations.iter();
            operations.find(|operation| operation.matches(request.method(), request.path()))
        })
        .map(|operation| operation.id.as_str())
        .collect();
    let ids = operations.iter().map(|operation| operation.id.as_str());
    let unserved: Vec<&str> = ids.filter(|id| !served.contains(id)).collect();
    assert_eq!(unserved, [] as [&str; 0]);
}

async fn services(session: &Session) -> Result<ServiceContext, Box<dyn std::error::Error>> {
    let services = session.client.services();
    let passing = services.create("Passing").send().await?.sid.ok_or("a SID")?;
    let owl = services.create("Owl Bank").code_length(8).send().await?.sid.ok_or("a SID")?;
    services
        .update(owl.clone())
        .passkeys_relying_party_id("example.com")
        .passkeys_relying_party_name("Owl Bank")
        .send()
        .await?;
    let page = services.list().pages().try_next().await?.ok_or("a page")?;
    let sids: Vec<Option<ServiceSid>> = page.items.into_iter().map(|service| service.sid).collect();
    assert_eq!(sids, [Some(owl.clone()), Some(passing.clone())]);
    services.delete(passing.clone()).await?;
    assert!(services.fetch(passing).await.unwrap_err().is_not_found());
    assert_eq!(services.fetch(owl.clone()).await?.code_length, 8);
    Ok(session.client.service(owl))
}

async fn verifications(session: &Session, service: &ServiceContext) -> Outcome {
    let verifications = service.verifications();
    let started = verifications.start(NUMBER, Channel::Sms).locale("es").send().await?;
    assert_eq!(started.status, Some(VerificationStatus::Pending));
    let wrong = verifications.check(NUMBER, "00000000").send().await?;
    assert_eq!(wrong.valid, Some(false));
    assert_eq!(verifications.fetch(NUMBER).await?.sid, started.sid);
    let code = session.emulator.outbox().code_for(NUMBER).ok_or("a message")?;
    assert_eq!(code.len(), 8);
    let right = verifications.check(NUMBER, code).send().await?;
    assert_eq!(right.status, Some(VerificationStatus::Approved));
    assert!(verifications.fetch(NUMBER).await.unwrap_err().is_not_found());

    let other = verifications.start("someone@example.com", Channel::Email).send().await?;
    let canceled = verifications.cancel(other.sid.ok_or("a SID")?).await?;
    assert_eq!(canceled.status, Some(VerificationStatus::Canceled));
    Ok(())
}

async fn attempts(session: &Session) -> Outcome {
    let attempts = session.client.attempts();
    let summary = attempts.summary().send().await?;
    assert_eq!((summary.total_attempts, summary.total_converted), (2, 1));
    let colombia = attempts.summary().country(Country::CO).channel(Channel::Sms).send().await?;
    assert_eq!((colombia.total_attempts, colombia.total_converted), (1, 1));
    let page = attempts.list().pages().try_next().await?.ok_or("a page")?;
    assert_eq!(page.items.len(), 2);
    let sid: AttemptSid = page.items[0].sid.clone().ok_or("a SID")?;
    assert_eq!(attempts.fetch(sid).await?, page.items[0]);
    Ok(())
}

async fn rate_limits(session: &Session, service: &ServiceContext) -> Outcome {
    let limits = service.rate_limits();
    let sid = limits.create("end_user_ip").send().await?.sid.ok_or("a SID")?;
    let buckets = service.rate_limit(sid.clone()).buckets();
    let minute = Duration::from_secs(60);
    let bucket = buckets.create(2, minute).send().await?.sid.ok_or("a SID")?;
    assert_eq!(buckets.update(bucket.clone()).max(1).send().await?.max, 1);
    assert_eq!(buckets.fetch(bucket.clone()).await?.interval, 60);
    assert_eq!(buckets.list().pages().try_next().await?.ok_or("a page")?.items.len(), 1);

    let start = |to: &str| {
        service
            .verifications()
            .start(to, Channel::Sms)
            .rate_limits([("end_user_ip", "198.51.100.7")])
            .send()
    };
    start("+573003003031").await?;
    let refused = start("+573003003032").await.unwrap_err();
    assert!(refused.is_rate_limited(), "{refused}");
    session.clock.advance(TimeDelta::seconds(60));
    start("+573003003032").await?;

    buckets.delete(bucket).await?;
    limits.update(sid.clone()).description("By address").send().await?;
    assert_eq!(limits.fetch(sid.clone()).await?.description.as_deref(), Some("By address"));
    limits.delete(sid).await?;
    assert_eq!(limits.list().pages().try_next().await?.ok_or("a page")?.items.len(), 0);
    Ok(())
}

async fn settings(session: &Session, service: &ServiceContext) -> Outcome {
    let messaging = service.messaging_configurations();
    let (one, other) = ("MGaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "MGbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
    messaging.create(Country::CO, one).send().await?;
    messaging.update(Country::CO, other).send().await?;
    let fetched = messaging.fetch(Country::CO).await?.messaging_service_sid;
    assert_eq!(fetched.ok_or("a SID")?.as_str(), other);
    assert_eq!(messaging.list().pages().try_next().await?.ok_or("a page")?.items.len(), 1);
    messaging.delete(Country::CO).await?;

    let webhooks = service.webhooks();
    let url = "http://127.0.0.1:9/hook";
    let webhook =
        webhooks.create("Hook", ["factor.created"], url).send().await?.sid.ok_or("a SID")?;
    webhooks.update(webhook.clone()).friendly_name("Hooks").send().await?;
    assert_eq!(webhooks.fetch(webhook.clone()).await?.friendly_name.as_deref(), Some("Hooks"));
    assert_eq!(webhooks.list().pages().try_next().await?.ok_or("a page")?.items.len(), 1);
    webhooks.delete(webhook).await?;

    let safe_list = session.client.safe_list();
    safe_list.add(NUMBER).await?;
    safe_list.fetch(NUMBER).await?;
    safe_list.remove(NUMBER).await?;
    assert!(safe_list.fetch(NUMBER).await.unwrap_err().is_not_found());

    let templates = session.client.templates().list().pages().try_next().await?.ok_or("a page")?;
    assert_eq!(templates.items.len(), DEFAULT_TEMPLATES.len());
    session.client.forms().fetch(FormType::FormPush).await?;

    let tokens = service.access_tokens();
    let token = tokens.create(IDENTITY, FactorType::Push).send().await?.sid.ok_or("a SID")?;
    assert_eq!(tokens.fetch(token).await?.ttl, 60);
    Ok(())
}

/// The code of RFC 6238 for the RFC's own secret, in 30 seconds' steps.
fn code(now: DateTime<Utc>) -> String {
    let step = now.timestamp() / 30;
    let mut mac = Hmac::<Sha1>::new_from_slice(b"12345678901234567890").unwrap();
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 15);
    let word = u32::from_be_bytes(digest[offset..offset + 4].try_into().unwrap()) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}

async fn totp(session: &Session, service: &ServiceContext) -> Outcome {
    let entity = service.entity(IDENTITY);
    let factors = entity.factors();
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let factor = factors.create_totp("Authenticator").secret(secret).send().await?;
    let factor = factor.sid.ok_or("a SID")?;
    let now = || twilio_verify_emulator::Clock::now(&session.clock);
    let verified = factors.verify(factor.clone(), code(now())).send().await?;
    assert_eq!(verified.status, Some(FactorStatus::Verified));
    assert_eq!(factors.fetch(factor.clone()).await?.status, Some(FactorStatus::Verified));
    assert_eq!(factors.list().pages().try_next().await?.ok_or("a page")?.items.len(), 1);

    session.clock.advance(TimeDelta::seconds(30));
    let challenges = entity.challenges();
    let challenge = challenges.create(factor.clone()).send().await?.sid.ok_or("a SID")?;
    let answered = challenges.answer(challenge.clone(), code(now())).send().await?;
    assert_eq!(answered.status, Some(ChallengeStatus::Approved));
    let approved = challenges.list().status(ChallengeStatus::Approved);
    assert_eq!(approved.pages().try_next().await?.ok_or("a page")?.items.len(), 1);
    assert_eq!(challenges.fetch(challenge).await?.status, Some(ChallengeStatus::Approved));
    factors.delete(factor).await?;
    Ok(())
}

async fn push(service: &ServiceContext) -> Outcome {
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new())?;
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref())?;
    let public_key: PublicKeyX509Der<'_> = pair.public_key().as_der()?;
    let key = EncodingKey::from_ec_der(pkcs8.as_ref());
    let sign = |claims: Value| jsonwebtoken::encode(&Header::new(Algorithm::ES256), &claims, &key);

    let entity = service.entity(IDENTITY);
    let factors = entity.factors();
    let factor = factors
        .create_push(
            "Phone",
            BASE64_STANDARD.encode(public_key.as_ref()),
            "com.example.owlbank",
            "1.3.0",
        )
        .notifications(NotificationPlatform::Fcm, "registration:1 of at least 32 characters")
        .send()
        .await?;
    let factor = factor.sid.ok_or("a SID")?;
    factors.verify(factor.clone(), sign(json!({ "sid": factor }))?).send().await?;

    let challenges = entity.challenges();
    let challenge = challenges.create(factor).message("Did you sign in?").send().await?;
    let challenge = challenge.sid.ok_or("a SID")?;
    entity.challenge(challenge.clone()).notifications().create().send().await?;
    let denied = sign(json!({ "sid": challenge, "status": "denied" }))?;
    let answered = challenges.answer(challenge, denied).send().await?;
    assert_eq!(answered.status, Some(ChallengeStatus::Denied));
    Ok(())
}

/// What a browser knows of an exchange, for the options that it was handed.
fn client_data(kind: &str, options: Option<PasskeysOptions>) -> String {
    let options = options.and_then(|options| options.public_key).unwrap();
    let challenge = &options.expose()["challenge"];
    let data = json!({ "type": kind, "challenge": challenge, "origin": "https://example.com" });
    BASE64_URL_SAFE_NO_PAD.encode(data.to_string())
}

async fn passkeys(service: &ServiceContext) -> Outcome {
    let passkeys = service.passkeys();
    let created = passkeys.create_factor("Laptop", IDENTITY).send().await?;
    let attestation = serde_json::from_value(json!({
        "attestationObject": "bw25",
        "clientDataJSON": client_data("webauthn.create", created.options),
    }))?;
    let verified = passkeys
        .verify_factor(attestation)
        .id("Wfej")
        .raw_id("Wfej")
        .authenticator_attachment(AuthenticatorAttachment::Platform)
        .send()
        .await?;
    assert_eq!(verified.status, Some(FactorStatus::Verified));

    let challenge = passkeys.create_challenge().identity(IDENTITY).send().await?;
    let client_data = client_data("webauthn.get", challenge.options);
    let authenticator_data = BASE64_URL_SAFE_NO_PAD.encode([0; 37]);
    let assertion = PasskeysAssertion::new(authenticator_data, client_data, "Ib9r");
    let approved = passkeys
        .approve_challenge("Wfej", "Wfej", AuthenticatorAttachment::Platform, assertion)
        .send()
        .await?;
    assert_eq!(approved.status, Some(ChallengeStatus::Approved));
    Ok(())
}

async fn entities(session: &Session, service: &ServiceContext) -> Outcome {
    let entities = service.entities();
    entities.create("another-customer").send().await?;
    assert_eq!(entities.list().pages().try_next().await?.ok_or("a page")?.items.len(), 2);
    entities.fetch(IDENTITY).await?;
    entities.delete(IDENTITY).await?;
    let gone = service.entity(IDENTITY).factors().list().pages().try_next().await;
    assert!(gone.unwrap_err().is_not_found());
    // A started verification, once more: an approval without a code.
    let started = service.verifications().start("+573003003039", Channel::Sms).send().await?;
    let approved = service.verifications().approve(started.sid.ok_or("a SID")?).await?;
    assert_eq!(approved.status, Some(VerificationStatus::Approved));
    let summary = session.client.attempts().summary().send().await?;
    assert_eq!(summary.total_attempts, 5);
    Ok(())
}
