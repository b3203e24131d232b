//! Prompts on a terminal.

#![cfg(target_os = "linux")]

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use tests::scripted::Reply;

use crate::support::{CODE, NUMBER, SERVICE, contract, of_service, scripted};

/// The program in a terminal, with more of a shell's line behind it.
fn in_a_terminal(program: &Command, more: &str) -> Command {
    let words = std::iter::once(program.get_program()).chain(program.get_args());
    let line: Vec<String> = words.map(|word| format!("'{}'", word.to_str().unwrap())).collect();
    let line = line.join(" ") + more;
    let mut command = Command::new("script");
    command
        .args(["--quiet", "--command", &line, "/dev/null"])
        .env("SHELL", "/bin/sh")
        .env("TERM", "xterm")
        .env("NO_COLOR", "1");
    for (name, value) in program.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command
}

/// Runs the program in a terminal, types after its question, and gives its exit
/// code, what the terminal showed, and whether it shows what is typed after
/// that.
fn typed(program: &Command, question: &str, answer: &str) -> (i32, String, bool) {
    let mut command = in_a_terminal(program, "; echo \"[exit $?]\"; stty -a");
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut shown = Vec::new();
    let mut asked = false;
    let mut bytes = [0; 4096];
    loop {
        let count = stdout.read(&mut bytes).unwrap();
        if count == 0 {
            break;
        }
        shown.extend_from_slice(&bytes[..count]);
        if !asked && String::from_utf8_lossy(&shown).contains(question) {
            asked = true;
            // The question is shown before the terminal stops echoing.
            std::thread::sleep(Duration::from_millis(200));
            stdin.write_all(answer.as_bytes()).unwrap();
            stdin.flush().unwrap();
        }
    }
    drop(stdin);
    child.wait().unwrap();
    let shown = String::from_utf8_lossy(&shown).into_owned();
    assert!(asked, "{shown}");
    let (shown, rest) = shown.split_once("[exit ").unwrap();
    let (code, settings) = rest.split_once(']').unwrap();
    let echoes = settings.split_whitespace().any(|word| word == "echo");
    (code.parse().unwrap(), shown.to_owned(), echoes)
}

#[test]
fn a_code_is_typed_without_being_shown() {
    let server = contract();
    for given in [&[][..], &["--code", "-"]] {
        let check = of_service(&["verifications", "check", "--to", NUMBER]);
        let program = server.process(&[&check[..], given].concat());
        let (code, shown, echoes) = typed(&program, "not shown: ", "0042\n");
        assert_eq!(code, 0, "{shown}");
        assert!(!shown.contains(CODE), "{shown}");
        assert!(echoes);
        server.server.assert_last(
            "CreateVerificationCheck",
            &format!("/v2/Services/{SERVICE}/VerificationCheck"),
            "Code=0042&To=%2B573003003030",
        );
    }
}

#[test]
fn ctrl_c_at_the_prompt_gives_the_terminal_back() {
    let server = contract();
    let check = of_service(&["verifications", "check", "--to", NUMBER]);
    let program = server.process(&check);
    let (code, shown, echoes) = typed(&program, "not shown: ", "00\u{3}");
    assert_eq!(code, 130, "{shown}");
    assert!(echoes);
    assert!(server.server.asked().is_empty());
}

#[test]
fn the_end_of_input_at_the_prompt_is_no_code() {
    let server = contract();
    let check = of_service(&["verifications", "check", "--to", NUMBER]);
    let (code, shown, echoes) = typed(&server.process(&check), "not shown: ", "\u{4}");
    assert_eq!(code, 2, "{shown}");
    assert!(echoes);
    assert!(server.server.asked().is_empty());
}

#[test]
fn to_delete_is_asked_for() {
    let server = contract();
    let delete = ["services", "delete", SERVICE];
    for answer in ["n\n", "\n", "\u{4}", "nonsense\n"] {
        let (code, shown, _) = typed(&server.process(&delete), "[y/N] ", answer);
        assert_eq!(code, 0, "{shown}");
        assert!(shown.contains("note: nothing was deleted"), "{shown}");
        assert!(!shown.contains("error"), "{shown}");
    }
    assert!(server.server.asked().is_empty());
    for (index, answer) in ["y\n", "YES\n"].into_iter().enumerate() {
        let (code, shown, _) = typed(&server.process(&delete), "[y/N] ", answer);
        assert_eq!(code, 0, "{shown}");
        assert!(shown.contains(&format!("deleted {SERVICE}")), "{shown}");
        assert_eq!(server.server.asked().len(), index + 1);
    }
}

/// What a terminal shows of a program's output, with stderr.
fn shown(program: &Command) -> String {
    let mut command = in_a_terminal(program, "");
    let output = command.stdin(Stdio::null()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// What clears the screen, hides text or turns it around.
const OBEYED: [char; 5] = ['\u{1b}', '\u{7f}', '\u{9b}', '\u{202e}', '\u{2066}'];

#[test]
fn a_terminal_obeys_no_value_in_any_format() {
    let obeyed: String = OBEYED.into_iter().collect();
    let body = serde_json::json!({
        "sid": SERVICE,
        "friendly_name": format!("left{obeyed}[2Jright"),
        "new_field": format!("left{obeyed}right"),
    });
    let commands = [
        &["services", "fetch", SERVICE, "-o", "table"][..],
        &["services", "fetch", SERVICE, "-o", "json"],
        &["services", "fetch", SERVICE, "-o", "csv"],
        &["services", "fetch", SERVICE, "-o", "tsv"],
        &["api", "GET", "/v2/Services"],
    ];
    let replies = commands.map(|_| Reply::json(200, &body.to_string()));
    let server = scripted(replies);
    for arguments in commands {
        let text = shown(&server.process(arguments));
        assert!(text.contains("left") && text.contains("right"), "{arguments:?} {text:?}");
        for character in OBEYED {
            assert!(!text.contains(character), "{arguments:?} {text:?}");
        }
    }
}

#[test]
fn a_long_wait_is_shown() {
    let body = serde_json::json!({ "sid": SERVICE }).to_string();
    let wait = Reply::with(429, &[("Retry-After", "1")], "");
    let server = scripted([wait, Reply::json(200, &body)]);
    let text = shown(&server.process(&["services", "fetch", SERVICE]));
    assert!(text.contains("note: status 429; waiting 1.0s to send the request again"), "{text}");

    let short = Reply::with(429, &[("Retry-After", "0")], "");
    let server = scripted([short, Reply::json(200, &body)]);
    let text = shown(&server.process(&["services", "fetch", SERVICE]));
    assert!(!text.contains("waiting"), "{text}");
}

#[test]
fn an_emulator_shows_the_codes_that_it_sends() {
    use crate::emulator::library;

    let mut program = crate::support::bare();
    program.args(["emulator", "--sample", "0", "-o", "json"]);
    let mut command = in_a_terminal(&program, "");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut text = String::new();
    let mut until = |end: &str, text: &mut String| {
        while !text.contains(end) {
            let mut bytes = [0; 4096];
            let count = stdout.read(&mut bytes).unwrap();
            assert!(count > 0, "{text}");
            text.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
    };
    until("}", &mut text);
    let started = serde_json::from_str(text.trim()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = library(&started);
        let service = client.services().create("Shop").send().await.unwrap();
        let verifications = client.service(service.sid.unwrap()).verifications();
        verifications.start(NUMBER, twilio_verify::Channel::Sms).send().await.unwrap();
    });
    until(&format!(" to {NUMBER} by sms"), &mut text);
    let line = text.lines().find(|line| line.contains(NUMBER)).unwrap();
    let code = line.trim().strip_prefix("code ").and_then(|rest| rest.split(' ').next()).unwrap();
    assert!(code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit()), "{line}");
    // Ctrl-C.
    child.stdin.take().unwrap().write_all(&[3]).unwrap();
    child.wait().unwrap();
}
