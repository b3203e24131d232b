//! Every operation as a call of the facade. The guide's page on migration shows these calls: `cargo xtask docs`
//! copies them.

use std::collections::BTreeSet;
use std::time::Duration;

use tests::client::client;
use tests::contract::Contract;
use tests::document::operations;
use twilio_verify::{
    AccessTokenSid, AttemptSid, AuthenticatorAttachment, BucketSid, ChallengeSid, Channel, Client,
    Country, Error, FactorSid, FactorType, FormType, MessagingServiceSid, PasskeysAssertion,
    PasskeysAttestation, RateLimitSid, ServiceSid, WebhookSid,
};

/// The values that the calls take, with the names that they have on the page.
struct Values {
    client: Client,
    service_sid: ServiceSid,
    access_token_sid: AccessTokenSid,
    attempt_sid: AttemptSid,
    bucket_sid: BucketSid,
    challenge_sid: ChallengeSid,
    factor_sid: FactorSid,
    messaging_service_sid: MessagingServiceSid,
    rate_limit_sid: RateLimitSid,
    webhook_sid: WebhookSid,
    identity: &'static str,
    friendly_name: &'static str,
    to: &'static str,
    code: &'static str,
    url: &'static str,
    id: &'static str,
    raw_id: &'static str,
    attestation: PasskeysAttestation,
    assertion: PasskeysAssertion,
    max: u32,
    interval: Duration,
}

impl Values {
    fn new(client: &Client) -> Self {
        let sid = |prefix| format!("{prefix}{}", "a".repeat(32));
        Self {
            client: client.clone(),
            service_sid: sid("VA").parse().unwrap(),
            access_token_sid: sid("YK").parse().unwrap(),
            attempt_sid: sid("VL").parse().unwrap(),
            bucket_sid: sid("BL").parse().unwrap(),
            challenge_sid: sid("YC").parse().unwrap(),
            factor_sid: sid("YF").parse().unwrap(),
            messaging_service_sid: sid("MG").parse().unwrap(),
            rate_limit_sid: sid("RK").parse().unwrap(),
            webhook_sid: sid("YW").parse().unwrap(),
            identity: "customer-4f1d27a0",
            friendly_name: "Shop",
            to: "+573003003030",
            code: "123456",
            url: "https://example.com/verify",
            id: "Wfej",
            raw_id: "WfejXS",
            attestation: serde_json::from_str(r#"{"attestationObject":"bw25","clientDataJSON":"eyJ0"}"#).unwrap(),
            assertion: serde_json::from_str(
                r#"{"authenticatorData":"bw25","clientDataJSON":"eyJ0","signature":"MEUC","userHandle":"WUU"}"#,
            )
            .unwrap(),
            max: 5,
            interval: Duration::from_secs(60),
        }
    }
}

#[tokio::test]
async fn each_call_sends_its_operation() {
    let server = Contract::start().await.unwrap();
    let facade = client(server.url());
    let mut called = Vec::new();

    macro_rules! calls {
        (with $values:tt; $($operation:ident: $call:expr;)*) => {
            $(calls! { @one $values $operation $call })*
        };
        (@one [$($value:ident)*] $operation:ident $call:expr) => {
            let Values { $($value),* } = Values::new(&facade);
            $(let _ = &$value;)*
            let outcome: Result<(), Error> = $call.await.map(drop);
            let id = stringify!($operation);
            outcome.unwrap_or_else(|error| panic!("{id}: {error}"));
            assert_eq!(server.asked().last().map(|asked| asked.id.clone()).as_deref(), Some(id));
            called.push(id);
        };
    }
    calls! {
        with [
            client service_sid access_token_sid attempt_sid bucket_sid challenge_sid factor_sid
            messaging_service_sid rate_limit_sid webhook_sid identity friendly_name to code url id raw_id
            attestation assertion max interval
        ];
        CreateAccessToken: client.service(service_sid).access_tokens().create(identity, FactorType::Push).send();
        FetchAccessToken: client.service(service_sid).access_tokens().fetch(access_token_sid);
        ListVerificationAttempt: client.attempts().list().items().try_next();
        FetchVerificationAttempt: client.attempts().fetch(attempt_sid);
        FetchVerificationAttemptsSummary: client.attempts().summary().send();
        CreateBucket: client.service(service_sid).rate_limit(rate_limit_sid).buckets().create(max, interval).send();
        ListBucket: client.service(service_sid).rate_limit(rate_limit_sid).buckets().list().items().try_next();
        FetchBucket: client.service(service_sid).rate_limit(rate_limit_sid).buckets().fetch(bucket_sid);
        UpdateBucket: client.service(service_sid).rate_limit(rate_limit_sid).buckets().update(bucket_sid).max(max).send();
        DeleteBucket: client.service(service_sid).rate_limit(rate_limit_sid).buckets().delete(bucket_sid);
        CreateChallenge: client.service(service_sid).entity(identity).challenges().create(factor_sid).send();
        ListChallenge: client.service(service_sid).entity(identity).challenges().list().items().try_next();
        FetchChallenge: client.service(service_sid).entity(identity).challenges().fetch(challenge_sid);
        UpdateChallenge: client.service(service_sid).entity(identity).challenges().answer(challenge_sid, code).send();
        CreateEntity: client.service(service_sid).entities().create(identity).send();
        ListEntity: client.service(service_sid).entities().list().items().try_next();
        FetchEntity: client.service(service_sid).entities().fetch(identity);
        DeleteEntity: client.service(service_sid).entities().delete(identity);
        CreateNewFactor: client.service(service_sid).entity(identity).factors().create_totp(friendly_name).send();
        ListFactor: client.service(service_sid).entity(identity).factors().list().items().try_next();
        FetchFactor: client.service(service_sid).entity(identity).factors().fetch(factor_sid);
        UpdateFactor: client.service(service_sid).entity(identity).factors().verify(factor_sid, code).send();
        DeleteFactor: client.service(service_sid).entity(identity).factors().delete(factor_sid);
        FetchForm: client.forms().fetch(FormType::FormPush);
        CreateMessagingConfiguration: client.service(service_sid).messaging_configurations().create(Country::CO, messaging_service_sid).send();
        ListMessagingConfiguration: client.service(service_sid).messaging_configurations().list().items().try_next();
        FetchMessagingConfiguration: client.service(service_sid).messaging_configurations().fetch(Country::CO);
        UpdateMessagingConfiguration: client.service(service_sid).messaging_configurations().update(Country::CO, messaging_service_sid).send();
        DeleteMessagingConfiguration: client.service(service_sid).messaging_configurations().delete(Country::CO);
        CreateNotification: client.service(service_sid).entity(identity).challenge(challenge_sid).notifications().create().send();
        CreateRateLimit: client.service(service_sid).rate_limits().create("end_user_ip").send();
        ListRateLimit: client.service(service_sid).rate_limits().list().items().try_next();
        FetchRateLimit: client.service(service_sid).rate_limits().fetch(rate_limit_sid);
        UpdateRateLimit: client.service(service_sid).rate_limits().update(rate_limit_sid).description("per address").send();
        DeleteRateLimit: client.service(service_sid).rate_limits().delete(rate_limit_sid);
        CreateSafelist: client.safe_list().add(to);
        FetchSafelist: client.safe_list().fetch(to);
        DeleteSafelist: client.safe_list().remove(to);
        CreateService: client.services().create(friendly_name).send();
        ListService: client.services().list().items().try_next();
        FetchService: client.services().fetch(service_sid);
        UpdateService: client.services().update(service_sid).friendly_name(friendly_name).send();
        DeleteService: client.services().delete(service_sid);
        CreateVerification: client.service(service_sid).verifications().start(to, Channel::Sms).send();
        FetchVerification: client.service(service_sid).verifications().fetch(to);
        UpdateVerification: client.service(service_sid).verifications().cancel(to);
        CreateVerificationCheck: client.service(service_sid).verifications().check(to, code).send();
        ListVerificationTemplate: client.templates().list().items().try_next();
        CreateWebhook: client.service(service_sid).webhooks().create(friendly_name, ["*"], url).send();
        ListWebhook: client.service(service_sid).webhooks().list().items().try_next();
        FetchWebhook: client.service(service_sid).webhooks().fetch(webhook_sid);
        UpdateWebhook: client.service(service_sid).webhooks().update(webhook_sid).url(url).send();
        DeleteWebhook: client.service(service_sid).webhooks().delete(webhook_sid);
        CreateNewFactorPasskey: client.service(service_sid).passkeys().create_factor(friendly_name, identity).send();
        UpdatePasskeysFactor: client.service(service_sid).passkeys().verify_factor(attestation).send();
        CreateChallengePasskeys: client.service(service_sid).passkeys().create_challenge().identity(identity).send();
        UpdateChallengePasskeys: client.service(service_sid).passkeys().approve_challenge(id, raw_id, AuthenticatorAttachment::Platform, assertion).send();
    }

    let documented = operations();
    let all: BTreeSet<&str> = documented.iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(BTreeSet::from_iter(called), all);
}
