use serde_json::json;
use twilio_verify::{Factor, FactorStatus, FactorType, NotificationPlatform, TotpAlgorithm};

use super::session::{IDENTITY, Outcome, SERVICE, Session};

const FACTOR: &str = "YFaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

pub(crate) async fn all(session: &Session) -> Outcome {
    let factors = session.service().entity(IDENTITY).factors();
    let path = format!("/v2/Services/{SERVICE}/Entities/{IDENTITY}/Factors");
    let push = factors
        .create_push("Maria's phone", "MFkw+A==", "com.example.owlbank", "1.3.0")
        .notifications(NotificationPlatform::Fcm, "registration:1")
        .metadata(json!({ "os": "Android 15" }));
    let factor = push.send().await?;
    session.server.assert_last(
        "CreateNewFactor",
        &path,
        "Binding.Alg=ES256&Binding.PublicKey=MFkw%2BA%3D%3D&Config.AppId=com.example.owlbank\
         &Config.NotificationPlatform=fcm&Config.NotificationToken=registration%3A1\
         &Config.SdkVersion=1.3.0&FactorType=push&FriendlyName=Maria%27s+phone\
         &Metadata=%7B%22os%22%3A%22Android+15%22%7D",
    );
    assert_eq!(factor.status, Some(FactorStatus::Unverified));
    let binding = factor.binding.ok_or("the example has a binding")?;
    assert_eq!(binding.alg.as_deref(), Some("ES256"));

    factors.create_push("phone", "MFkw", "app", "1").send().await?;
    session.server.assert_last(
        "CreateNewFactor",
        &path,
        "Binding.Alg=ES256&Binding.PublicKey=MFkw&Config.AppId=app\
         &Config.NotificationPlatform=none&Config.SdkVersion=1&FactorType=push&FriendlyName=phone",
    );

    let totp = factors
        .create_totp("Maria's authenticator")
        .secret("GEZDGNBVGY3TQOJQ====")
        .time_step(20)
        .skew(0)
        .code_length(8)
        .algorithm(TotpAlgorithm::Sha256)
        .metadata(json!({ "os": [1, null] }));
    totp.send().await?;
    session.server.assert_last(
        "CreateNewFactor",
        &path,
        "Binding.Secret=GEZDGNBVGY3TQOJQ%3D%3D%3D%3D&Config.Alg=sha256&Config.CodeLength=8\
         &Config.Skew=0&Config.TimeStep=20&FactorType=totp&FriendlyName=Maria%27s+authenticator\
         &Metadata=%7B%22os%22%3A%5B1%2Cnull%5D%7D",
    );

    let page = factors.list().page_size(3).pages().try_next().await?;
    session.server.assert_last("ListFactor", &format!("{path}?PageSize=3"), "");
    let types = page.ok_or("there is a page")?.items;
    assert_eq!(types[1].factor_type, Some(FactorType::Totp));

    let target = format!("{path}/{FACTOR}");
    let factor = factors.fetch(FACTOR).await?;
    session.server.assert_last("FetchFactor", &target, "");
    assert_eq!(factor.status, Some(FactorStatus::Verified));
    factors.delete(FACTOR).await?;
    session.server.assert_last("DeleteFactor", &target, "");

    factors.verify(FACTOR, "123456").send().await?;
    session.server.assert_last("UpdateFactor", &target, "AuthPayload=123456");
    let update = factors
        .update(FACTOR)
        .friendly_name("Maria's new phone")
        .notification_platform(NotificationPlatform::Apn)
        .notification_token("registration:2")
        .sdk_version("1.3.1")
        .time_step(60)
        .skew(2)
        .code_length(3)
        .algorithm(TotpAlgorithm::Sha512);
    update.send().await?;
    session.server.assert_last(
        "UpdateFactor",
        &target,
        "Config.Alg=sha512&Config.CodeLength=3&Config.NotificationPlatform=apn\
         &Config.NotificationToken=registration%3A2&Config.SdkVersion=1.3.1&Config.Skew=2\
         &Config.TimeStep=60&FriendlyName=Maria%27s+new+phone",
    );

    let before = session.server.asked().len();
    let totp = || factors.create_totp("totp");
    for (request, field) in [
        (factors.create_totp(""), "friendly_name"),
        (totp().secret(""), "secret"),
        (totp().secret("===="), "secret"),
        (totp().secret("GEZD GNBV"), "secret"),
        (totp().secret("GEZD0189"), "secret"),
        (totp().time_step(19), "time_step"),
        (totp().time_step(61), "time_step"),
        (totp().skew(-1), "skew"),
        (totp().skew(3), "skew"),
        (totp().code_length(2), "code_length"),
        (totp().code_length(9), "code_length"),
        (totp().algorithm(TotpAlgorithm::Unknown(String::new())), "algorithm"),
    ] {
        let debug = format!("{request:?}");
        assert!(!debug.contains("GEZD"), "{debug}");
        let error = request.send().await.err().ok_or(field)?;
        assert_eq!(error.field(), Some(field), "{error}");
        assert!(!error.to_string().contains("GEZD"), "{error}");
    }
    let push = |name, key, app, sdk| factors.create_push(name, key, app, sdk);
    for (request, field) in [
        (push("", "k", "a", "1"), "friendly_name"),
        (push("n", "", "a", "1"), "public_key"),
        (push("n", "k", "", "1"), "app_id"),
        (push("n", "k", "a", ""), "sdk_version"),
        (
            push("n", "k", "a", "1").notifications(NotificationPlatform::Fcm, ""),
            "notification_token",
        ),
    ] {
        let error = request.send().await.err().ok_or(field)?;
        assert_eq!(error.field(), Some(field), "{error}");
    }
    let update = || Ok::<_, twilio_verify::SidError>(factors.update(FACTOR));
    for (request, field) in [
        (factors.verify(FACTOR, ""), "auth_payload"),
        (update()?.time_step(19), "time_step"),
        (update()?.skew(3), "skew"),
        (update()?.code_length(9), "code_length"),
    ] {
        let error = request.send().await.err().ok_or(field)?;
        assert_eq!(error.field(), Some(field), "{error}");
    }
    // A response may hold a SID of any shape; not all of them can be sent.
    let odd: Factor = serde_json::from_value(json!({ "sid": ".." }))?;
    let odd = odd.sid.ok_or("it is kept")?;
    let passkeys = session.service().passkeys().create_challenge();
    for (error, field) in [
        (factors.fetch(odd.clone()).await.err(), "sid"),
        (factors.delete(odd.clone()).await.err(), "sid"),
        (factors.update(odd.clone()).send().await.err(), "sid"),
        (passkeys.factor(odd).send().await.err(), "factor"),
    ] {
        assert_eq!(error.ok_or(field)?.field(), Some(field));
    }
    assert_eq!(session.server.asked().len(), before, "nothing is sent");

    let debug = format!(
        "{:?} {:?} {:?}",
        factors.verify(FACTOR, "123456"),
        push("Maria's phone", "k", "a", "1")
            .notifications(NotificationPlatform::Fcm, "registration:1"),
        update()?.notification_token("registration:2"),
    );
    for private in ["123456", "Maria", "registration"] {
        assert!(!debug.contains(private), "{debug}");
    }
    Ok(())
}
