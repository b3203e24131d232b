//! What Twilio rejects is named by its flag, and the help fits the error.

use std::net::TcpListener;

use assert_cmd::Command;
use serde_json::json;
use tests::scripted::Reply;
use twilio_verify_emulator::Emulator;

use crate::support::{
    CODE, NUMBER, SERVICE, Server, bare, fails, of_service, scripted, with_credentials,
};

/// An error of Twilio's.
fn refusal(status: u16, code: u32, message: &str) -> Reply {
    let body = json!({ "code": code, "message": message, "status": status });
    let id = [("Twilio-Request-Id", "RQ0"), ("Content-Type", "application/json")];
    Reply::with(status, &id, &body.to_string())
}

fn start() -> Vec<&'static str> {
    of_service(&["verifications", "start", "--to", NUMBER, "--channel", "sms"])
}

fn check() -> Vec<&'static str> {
    of_service(&["verifications", "check", "--to", NUMBER, "--code", CODE])
}

#[test]
fn a_rejected_parameter_is_named_by_its_flag_in_every_format() {
    let template = ["--template-sid", "HJaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"];
    let templated = [&start()[..], &template].concat();
    for (arguments, status, code, message, named) in [
        (start(), 400, 60200, "Invalid parameter: To".to_owned(), "--to"),
        (start(), 400, 60200, format!("Invalid parameter `To`: {NUMBER}"), "--to"),
        (start(), 400, 20001, "Missing required parameter To in the post body".to_owned(), "--to"),
        (
            start(),
            403,
            60204,
            "CustomFriendlyName is not enabled".to_owned(),
            "--custom-friendly-name",
        ),
        (
            start(),
            400,
            60206,
            "'Amount' and 'Payee' params are required".to_owned(),
            "--amount and --payee",
        ),
        (templated, 400, 60200, "Invalid parameter: TemplateSid".to_owned(), "--template-sid"),
        (check(), 400, 60200, format!("Invalid parameter: Code {CODE}"), "--code"),
        (
            vec!["services", "create", "--friendly-name", "Owl"],
            400,
            60200,
            "Invalid parameter: FriendlyName".to_owned(),
            "--friendly-name",
        ),
        (
            vec!["attempts", "list", "--to", NUMBER],
            400,
            60200,
            "Invalid parameter: ChannelData.To".to_owned(),
            "--channel-data.to",
        ),
        (
            vec!["services", "list"],
            400,
            20001,
            "Page size invalid or not provided".to_owned(),
            "--page-size",
        ),
    ] {
        let server = scripted([refusal(status, code, &message)]);
        for format in ["table", "json", "csv", "tsv"] {
            let mut command = server.command(&arguments);
            let stderr = fails(command.args(["-o", format]), 1);
            let begin = format!("error: {named}: status {status}, code {code}: ");
            assert!(stderr.starts_with(&begin), "{message}: {stderr}");
            assert!(stderr.contains("(request RQ0)") && stderr.contains("help: "), "{stderr}");
            assert!(
                stderr.contains(&format!("https://www.twilio.com/docs/errors/{code}")),
                "{stderr}"
            );
        }
    }
}

/// What the emulator rejects is named as well: it writes as Twilio does.
#[test]
fn a_parameter_that_an_emulator_rejects_is_named() {
    let server = Server::start(Emulator::builder());
    let mut command = server.command();
    command.args(["safe-list", "create", "--phone-number", "+999"]);
    let stderr = fails(&mut command, 1);
    assert!(stderr.starts_with("error: --phone-number: status 400"), "{stderr}");
}

#[test]
fn what_names_no_parameter_stays_as_it_is() {
    for (reply, exit) in [
        (refusal(400, 60200, "Invalid parameter"), 1),
        (refusal(400, 60200, &format!("Invalid value {NUMBER}")), 1),
        (refusal(404, 20404, "The resource 'To' was not found"), 4),
        (refusal(429, 20429, "Too many requests for parameter To"), 5),
    ] {
        let server = scripted([reply]);
        let mut command = server.command(&start());
        let stderr = fails(command.args(["--timeout", "2s"]), exit);
        assert!(stderr.starts_with("error: CreateVerification: status "), "{stderr}");
    }
}

#[test]
fn the_help_fits_the_error() {
    for (arguments, status, code, expected) in [
        (check(), 429, 60202, "wait until the verification expires, or cancel it"),
        (start(), 429, 60203, "check it, cancel the verification, or wait until it expires"),
        (start(), 429, 60212, "send one at a time"),
        (start(), 403, 60205, "use a call"),
        (start(), 403, 60605, "allow the country"),
        (start(), 404, 20404, "check --service-sid"),
        (check(), 404, 20404, "deleted once it is approved"),
        (start(), 429, 60999, "see https://www.twilio.com/docs/errors/60999"),
        (start(), 401, 20003, "check the account SID and auth token"),
        (of_service(&["rate-limits", "list"]), 404, 20404, "check --service-sid"),
        (
            of_service(&[
                "buckets",
                "list",
                "--rate-limit-sid",
                "RKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            ]),
            404,
            20404,
            "check --service-sid and --rate-limit-sid",
        ),
        (vec!["services", "fetch", SERVICE], 404, 20404, "belongs to this account and region"),
    ] {
        let server = scripted([refusal(status, code, "a message")]);
        let output = server.command(&arguments).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        let help = stderr.lines().find_map(|line| line.strip_prefix("help: ")).unwrap();
        assert!(help.contains(expected), "{code}: {stderr}");
        assert!(
            !stderr.contains("in a minute") && !stderr.contains("again in"),
            "{code}: {stderr}"
        );
        // What to do is said once.
        assert!(stderr.matches(expected).count() == 1, "{stderr}");
    }
}

#[test]
fn the_cause_of_a_failed_connection_is_shown() {
    let command = |url: &str| {
        let mut command = Command::from_std(with_credentials());
        command.args(["--base-url", url, "attempts", "summary", "--timeout", "3s"]);
        command
    };
    let stderr = fails(&mut command("http://127.0.0.1:1"), 6);
    assert!(stderr.to_lowercase().contains("refused"), "{stderr}");
    // No host is resolved below `invalid` (RFC 2606).
    let stderr = fails(&mut command("https://verify.invalid"), 6);
    assert!(stderr.contains("lookup") || stderr.contains("resolve"), "{stderr}");
    assert!(!stderr.contains("caused by"), "{stderr}");

    let server = Server::start(Emulator::builder().tls(true));
    let stderr = fails(&mut command(server.emulator.url()), 6);
    assert!(stderr.contains("certificate"), "{stderr}");
    assert!(stderr.contains("help: ") && stderr.contains("TWILIO_CA_BUNDLE"), "{stderr}");
    assert!(!stderr.contains("attempts)"), "it is tried once: {stderr}");
}

#[test]
fn a_proxy_of_the_environment_is_mentioned() {
    let command = |name: &str, proxy: &str| {
        let mut command = Command::from_std(with_credentials());
        command.env(name, proxy).args(["attempts", "summary", "--timeout", "3s"]);
        command
    };
    let unused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        let proxy = format!("http://user:5ec2e75ec2e75ec2e75ec2e75ec2e75e@{unused}");
        let stderr = fails(&mut command(name, &proxy), 6);
        assert!(stderr.contains(&format!("the proxy {unused}")), "{stderr}");
        assert!(stderr.contains("HTTPS_PROXY") && stderr.contains("NO_PROXY"), "{stderr}");
    }
    let server = scripted([Reply::with(407, &[], "")]);
    let stderr = fails(&mut command("HTTPS_PROXY", server.server.url()), 6);
    assert!(stderr.contains("407") && stderr.contains("HTTPS_PROXY"), "{stderr}");
    assert_eq!(server.server.received().len(), 1, "it is tried once");

    // It is not used for this host.
    let mut command = command("HTTPS_PROXY", &format!("http://{unused}"));
    command.env("NO_PROXY", "verify.invalid").args(["--base-url", "https://verify.invalid"]);
    let stderr = fails(&mut command, 6);
    assert!(!stderr.to_lowercase().contains("proxy"), "{stderr}");
}

#[test]
fn white_space_at_an_end_of_a_secret_is_named() {
    for (name, value) in [
        ("TWILIO_AUTH_TOKEN", "5ec2e75ec2e75ec2e75ec2e75ec2e75e\n"),
        ("TWILIO_AUTH_TOKEN", "5ec2e75ec2e75ec2e75ec2e75ec2e75e "),
        ("TWILIO_ACCOUNT_SID", "AC00000000000000000000000000000000\n"),
    ] {
        let mut command = Command::from_std(with_credentials());
        let stderr = fails(command.env(name, value).args(["attempts", "summary"]), 3);
        assert!(stderr.starts_with(&format!("error: {name}: ")), "{stderr}");
    }
    let mut command = Command::from_std(bare());
    command
        .env("TWILIO_API_KEY", "SK00000000000000000000000000000000")
        .env("TWILIO_API_SECRET", "5ec2e75ec2e75ec2e75ec2e75ec2e75e\r\n");
    let stderr = fails(command.args(["attempts", "summary"]), 3);
    assert!(stderr.starts_with("error: TWILIO_API_SECRET: "), "{stderr}");

    let code = format!("--code={CODE} ");
    let custom = format!("--custom-code={CODE}\n");
    let payload = format!("--auth-payload={CODE}\n");
    let factor = format!("YF{}", "a".repeat(32));
    for (arguments, flag) in [
        (of_service(&["verifications", "check", "--to", NUMBER, &code]), "--code"),
        (
            of_service(&["verifications", "start", "--to", NUMBER, "--channel", "sms", &custom]),
            "--custom-code",
        ),
        (
            of_service(&[
                "factors",
                "update",
                &factor,
                "--identity",
                "customer-4f1d27a0",
                &payload,
            ]),
            "--auth-payload",
        ),
    ] {
        let mut command = Command::from_std(with_credentials());
        let stderr = fails(command.args(arguments), 2);
        assert!(stderr.contains(flag) && stderr.contains("ends with white space"), "{stderr}");
    }
}

#[test]
fn a_list_of_empty_pages_has_an_end() {
    let pages = (0..105).map(|number| {
        let page = json!({
            "services": [],
            "meta": { "next_page_url": format!("/v2/Services?PageToken=P{number}"), "key": "services" },
        });
        Reply::json(200, &page.to_string())
    });
    let server = scripted(pages);
    let output = server.command(&["services", "list", "-o", "csv"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("more than 100 empty pages"), "{stderr}");
    assert_eq!(server.server.received().len(), 101);
}
