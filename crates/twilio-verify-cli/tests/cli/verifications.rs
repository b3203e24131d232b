//! Verifications, and above all where codes and numbers go.

use std::io::Write;
use std::process::Stdio;

use assert_cmd::Command;
use tests::scripted::Reply;

use crate::support::{
    CODE, NUMBER, SERVICE, contract, fails, json, of_service, scripted, stdout, with_credentials,
};

const SID: &str = "VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn path(rest: &str) -> String {
    format!("/v2/Services/{SERVICE}/{rest}")
}

#[test]
fn a_start_needs_little() {
    let server = contract();
    let start = of_service(&["verifications", "start", "--to", NUMBER, "--channel", "sms"]);
    let text = stdout(&mut server.command(&start));
    server.server.assert_last(
        "CreateVerification",
        &path("Verifications"),
        "Channel=sms&To=%2B573003003030",
    );
    for shown in [SID, "pending", NUMBER, "lookup.carrier.name", "Claro"] {
        assert!(text.contains(shown), "{text}");
    }
    let value = json(server.command(&start).args(["-o", "json"]));
    assert_eq!(value["status"], "pending");
    assert_eq!(value["sid"], SID);
    let text = stdout(server.command(&start).args(["-o", "csv"]));
    assert!(text.starts_with("date_created,channel,to,status,sid,"), "{text}");
}

#[test]
fn a_start_can_say_much() {
    let server = contract();
    let start = of_service(&[
        "verifications",
        "start",
        "--to",
        NUMBER,
        "--channel",
        "SMS",
        "--custom-friendly-name",
        "Owl & Co",
        "--custom-message",
        "Code: {code}",
        "--send-digits",
        "1w2",
        "--locale",
        "pt-BR",
        "--custom-code",
        CODE,
        "--amount",
        "€39.99",
        "--payee",
        "Acme",
        "--rate-limits",
        "ip=203.0.113.7",
        "--rate-limits",
        "country=CO",
        "--channel-configuration",
        r#"{"sms": {"x": [1, true]}}"#,
        "--app-hash",
        "AbCdEfGhIjK",
        "--template-sid",
        "HJaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "--template-custom-substitutions",
        "name=Ana",
        "--device-ip",
        "203.0.113.7",
        "--enable-sna-client-token",
        "--risk-check",
        "disable",
        "--tags",
        "team=a=b&c",
    ]);
    stdout(&mut server.command(&start));
    server.server.assert_last(
        "CreateVerification",
        &path("Verifications"),
        "Amount=%E2%82%AC39.99&AppHash=AbCdEfGhIjK&Channel=sms\
         &ChannelConfiguration=%7B%22sms%22%3A%7B%22x%22%3A%5B1%2Ctrue%5D%7D%7D&CustomCode=0042994177\
         &CustomFriendlyName=Owl+%26+Co&CustomMessage=Code%3A+%7Bcode%7D&DeviceIp=203.0.113.7\
         &EnableSnaClientToken=true&Locale=pt-BR&Payee=Acme\
         &RateLimits=%7B%22country%22%3A%22CO%22%2C%22ip%22%3A%22203.0.113.7%22%7D\
         &RiskCheck=disable&SendDigits=1w2&Tags=%7B%22team%22%3A%22a%3Db%26c%22%7D\
         &TemplateCustomSubstitutions=%7B%22name%22%3A%22Ana%22%7D\
         &TemplateSid=HJaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&To=%2B573003003030",
    );
}

#[test]
fn a_code_of_ones_own_comes_from_stdin() {
    let server = contract();
    let start = of_service(&[
        "verifications",
        "start",
        "--to",
        NUMBER,
        "--channel",
        "sms",
        "--custom-code",
        "-",
    ]);
    stdout(server.command(&start).write_stdin(format!("{CODE}\n")));
    server.server.assert_last(
        "CreateVerification",
        &path("Verifications"),
        "Channel=sms&CustomCode=0042994177&To=%2B573003003030",
    );
    let stderr = fails(server.command(&start).write_stdin("\n"), 2);
    assert!(stderr.contains("--custom-code"), "{stderr}");
}

#[test]
fn the_code_comes_from_stdin_unless_it_is_given() {
    let server = contract();
    let by_number = of_service(&["verifications", "check", "--to", NUMBER]);
    let by_sid = of_service(&["verifications", "check", "--verification-sid", SID]);
    let dash = [&by_number[..], &["--code", "-"]].concat();
    let given = [&by_sid[..], &["--code", CODE]].concat();
    let to = "Code=0042994177&To=%2B573003003030".to_owned();
    let of_sid = format!("Code=0042994177&VerificationSid={SID}");
    for (arguments, stdin, body) in [
        (&by_number, "0042994177\n", &to),
        (&by_number, "0042994177", &to),
        (&by_number, " 0042994177\r\n", &to),
        (&by_number, "0042994177\nand more\n", &to),
        (&dash, "0042994177\n", &to),
        (&by_sid, "0042994177\n", &of_sid),
        (&given, "", &of_sid),
    ] {
        let mut command = server.command(arguments);
        command.write_stdin(stdin);
        let text = stdout(&mut command);
        assert!(text.contains("approved"), "{text}");
        server.server.assert_last("CreateVerificationCheck", &path("VerificationCheck"), body);
    }
    let before = server.server.asked().len();
    for stdin in ["", "\n", "  \n0042994177\n"] {
        for arguments in [&by_number, &dash] {
            let stderr = fails(server.command(arguments).write_stdin(stdin), 2);
            assert!(stderr.contains("--code: the first line of stdin is empty"), "{stderr}");
        }
    }
    let stderr = fails(server.command(&by_number).write_stdin(&b"\xff\n"[..]), 2);
    assert!(stderr.contains("--code"), "{stderr}");
    assert_eq!(server.server.asked().len(), before, "nothing is sent");
}

#[test]
fn the_arguments_of_the_process_do_not_hold_the_code() {
    let server = contract();
    let arguments = of_service(&["verifications", "check", "--to", NUMBER, "-o", "json"]);
    let mut process = server.process(&arguments);
    process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = process.spawn().unwrap();
    #[cfg(target_os = "linux")]
    {
        let seen = std::fs::read(format!("/proc/{}/cmdline", child.id())).unwrap();
        assert!(!String::from_utf8_lossy(&seen).contains(CODE));
    }
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(CODE.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
    let body = "Code=0042994177&To=%2B573003003030";
    server.server.assert_last("CreateVerificationCheck", &path("VerificationCheck"), body);
}

#[test]
fn amounts_and_tokens_are_checked_too() {
    let server = contract();
    let check = of_service(&["verifications", "check", "--to", "ana@example.com"]);
    let check = [&check[..], &["--code", CODE, "--amount", "1", "--payee", "Acme"]].concat();
    stdout(&mut server.command(&check));
    server.server.assert_last(
        "CreateVerificationCheck",
        &path("VerificationCheck"),
        "Amount=1&Code=0042994177&Payee=Acme&To=ana%40example.com",
    );
    let to = ["verifications", "check", "--to", NUMBER];
    let sid = ["verifications", "check", "--verification-sid", SID];
    for (named, flags, stdin, body) in [
        (&to, &["--sna-client-token", "token"][..], "", "SnaClientToken=token&To=%2B573003003030"),
        (&to, &["--sna-client-token", "-"], "token\n", "SnaClientToken=token&To=%2B573003003030"),
        (&to, &["--sna"], "", "To=%2B573003003030"),
        (&sid, &["--sna"], "", &format!("VerificationSid={SID}")),
    ] {
        let check = of_service(&[&named[..], flags].concat());
        stdout(server.command(&check).write_stdin(stdin));
        let path = path("VerificationCheck");
        server.server.assert_last("CreateVerificationCheck", &path, body);
    }
}

#[test]
fn what_is_not_approved_has_an_exit_code_of_its_own() {
    for (body, code) in [
        (r#"{"status":"approved","valid":true}"#, 0),
        (r#"{"status":"pending","valid":false}"#, 7),
        (r#"{"status":"max_attempts_reached","valid":false}"#, 7),
        (r#"{"status":"a new one","valid":true}"#, 7),
        (r#"{"status":null}"#, 7),
        ("{}", 7),
    ] {
        let server = scripted([Reply::json(201, body)]);
        let check = of_service(&["verifications", "check", "--to", NUMBER, "--code", CODE]);
        for format in ["table", "json", "csv", "tsv"] {
            let mut command = server.command(&[&check[..], &["-o", format]].concat());
            let output = command.assert().code(code).get_output().clone();
            let stderr = String::from_utf8(output.stderr).unwrap();
            let expected = if code == 0 { "" } else { "note: not approved\n" };
            assert_eq!(stderr, expected);
            if format == "json" {
                let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
                let sent: serde_json::Value = serde_json::from_str(body).unwrap();
                assert_eq!(value["status"], sent["status"]);
            }
        }
    }
}

#[test]
fn a_reader_that_has_enough_makes_nothing_approved() {
    let server = scripted([Reply::json(201, r#"{"status":"pending"}"#)]);
    let check = of_service(&["verifications", "check", "--to", NUMBER, "--code", CODE]);
    let mut process = server.process(&check);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    process.stdout(writer).stderr(Stdio::piped());
    let output = process.output().unwrap();
    assert_eq!(output.status.code(), Some(7));
}

#[test]
fn a_verification_is_fetched_and_resolved_by_either_name() {
    let server = contract();
    for (command, operation, body) in [
        ("fetch", "FetchVerification", ""),
        ("cancel", "UpdateVerification", "Status=canceled"),
        ("approve", "UpdateVerification", "Status=approved"),
    ] {
        for (names, id) in [(&[SID][..], SID), (&["--sid", SID], SID), (&["--to", NUMBER], NUMBER)]
        {
            let arguments = of_service(&[&["verifications", command][..], names].concat());
            assert!(stdout(&mut server.command(&arguments)).contains(SID));
            let target = path(&format!("Verifications/{id}"));
            server.server.assert_last(operation, &target, body);
            let value = json(server.command(&arguments).args(["-o", "json"]));
            assert_eq!(value["sid"], SID);
        }
    }
}

#[test]
fn bad_input_is_refused_by_the_name_of_its_flag() {
    let start = ["verifications", "start", "--channel", "sms"];
    let check = ["verifications", "check", "--to", NUMBER];
    let with = |base: &[&'static str], more: &[&'static str]| of_service(&[base, more].concat());
    let to = ["--to", NUMBER];
    for (arguments, flag) in [
        (with(&start, &[]), "--to"),
        (with(&start, &["--to", "573003003030"]), "--to"),
        (with(&start, &["--to", ""]), "--to"),
        (with(&start, &["--to", "user @example.com"]), "--to"),
        (with(&start[..2], &["--to", NUMBER, "--channel", NUMBER]), "--channel"),
        (
            with(&start, &[&to[..], &["--custom-code", "00429941770042994177004"]].concat()),
            "--custom-code",
        ),
        (with(&start, &[&to[..], &["--tags", NUMBER]].concat()), "--tags"),
        (with(&start, &[&to[..], &["--tags", "a=1", "--tags", "a=2"]].concat()), "--tags"),
        (with(&start, &[&to[..], &["--rate-limits", "=0042994177"]].concat()), "--rate-limits"),
        (
            with(&start, &[&to[..], &["--channel-configuration", "{\"+573003003030\"}"]].concat()),
            "--channel-configuration",
        ),
        (with(&start, &[&to[..], &["--template-sid", NUMBER]].concat()), "--template-sid"),
        (with(&start, &[&to[..], &["--risk-check", NUMBER]].concat()), "--risk-check"),
        (with(&start, &[&to[..], &["--amount", "1"]].concat()), "--payee"),
        (with(&check[..2], &["--code", CODE]), "--to"),
        (with(&check, &["--code", ""]), "--code"),
        (with(&check, &["--code", "004"]), "--code"),
        (with(&check, &["--code", "00429941770042994177004"]), "--code"),
        (with(&check, &["--verification-sid", SID, "--code", CODE]), "--verification-sid"),
        (with(&check, &["--sna-client-token", "x", "--code", CODE]), "--code"),
        (with(&check, &["--sna", "--code", CODE]), "--code"),
        (with(&check[..2], &["--sna"]), "--to"),
        (with(&["verifications", "fetch"], &["--to", "0042994177"]), "--to"),
        (with(&["verifications", "cancel"], &[NUMBER]), "[SID]"),
        (with(&["verifications", "approve"], &["--sid", NUMBER]), "--sid"),
        (with(&["verifications", "approve"], &[]), "--to"),
        (vec!["verifications", "fetch", "--to", NUMBER], "--service-sid"),
    ] {
        let mut command = Command::from_std(with_credentials());
        let stderr = fails(command.args(&arguments), 2);
        assert!(stderr.contains(flag), "{arguments:?}: {stderr}");
    }
}

#[test]
fn a_code_in_the_wrong_place_is_not_repeated() {
    for arguments in [
        &["verifications", "check", CODE][..],
        &["verifications", "check", "--to", NUMBER, CODE],
        &["verifications", "check", "--to", NUMBER, "--cod=0042994177"],
        &["verifications", "check", "--to", NUMBER, "--0042994177"],
        &["verifications", CODE],
        &[CODE],
    ] {
        let mut command = Command::from_std(with_credentials());
        fails(command.args(arguments), 2);
    }
    let mut command = Command::from_std(with_credentials());
    let stderr = fails(command.args(["verifications", "check", "secret"]), 2);
    assert!(!stderr.contains("secret"), "{stderr}");
}

#[test]
fn no_failure_tells_the_number_or_the_code() {
    let check = of_service(&["verifications", "check", "--to", NUMBER, "--code", CODE]);
    let start = of_service(&["verifications", "start", "--to", NUMBER, "--channel", "sms"]);
    let start = [&start[..], &["--custom-code", CODE]].concat();
    let fetch = of_service(&["verifications", "fetch", "--to", NUMBER]);
    let refusal = |status, code| {
        let body = format!(r#"{{"code":{code},"message":"{NUMBER} {CODE}","status":{status}}}"#);
        Reply::json(status, &body)
    };
    for (reply, exit, said) in [
        (refusal(400, 60200), 1, "60200"),
        (refusal(401, 20003), 3, "20003"),
        (refusal(404, 20404), 4, "20404"),
        (refusal(429, 60202), 5, "60202"),
        (refusal(500, 20500), 1, "500"),
        (Reply::Close, 6, "help: "),
        (Reply::with(200, &[], NUMBER), 1, "JSON"),
    ] {
        let server = scripted([reply]);
        for arguments in [&check, &start, &fetch] {
            let mut command = server.command(arguments);
            command.args(["--timeout", "5s"]);
            let stderr = fails(&mut command, exit);
            assert!(stderr.contains(said), "{stderr}");
        }
        let output = server.command(&check).arg("-vv").output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(!stderr.contains("3003003030"), "{stderr}");
        assert!(!stderr.contains(CODE), "{stderr}");
    }
}

#[test]
fn help_tells_what_a_script_must_know() {
    let mut command = Command::from_std(with_credentials());
    let text = stdout(command.args(["verifications", "check", "--help"]));
    for line in ["7    not approved", "0    approved", "stdin"] {
        assert!(text.contains(line), "{text}");
    }
    let mut command = Command::from_std(with_credentials());
    let text = stdout(command.arg("--help"));
    assert!(text.contains("7    not approved"), "{text}");
}
