//! Factors and challenges as a user of `twilio-verify` sees them.

use std::error::Error;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use futures_util::TryStreamExt;
use serde_json::json;
use twilio_verify::{
    AuthenticatorAttachment, ChallengeStatus, Client, FactorStatus, FactorType, ListOrder,
    NotificationPlatform, PasskeysAssertion, PasskeysAttestation, ServiceContext, TotpAlgorithm,
};
use twilio_verify_emulator::Emulator;

use crate::device::Device;
use crate::totp::code_of;

const IDENTITY: &str = "customer-4f1d27a0";

/// An emulator with the machine's clock, and a client of one of its services.
async fn start() -> Result<(Emulator, ServiceContext), Box<dyn Error>> {
    let emulator = Emulator::start().await?;
    let client =
        Client::builder().credentials(emulator.credentials()).base_url(emulator.url()).build()?;
    let service = client.services().create("Owl Bank").send().await?;
    Ok((emulator, client.service(service.sid.ok_or("no SID")?)))
}

#[tokio::test]
async fn codes_verify_a_factor_and_approve_a_challenge() -> Result<(), Box<dyn Error>> {
    let (_emulator, service) = start().await?;
    let entity = service.entity(IDENTITY);
    let made =
        entity.factors().create_totp("App").skew(2).algorithm(TotpAlgorithm::Sha1).send().await?;
    let sid = made.sid.ok_or("no SID")?;
    let binding = made.binding.ok_or("no binding")?;
    let secret = binding.secret.ok_or("no secret")?;
    let code = |steps: i64| {
        let second = chrono::Utc::now().timestamp() + 30 * steps;
        code_of(secret.expose(), second.unsigned_abs())
    };

    let error = entity.factors().verify(sid.clone(), "00").send().await;
    assert_eq!(error.unwrap_err().code(), Some(60306));
    // A wrong code is no error.
    let unverified = entity.factors().verify(sid.clone(), "000").send().await?;
    assert_eq!(unverified.status, Some(FactorStatus::Unverified));
    let error = entity.challenges().create(sid.clone()).send().await;
    assert_eq!(error.unwrap_err().code(), Some(60318));
    let verified = entity.factors().verify(sid.clone(), code(0)).send().await?;
    assert_eq!(verified.status, Some(FactorStatus::Verified));
    // The next step's is accepted already, and no other step's is the one that was used.
    let challenge = entity.challenges().create(sid).auth_payload(code(1)).send().await?;
    assert_eq!(challenge.status, Some(ChallengeStatus::Approved));
    Ok(())
}

#[tokio::test]
async fn a_device_answers_what_it_is_asked() -> Result<(), Box<dyn Error>> {
    let (_emulator, service) = start().await?;
    let entity = service.entity(IDENTITY);
    let device = Device::new();
    let made = entity
        .factors()
        .create_push("Phone", &device.public_key, "com.example.owlbank", "1.3.0")
        .notifications(NotificationPlatform::Fcm, "a token of at least 32 characters")
        .send()
        .await?;
    let factor = made.sid.ok_or("no SID")?;
    let token = device.sign(&json!({ "sid": factor }));
    entity.factors().verify(factor.clone(), token).send().await?;

    for status in [ChallengeStatus::Denied, ChallengeStatus::Approved] {
        let asked = entity
            .challenges()
            .create(factor.clone())
            .message("Is it you?")
            .field("Place", "Bogotá")
            .hidden_details(json!({ "ip": "198.51.100.7" }))
            .send()
            .await?;
        let sid = asked.sid.ok_or("no SID")?;
        let pushed = entity.challenge(sid.clone()).notifications().create().ttl(60).send().await?;
        assert_eq!(pushed.ttl, 60);
        let error = entity.challenges().answer(sid.clone(), "x").send().await;
        assert_eq!(error.unwrap_err().code(), Some(60324));
        let token = device.sign(&json!({ "sid": sid, "status": status }));
        entity.challenges().answer(sid.clone(), token).send().await?;
        let seen = entity.challenges().fetch(sid).await?;
        assert_eq!(seen.status, Some(status));
    }
    let newest: Vec<_> = entity
        .challenges()
        .list()
        .order(ListOrder::Desc)
        .items()
        .map_ok(|challenge| challenge.status)
        .try_collect()
        .await?;
    let both = [ChallengeStatus::Approved, ChallengeStatus::Denied];
    assert_eq!(newest, both.map(Some));

    let token = service.access_tokens().create(IDENTITY, FactorType::Push).send().await?;
    assert_eq!(token.ttl, 60);
    service.entities().delete(IDENTITY).await?;
    let gone = entity.factors().fetch(factor).await;
    assert!(gone.unwrap_err().is_not_found());
    Ok(())
}

#[tokio::test]
async fn a_passkey_signs_in() -> Result<(), Box<dyn Error>> {
    let (_emulator, service) = start().await?;
    let passkeys = service.passkeys();
    let id = BASE64_URL_SAFE_NO_PAD.encode("a passkey");
    let client_data = |kind: &str, options: &serde_json::Value| {
        let challenge = &options["challenge"];
        let data = json!({ "type": kind, "challenge": challenge, "origin": "https://example.com" });
        BASE64_URL_SAFE_NO_PAD.encode(data.to_string())
    };
    let made =
        passkeys.create_factor("Laptop", IDENTITY).relying_party_id("example.com").send().await?;
    let options = made.options.and_then(|options| options.public_key);
    let options = options.ok_or("no options")?;
    let attestation: PasskeysAttestation = serde_json::from_value(json!({
        "attestationObject": id,
        "clientDataJSON": client_data("webauthn.create", options.expose()),
        "transports": ["internal"],
    }))?;
    let verified = passkeys
        .verify_factor(attestation)
        .id(&id)
        .raw_id(&id)
        .authenticator_attachment(AuthenticatorAttachment::Platform)
        .send()
        .await?;
    assert_eq!(verified.status, Some(FactorStatus::Verified));

    let asked = passkeys.create_challenge().identity(IDENTITY).send().await?;
    let options = asked.options.and_then(|options| options.public_key);
    let options = options.ok_or("no options")?;
    let assertion = PasskeysAssertion::new(
        BASE64_URL_SAFE_NO_PAD.encode([0; 37]),
        client_data("webauthn.get", options.expose()),
        "AAAA",
    );
    let attachment = AuthenticatorAttachment::Platform;
    let approved = passkeys.approve_challenge(&id, &id, attachment, assertion).send().await?;
    assert_eq!(approved.status, Some(ChallengeStatus::Approved));
    Ok(())
}
