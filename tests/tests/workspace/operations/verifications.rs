use serde_json::json;
use twilio_verify::{Channel, RiskCheck};

use super::session::{Outcome, SERVICE, Session};

pub(crate) async fn all(session: &Session) -> Outcome {
    let verifications = session.service().verifications();
    let verification = verifications
        .start("+573003003030", Channel::Sms)
        .custom_friendly_name("Owl & Co")
        .custom_message("Code: {code}")
        .send_digits("1w2")
        .locale("pt-BR")
        .custom_code("0042")
        .amount("€39.99")
        .payee("Acme")
        .rate_limits([("ip", "203.0.113.7")])
        .channel_configuration(json!({ "sms": { "x": [1, true] } }))
        .app_hash("AbCdEfGhIjK")
        .template("HJaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
        .template_custom_substitutions([("name", "Ana")])
        .device_ip("203.0.113.7")
        .enable_sna_client_token(true)
        .risk_check(RiskCheck::Disable)
        .tags([("team", "a=b&c")])
        .send()
        .await?;
    session.server.assert_last(
        "CreateVerification",
        &format!("/v2/Services/{SERVICE}/Verifications"),
        "Amount=%E2%82%AC39.99&AppHash=AbCdEfGhIjK&Channel=sms\
         &ChannelConfiguration=%7B%22sms%22%3A%7B%22x%22%3A%5B1%2Ctrue%5D%7D%7D&CustomCode=0042\
         &CustomFriendlyName=Owl+%26+Co&CustomMessage=Code%3A+%7Bcode%7D&DeviceIp=203.0.113.7\
         &EnableSnaClientToken=true&Locale=pt-BR&Payee=Acme\
         &RateLimits=%7B%22ip%22%3A%22203.0.113.7%22%7D&RiskCheck=disable&SendDigits=1w2\
         &Tags=%7B%22team%22%3A%22a%3Db%26c%22%7D\
         &TemplateCustomSubstitutions=%7B%22name%22%3A%22Ana%22%7D\
         &TemplateSid=HJaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&To=%2B573003003030",
    );
    let sid = verification.sid.ok_or("the example has a SID")?;

    let path = format!("/v2/Services/{SERVICE}/Verifications");
    let by_sid = format!("{path}/{sid}");
    verifications.fetch(sid.clone()).await?;
    session.server.assert_last("FetchVerification", &by_sid, "");
    verifications.fetch("+573003003030").await?;
    session.server.assert_last("FetchVerification", &format!("{path}/+573003003030"), "");
    verifications.cancel(sid.clone()).await?;
    session.server.assert_last("UpdateVerification", &by_sid, "Status=canceled");
    verifications.approve(sid.clone()).await?;
    session.server.assert_last("UpdateVerification", &by_sid, "Status=approved");

    let path = format!("/v2/Services/{SERVICE}/VerificationCheck");
    let check = verifications.check("ana@example.com", "123456").amount("1").payee("Acme");
    assert!(check.send().await?.status.is_some());
    let body = "Amount=1&Code=123456&Payee=Acme&To=ana%40example.com";
    session.server.assert_last("CreateVerificationCheck", &path, body);
    let check = verifications.check_sid(sid.clone(), "123456");
    assert!(check.send().await?.status.is_some());
    let body = format!("Code=123456&VerificationSid={sid}");
    session.server.assert_last("CreateVerificationCheck", &path, &body);
    let check = verifications.check_sna("+573003003030");
    assert!(check.send().await?.status.is_some());
    session.server.assert_last("CreateVerificationCheck", &path, "To=%2B573003003030");
    let check = verifications.check_sna_sid(sid.clone()).sna_client_token("token");
    assert!(check.send().await?.status.is_some());
    let body = format!("SnaClientToken=token&VerificationSid={sid}");
    session.server.assert_last("CreateVerificationCheck", &path, &body);

    let before = session.server.asked().len();
    for code in ["", "123", "12345678901"] {
        let error = verifications.check("+573003003030", code).send().await.expect_err(code);
        assert_eq!(error.field(), Some("code"));
    }
    for to in ["", "..", "+57 300", "573003003030"] {
        let error = verifications.fetch(to).await.expect_err(to);
        assert_eq!(error.field(), Some("verification"));
        let error = verifications.start(to, Channel::Sms).send().await.expect_err(to);
        assert_eq!(error.field(), Some("to"));
        assert!(to.len() < 3 || !error.to_string().contains(to), "{error}");
    }
    assert_eq!(session.server.asked().len(), before, "nothing is sent");
    Ok(())
}
