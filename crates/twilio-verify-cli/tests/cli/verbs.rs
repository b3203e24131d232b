//! The names of twilio-cli for commands that have another name here, and for
//! the flag of a service.

use assert_cmd::Command;
use serde_json::Value;
use tests::document::{Operation, operations};

use crate::support::{
    NUMBER, SERVICE, Server, bare, contract, json, of_service, scripted, stdout, with_credentials,
};

#[test]
fn the_verbs_of_twilio_cli_are_those_of_this_program_too() {
    let server = contract();
    for (own, other) in [
        (&["verifications", "start"][..], &["verifications", "create"][..]),
        (&["verifications", "check"], &["verification-check", "create"]),
    ] {
        for verb in [own, other] {
            let arguments: &[&str] = match own[1] {
                "start" => &["--to", NUMBER, "--channel", "sms", "--locale", "es"],
                _ => &["--to", NUMBER, "--code", "123456"],
            };
            let arguments = of_service(&[verb, arguments].concat());
            let value = json(server.command(&arguments).args(["-o", "json"]));
            assert_eq!(value["service_sid"], SERVICE, "{verb:?}");
        }
    }
    for verb in [&["attempts", "summary"][..], &["attempts", "summary", "fetch"]] {
        let arguments = [verb, &["--country", "CO", "-o", "json"]].concat();
        assert!(json(&mut server.command(&arguments))["total_attempts"].is_number());
        let expected = "/v2/Attempts/Summary?Country=CO";
        server.server.assert_last("FetchVerificationAttemptsSummary", expected, "");
    }
    for verb in ["remove", "delete"] {
        stdout(&mut server.command(&["services", verb, SERVICE, "--yes"]));
    }
}

/// A wrong code has its own exit code by either name.
#[test]
fn a_check_by_either_name_reports_its_result() {
    let body = format!(r#"{{"status":"pending","valid":false,"service_sid":"{SERVICE}"}}"#);
    for verb in [&["verifications", "check"][..], &["verification-check", "create"]] {
        let server = scripted([tests::scripted::Reply::json(200, &body)]);
        let arguments = of_service(&[verb, &["--to", NUMBER, "--code", "123456"]].concat());
        server.command(&arguments).assert().code(7);
    }
}

/// The words of an operation's command in twilio-cli: the resource and the verb
/// that its id names.
fn words(operation: &Operation) -> Vec<String> {
    const VERBS: [(&str, &str); 5] = [
        ("Create", "create"),
        ("Delete", "remove"),
        ("Fetch", "fetch"),
        ("List", "list"),
        ("Update", "update"),
    ];
    let mut parts: Vec<&str> = operation.path.trim_start_matches("/v2/").split('/').collect();
    let is_parameter = |part: &&str| part.starts_with('{');
    if parts.last().is_some_and(is_parameter) {
        parts.pop();
    }
    let own = parts.iter().rposition(is_parameter).map_or(0, |last| last + 1);
    let mut words: Vec<String> = parts[own..].iter().map(|part| kebab(part)).collect();
    if words == ["safe-list", "numbers"] {
        words.pop();
    }
    let (_, verb) = VERBS.iter().find(|(word, _)| operation.id.starts_with(word)).unwrap();
    words.push((*verb).to_owned());
    words
}

fn help(operation: &Operation) -> String {
    let mut help = Command::from_std(bare());
    stdout(help.args(words(operation)).arg("--help"))
}

#[test]
fn every_operation_has_a_command_with_the_verb_of_its_id() {
    let mut count = 0;
    for operation in operations() {
        let text = help(&operation);
        assert!(text.contains("Usage: "), "{}: {text}", operation.id);
        count += 1;
    }
    assert!(count >= 57, "{count}");
}

fn kebab(name: &str) -> String {
    let mut text = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.extend(character.to_lowercase());
    }
    text
}

#[test]
fn the_flags_of_a_service_are_interchangeable_everywhere() {
    let mut count = 0;
    for operation in operations() {
        let is_service = operation.path.contains("{ServiceSid}")
            || operation.path.starts_with("/v2/Services/{Sid}")
            || operation.path == "/v2/Attempts"
            || operation.path == "/v2/Attempts/Summary";
        if !is_service {
            continue;
        }
        count += 1;
        let text = help(&operation);
        for flag in ["--service-sid", "--verify-service-sid"] {
            assert!(text.contains(flag), "{} {flag}: {text}", operation.id);
        }
    }
    assert!(count > 40, "{count}");
}

#[test]
fn either_flag_of_a_service_reaches_the_api() {
    let server = contract();
    for flag in ["--service-sid", "--verify-service-sid"] {
        let start = ["verifications", "start", "--to", NUMBER, "--channel", "sms", flag, SERVICE];
        stdout(&mut server.command(&start));
        stdout(&mut server.command(&["webhooks", "list", flag, SERVICE]));
        stdout(&mut server.command(&["attempts", "list", flag, SERVICE]));
        let expected = format!("/v2/Attempts?PageSize=50&VerifyServiceSid={SERVICE}");
        server.server.assert_last("ListVerificationAttempt", &expected, "");
        // Here it is the resource itself.
        stdout(&mut server.command(&["services", "fetch", flag, SERVICE]));
    }
}

#[test]
fn both_verbs_are_in_the_help() {
    let mut help = Command::from_std(with_credentials());
    let text = stdout(help.args(["verifications", "--help"]));
    assert!(text.contains("create"), "{text}");
    let mut help = Command::from_std(with_credentials());
    let text = stdout(help.args(["attempts", "list", "--help"]));
    assert!(text.contains("--service-sid"), "{text}");
    let server = Server::of_sample(1);
    let value: Value = json(server.command().args(["attempts", "summary", "fetch", "-o", "json"]));
    assert_eq!(value["total_attempts"], 1);
}
