use serde_json::json;
use twilio_verify::{
    AuthenticatorAttachment, AuthenticatorTransport, ChallengeStatus, FactorStatus, Passkeys,
    PasskeysAssertion, PasskeysAttestation, PasskeysRequirement,
};

use super::session::{IDENTITY, Outcome, SERVICE, Session};

const FACTOR: &str = "YFcccccccccccccccccccccccccccccccc";

pub(crate) async fn all(session: &Session) -> Outcome {
    let passkeys = session.service().passkeys();
    factors(session, &passkeys).await?;
    challenges(session, &passkeys).await?;
    refused(session, &passkeys).await
}

async fn factors(session: &Session, passkeys: &Passkeys) -> Outcome {
    let path = format!("/v2/Services/{SERVICE}/Passkeys");
    let factor = passkeys
        .create_factor("Maria's laptop", IDENTITY)
        .relying_party_id("example.com")
        .relying_party_name("Owl Bank")
        .relying_party_origins(["https://login.example.com", "https://example.com"])
        .authenticator_attachment(AuthenticatorAttachment::CrossPlatform)
        .discoverable_credentials(PasskeysRequirement::Discouraged)
        .user_verification(PasskeysRequirement::Required)
        .send()
        .await?;
    let target = format!("{path}/Factors");
    session.server.assert_last(
        "CreateNewFactorPasskey",
        &target,
        r#"{"config":{"authenticator_attachment":"cross-platform","discoverable_credentials":"discouraged","relying_party":{"id":"example.com","name":"Owl Bank","origins":["https://login.example.com","https://example.com"]},"user_verification":"required"},"friendly_name":"Maria's laptop","identity":"customer-4f1d27a0"}"#,
    );
    let options = factor.options.and_then(|options| options.public_key);
    let options = options.ok_or("the example has options")?;
    assert_eq!(options.expose()["rp"]["id"], "example.com");
    passkeys.create_factor("laptop", IDENTITY).send().await?;
    session.server.assert_last(
        "CreateNewFactorPasskey",
        &target,
        r#"{"friendly_name":"laptop","identity":"customer-4f1d27a0"}"#,
    );

    // As a browser returns it, with more than is wanted.
    let attestation: PasskeysAttestation = serde_json::from_value(json!({
        "attestationObject": "bw25",
        "clientDataJSON": "eyJ0",
        "transports": ["internal", "smart-card"],
        "publicKeyAlgorithm": -7,
    }))?;
    assert_eq!(attestation.transports[1], AuthenticatorTransport::SmartCard);
    let verify = passkeys
        .verify_factor(attestation)
        .id("Wfej")
        .raw_id("WfejXS")
        .authenticator_attachment(AuthenticatorAttachment::Platform);
    let debug = format!("{verify:?}");
    for private in ["bw25", "eyJ0", "Wfej"] {
        assert!(!debug.contains(private), "{debug}");
    }
    let factor = verify.send().await?;
    session.server.assert_last(
        "UpdatePasskeysFactor",
        &format!("{path}/VerifyFactor"),
        r#"{"authenticatorAttachment":"platform","id":"Wfej","rawId":"WfejXS","response":{"attestationObject":"bw25","clientDataJSON":"eyJ0","transports":["internal","smart-card"]},"type":"public-key"}"#,
    );
    assert_eq!(factor.status, Some(FactorStatus::Verified));
    Ok(())
}

async fn challenges(session: &Session, passkeys: &Passkeys) -> Outcome {
    let path = format!("/v2/Services/{SERVICE}/Passkeys");
    let target = format!("{path}/Challenges");
    let challenge = passkeys.create_challenge().identity(IDENTITY).factor(FACTOR).send().await?;
    session.server.assert_last(
        "CreateChallengePasskeys",
        &target,
        r#"{"factor_sid":"YFcccccccccccccccccccccccccccccccc","identity":"customer-4f1d27a0"}"#,
    );
    assert_eq!(challenge.status, Some(ChallengeStatus::Pending));
    passkeys.create_challenge().send().await?;
    session.server.assert_last("CreateChallengePasskeys", &target, "{}");

    let mut assertion = PasskeysAssertion::new("yGYS", "eyJ0", "Ib9r");
    assertion.user_handle = Some("C6lV".to_owned().into());
    let approve =
        passkeys.approve_challenge("Wfej", "WfejXS", AuthenticatorAttachment::Platform, assertion);
    let debug = format!("{approve:?}");
    for private in ["yGYS", "eyJ0", "Ib9r", "C6lV", "Wfej"] {
        assert!(!debug.contains(private), "{debug}");
    }
    let challenge = approve.send().await?;
    session.server.assert_last(
        "UpdateChallengePasskeys",
        &format!("{path}/ApproveChallenge"),
        r#"{"authenticatorAttachment":"platform","id":"Wfej","rawId":"WfejXS","response":{"authenticatorData":"yGYS","clientDataJSON":"eyJ0","signature":"Ib9r","userHandle":"C6lV"},"type":"public-key"}"#,
    );
    assert_eq!(challenge.status, Some(ChallengeStatus::Approved));
    Ok(())
}

async fn refused(session: &Session, passkeys: &Passkeys) -> Outcome {
    let before = session.server.asked().len();
    let empty: PasskeysAttestation = serde_json::from_value(json!({ "attestationObject": "" }))?;
    let approve = |id, raw_id, data, signature| {
        let assertion = PasskeysAssertion::new(data, "eyJ0", signature);
        let platform = AuthenticatorAttachment::Platform;
        passkeys.approve_challenge(id, raw_id, platform, assertion)
    };
    let verify = || passkeys.verify_factor(PasskeysAttestation::new());
    let create = |identity| passkeys.create_challenge().identity(identity);
    for (error, field) in [
        (passkeys.create_factor("", IDENTITY).send().await.err(), "friendly_name"),
        (passkeys.create_factor("laptop", "..").send().await.err(), "identity"),
        (verify().id("").send().await.err(), "id"),
        (verify().raw_id("").send().await.err(), "raw_id"),
        (passkeys.verify_factor(empty).send().await.err(), "response.attestation_object"),
        (create("").send().await.err(), "identity"),
        (create("a@example.com").send().await.err(), "identity"),
        (approve("", "r", "d", "s").send().await.err(), "id"),
        (approve("i", "", "d", "s").send().await.err(), "raw_id"),
        (approve("i", "r", "", "s").send().await.err(), "response.authenticator_data"),
        (approve("i", "r", "d", "").send().await.err(), "response.signature"),
    ] {
        let error = error.ok_or(field)?;
        assert_eq!(error.field(), Some(field), "{error}");
    }
    assert_eq!(session.server.asked().len(), before, "nothing is sent");
    Ok(())
}
