//! Services: create, update, delete.

use crate::support::{NUMBER, SERVICE, contract, fails, json, scripted, stdout, with_credentials};

/// Every setting but the name, by twilio-cli's flags.
const SETTINGS: [&str; 25] = [
    "--code-length=4",
    "--lookup-enabled",
    "--skip-sms-to-landlines=true",
    "--dtmf-input-required",
    "--tts-name=Owl",
    "--psd2-enabled",
    "--do-not-share-warning-enabled=false",
    "--custom-code-enabled",
    "--push.include-date",
    "--push.apn-credential-sid=CRaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "--push.fcm-credential-sid=CRbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
    "--totp.issuer=Owl",
    "--totp.time-step=60",
    "--totp.code-length=8",
    "--totp.skew=2",
    "--default-template-sid=HJaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "--whatsapp.msg-service-sid=MGaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "--whatsapp.from=+14155550100",
    "--passkeys.relying-party.id=owl.example",
    "--passkeys.relying-party.name=Owl",
    "--passkeys.relying-party.origins=https://owl.example",
    "--passkeys.authenticator-attachment=platform",
    "--passkeys.discoverable-credentials=required",
    "--passkeys.user-verification=preferred",
    "--verify-event-subscription-enabled",
];

const BODY: &str = "CodeLength=4&CustomCodeEnabled=true\
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

#[test]
fn every_setting_reaches_the_api_by_either_name() {
    let server = contract();
    let dashed = SETTINGS.map(|flag| match flag.split_once('=') {
        Some((name, value)) => format!("{}={value}", name.replace('.', "-")),
        None => flag.replace('.', "-"),
    });
    let dashed = dashed.each_ref().map(String::as_str);
    let name = ["--friendly-name", "Owl Bank"];
    let target = format!("/v2/Services/{SERVICE}");
    for settings in [SETTINGS, dashed] {
        let create = [&["services", "create"][..], &name, &settings].concat();
        assert!(stdout(&mut server.command(&create)).contains(SERVICE));
        server.server.assert_last("CreateService", "/v2/Services", BODY);
        let update = [&["services", "update", SERVICE][..], &name, &settings].concat();
        let value = json(server.command(&update).args(["-o", "json"]));
        assert_eq!(value["sid"], SERVICE);
        server.server.assert_last("UpdateService", &target, BODY);
    }
}

#[test]
fn what_is_not_given_is_not_sent() {
    let server = contract();
    let create = ["services", "create", "--friendly-name", "Owl"];
    stdout(&mut server.command(&create));
    server.server.assert_last("CreateService", "/v2/Services", "FriendlyName=Owl");
    let update = ["services", "update", "--sid", SERVICE, "--lookup-enabled=false"];
    stdout(&mut server.command(&update));
    let target = format!("/v2/Services/{SERVICE}");
    server.server.assert_last("UpdateService", &target, "LookupEnabled=false");
}

#[test]
fn bad_input_is_refused_by_the_name_of_its_flag() {
    let long = "x".repeat(33);
    let create = |flag: &'static str, value: &str| {
        let mut command = assert_cmd::Command::from_std(with_credentials());
        command.args(["services", "create", &format!("{flag}={value}")]);
        if flag != "--friendly-name" {
            command.args(["--friendly-name", "Owl"]);
        }
        command
    };
    for (flag, values) in [
        ("--friendly-name", &["", &long][..]),
        ("--code-length", &["", "3", "11", NUMBER]),
        ("--lookup-enabled", &["maybe", NUMBER]),
        ("--totp.time-step", &["19", "61"]),
        ("--totp.skew", &["-1", "3"]),
        ("--push.apn-credential-sid", &["", NUMBER]),
        ("--default-template-sid", &["VA12"]),
        ("--passkeys.user-verification", &["sometimes", NUMBER]),
    ] {
        for value in values {
            let stderr = fails(&mut create(flag, value), 2);
            assert!(stderr.contains(flag), "{value}: {stderr}");
        }
    }
    for arguments in [
        &["services", "create"][..],
        &["services", "update", SERVICE],
        &["services", "update", "--code-length", "6"],
        &["services", "delete"],
        &["services", "delete", SERVICE, NUMBER, "--yes"],
    ] {
        let mut command = assert_cmd::Command::from_std(with_credentials());
        fails(command.args(arguments), 2);
    }
}

#[test]
fn to_delete_without_a_terminal_has_to_be_meant() {
    let server = contract();
    for answer in ["", "y\n"] {
        let mut command = server.command(&["services", "delete", SERVICE]);
        let stderr = fails(command.write_stdin(answer), 2);
        assert!(stderr.contains("--yes"), "{stderr}");
    }
    assert!(server.server.asked().is_empty());

    let delete = ["services", "delete", "--sid", SERVICE, "--yes"];
    let text = stdout(&mut server.command(&delete));
    assert_eq!(text, format!("deleted {SERVICE}\n"));
    let target = format!("/v2/Services/{SERVICE}");
    server.server.assert_last("DeleteService", &target, "");
    let value = json(server.command(&delete).args(["-o", "json"]));
    assert_eq!(value, serde_json::json!({"sid": SERVICE, "deleted": true}));
    let text = stdout(server.command(&delete).args(["-o", "csv"]));
    assert_eq!(text, format!("sid,deleted\n{SERVICE},true\n"));
}

#[test]
fn a_service_that_cannot_be_deleted_is_not_said_to_be() {
    let server = scripted([tests::scripted::Reply::json(404, "{\"code\":20404}")]);
    let mut command = server.command(&["services", "delete", SERVICE, "-y"]);
    fails(&mut command, 4);
}
