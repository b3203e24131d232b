//! Tables for people.

use tests::scripted::Reply;

use crate::support::{NUMBER, SERVICE, bare, contract, of_service, scripted, stdout};

const IDENTITY: &str = "customer-4f1d27a0";

#[test]
fn no_list_shows_urls_or_json() {
    let server = contract();
    let of_entity =
        |arguments: &[&'static str]| of_service(&[arguments, &["--identity", IDENTITY]].concat());
    for list in [
        vec!["attempts", "list"],
        vec!["services", "list"],
        vec!["templates", "list"],
        of_service(&["rate-limits", "list"]),
        of_service(&["messaging-configurations", "list"]),
        of_service(&["webhooks", "list"]),
        of_service(&["entities", "list"]),
        of_entity(&["factors", "list"]),
        of_entity(&["challenges", "list"]),
    ] {
        let text = stdout(&mut server.command(&list));
        assert!(text.lines().count() > 1, "{text}");
        for part in ["://", "{", "}", "[", "\""] {
            assert!(!text.contains(part), "{list:?}: {text}");
        }
    }
}

#[test]
fn a_resource_shows_what_is_its_own_and_no_json() {
    let server = contract();
    let fetch = stdout(&mut server.command(&["services", "fetch", SERVICE]));
    assert!(!fetch.contains("://verify.twilio.com") && !fetch.contains("links"), "{fetch}");
    assert!(!fetch.lines().any(|line| line.starts_with("url ")), "{fetch}");
    let webhook = of_service(&["webhooks", "fetch", "YWaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]);
    let webhook = stdout(&mut server.command(&webhook));
    // That of the user is not the API's.
    let url = webhook.lines().find(|line| line.starts_with("webhook_url ")).unwrap();
    assert!(url.contains("https://"), "{webhook}");
    assert!(!webhook.contains("[\""), "{webhook}");
    let body = r#"{"status":"pending","send_code_attempts":[
        {"attempt_sid":"VL1","channel":"sms","time":"2026-03-02T21:00:00Z"},
        {"attempt_sid":"VL2","channel":"call"}]}"#;
    let server = scripted([Reply::json(200, body)]);
    let start = of_service(&["verifications", "start", "--to", NUMBER, "--channel", "sms"]);
    let text = stdout(&mut server.command(&start));
    assert!(text.contains("attempt_sid VL1, channel sms, time 2026-03-02"), "{text}");
    assert!(text.contains("; attempt_sid VL2, channel call"), "{text}");
}

#[test]
fn the_sid_is_the_last_column() {
    let server = contract();
    for list in
        [vec!["attempts", "list"], vec!["services", "list"], of_service(&["entities", "list"])]
    {
        let text = stdout(&mut server.command(&list));
        assert!(text.lines().next().unwrap().ends_with("SID"), "{text}");
    }
}

/// What a terminal of this width shows.
#[cfg(target_os = "linux")]
fn in_a_terminal(width: u16, program: &std::process::Command) -> String {
    let words = std::iter::once(program.get_program()).chain(program.get_args());
    let line: Vec<String> = words.map(|word| format!("'{}'", word.to_str().unwrap())).collect();
    let line = format!("stty cols {width}; {}", line.join(" "));
    let mut command = std::process::Command::new("script");
    command
        .args(["--quiet", "--command", &line, "/dev/null"])
        .env("SHELL", "/bin/sh")
        .env("TERM", "xterm")
        .env("NO_COLOR", "1")
        .stdin(std::process::Stdio::null());
    for (name, value) in program.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn the_sid_is_the_last_to_go_in_a_narrow_terminal() {
    let server = contract();
    for list in
        [vec!["attempts", "list"], vec!["services", "list"], of_service(&["webhooks", "list"])]
    {
        for (width, least) in [(200, 4), (70, 2), (36, 1), (20, 1)] {
            let text = in_a_terminal(width, &server.process(&list));
            let heading = text.lines().next().unwrap().trim_end();
            assert!(heading.ends_with("SID"), "{width}: {text}");
            assert!(heading.split("  ").filter(|name| !name.is_empty()).count() >= least, "{text}");
            let is_cut = text.contains("not shown");
            assert_eq!(is_cut, width < 100, "{width}: {text}");
        }
    }
}

#[test]
fn the_help_of_an_update_states_no_defaults() {
    for resource in [
        "services",
        "webhooks",
        "buckets",
        "challenges",
        "factors",
        "rate-limits",
        "messaging-configurations",
        "verifications",
    ] {
        let mut help = assert_cmd::Command::from_std(bare());
        let text = stdout(help.args([resource, "update", "--help"]));
        assert!(!text.contains("[default:") && !text.contains(" Default "), "{resource}: {text}");
    }
    // A new one has them.
    let mut help = assert_cmd::Command::from_std(bare());
    let text = stdout(help.args(["services", "create", "--help"]));
    assert!(text.contains("Default 6"), "{text}");
}
