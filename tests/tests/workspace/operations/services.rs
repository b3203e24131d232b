use twilio_verify::{AuthenticatorAttachment, PasskeysRequirement};

use super::session::{Outcome, SERVICE, Session};

/// All settings but the name, in the order in which forms hold them.
const SETTINGS: &str = "CodeLength=4&CustomCodeEnabled=true\
    &DefaultTemplateSid=HJaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&DoNotShareWarningEnabled=false\
    &DtmfInputRequired=true&FriendlyName=Owl+Bank&LookupEnabled=true\
    &Passkeys.AuthenticatorAttachment=platform&Passkeys.DiscoverableCredentials=required\
    &Passkeys.RelyingParty.Id=owl.example&Passkeys.RelyingParty.Name=Owl\
    &Passkeys.RelyingParty.Origins=https%3A%2F%2Fowl.example&Passkeys.UserVerification=preferred\
    &Psd2Enabled=true&Push.ApnCredentialSid=CRaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
    &Push.FcmCredentialSid=CRbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb&Push.IncludeDate=true\
    &SkipSmsToLandlines=true&Totp.CodeLength=8&Totp.Issuer=Owl&Totp.Skew=2&Totp.TimeStep=60\
    &TtsName=Owl&VerifyEventSubscriptionEnabled=true&Whatsapp.From=%2B14155550100\
    &Whatsapp.MsgServiceSid=MGaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

macro_rules! set_all {
    ($request:expr) => {
        $request
            .code_length(4)
            .lookup_enabled(true)
            .skip_sms_to_landlines(true)
            .dtmf_input_required(true)
            .tts_name("Owl")
            .psd2_enabled(true)
            .do_not_share_warning_enabled(false)
            .custom_code_enabled(true)
            .push_include_date(true)
            .push_apn_credential("CRaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
            .push_fcm_credential("CRbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")
            .totp_issuer("Owl")
            .totp_time_step(60)
            .totp_code_length(8)
            .totp_skew(2)
            .default_template("HJaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
            .whatsapp_messaging_service("MGaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
            .whatsapp_from("+14155550100")
            .passkeys_relying_party_id("owl.example")
            .passkeys_relying_party_name("Owl")
            .passkeys_relying_party_origins("https://owl.example")
            .passkeys_authenticator_attachment(AuthenticatorAttachment::Platform)
            .passkeys_discoverable_credentials(PasskeysRequirement::Required)
            .passkeys_user_verification(PasskeysRequirement::Preferred)
            .verify_event_subscription_enabled(true)
    };
}

pub(crate) async fn all(session: &Session) -> Outcome {
    let services = session.client.services();
    let service = set_all!(services.create("Owl Bank")).send().await?;
    session.server.assert_last("CreateService", "/v2/Services", SETTINGS);
    assert_eq!(service.sid.ok_or("the example has a SID")?.as_str(), SERVICE);

    let update = services.update(SERVICE).friendly_name("Owl Bank");
    set_all!(update).send().await?;
    let target = format!("/v2/Services/{SERVICE}");
    session.server.assert_last("UpdateService", &target, SETTINGS);

    services.fetch(SERVICE).await?;
    session.server.assert_last("FetchService", &target, "");
    services.delete(SERVICE).await?;
    session.server.assert_last("DeleteService", &target, "");

    let page = services.list().page_size(20).pages().try_next().await?;
    session.server.assert_last("ListService", "/v2/Services?PageSize=20", "");
    assert!(!page.ok_or("there is a page")?.items.is_empty());

    for (request, field) in [
        (services.create(""), "friendly_name"),
        (services.create("x".repeat(33)), "friendly_name"),
        (services.create("Owl").code_length(3), "code_length"),
        (services.create("Owl").totp_skew(3), "totp_skew"),
    ] {
        let before = session.server.asked().len();
        let error = request.send().await.expect_err(field);
        assert_eq!(error.field(), Some(field), "{error}");
        assert_eq!(session.server.asked().len(), before, "nothing is sent");
    }
    Ok(())
}
