//! Profiles, the environment and flags, and which of them win.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use tempfile::TempDir;
use tests::scripted::Reply;

use crate::support::{Hosted, SECRET, SERVICE, bare, fails, of_service, scripted, stdout};

const ACCOUNT: &str = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const OTHER: &str = "ACbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const KEY: &str = "SKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const LIST: &str = r#"{"services":[],"webhooks":[],"meta":{}}"#;

/// A home with a file of profiles.
struct Home(TempDir);

impl Home {
    fn with(profiles: &str) -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir_all(home.file().parent().unwrap()).unwrap();
        std::fs::write(home.file(), profiles).unwrap();
        home
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn file(&self) -> PathBuf {
        self.path().join(".config/twilio-verify/config.toml")
    }

    /// The program in this home, without anything else in its environment.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::from_std(bare());
        command.env("HOME", self.path()).args(arguments);
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        command
    }
}

type Server = Hosted<tests::scripted::Scripted>;

fn server() -> Server {
    scripted((0..20).map(|_| Reply::json(200, LIST)))
}

/// The user and the password of the last request.
fn credentials(server: &Server) -> String {
    let received = server.server.received();
    let header = received.last().unwrap().header("authorization").unwrap().to_owned();
    let encoded = header.strip_prefix("Basic ").unwrap();
    String::from_utf8(BASE64_STANDARD.decode(encoded).unwrap()).unwrap()
}

#[test]
#[cfg(unix)]
fn a_profile_has_what_a_request_needs() {
    let server = server();
    let home = Home::with(&format!(
        r#"
        [profiles.default]
        account_sid = "{ACCOUNT}"
        auth_token_command = "echo {SECRET}"
        base_url = "{url}"
        service_sid = "{SERVICE}"

        [profiles.key]
        api_key = "{KEY}"
        api_secret_command = ["printf", "%s", "the secret"]
        base_url = "{url}"
        "#,
        url = server.url(),
    ));
    stdout(&mut home.command(&["services", "list"]));
    assert_eq!(credentials(&server), format!("{ACCOUNT}:{SECRET}"));
    for flag in [&["-p", "key"][..], &["--profile", "key"], &["--profile=key"]] {
        stdout(&mut home.command(&[&["services", "list"], flag].concat()));
        assert_eq!(credentials(&server), format!("{KEY}:the secret"));
    }
    stdout(home.command(&["services", "list"]).env("TWILIO_PROFILE", "key"));
    assert_eq!(credentials(&server), format!("{KEY}:the secret"));
    // The flag wins over the variable, and an empty one is not set.
    let mut command = home.command(&["services", "list", "-p", "default"]);
    stdout(command.env("TWILIO_PROFILE", "key"));
    assert_eq!(credentials(&server), format!("{ACCOUNT}:{SECRET}"));
    stdout(home.command(&["services", "list"]).env("TWILIO_PROFILE", ""));
    assert_eq!(credentials(&server), format!("{ACCOUNT}:{SECRET}"));
    // The service of commands that need one.
    stdout(&mut home.command(&["webhooks", "list"]));
    let last = |server: &Server| server.server.received().last().unwrap().target().to_owned();
    assert_eq!(last(&server), format!("/v2/Services/{SERVICE}/Webhooks?PageSize=50"));
    let other = "VAbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
    let variable = "TWILIO_VERIFY_SERVICE_SID";
    stdout(home.command(&["webhooks", "list"]).env(variable, other));
    assert_eq!(last(&server), format!("/v2/Services/{other}/Webhooks?PageSize=50"));
    let of_service = of_service(&["webhooks", "list"]);
    stdout(home.command(&of_service).env(variable, other));
    assert_eq!(last(&server), format!("/v2/Services/{SERVICE}/Webhooks?PageSize=50"));
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_profile() {
    let (one, two, three) = (server(), server(), server());
    let profile = format!(
        "[profiles.default]\naccount_sid = '{OTHER}'\nbase_url = '{}'\n[profiles.x]\n",
        one.url()
    );
    let home = Home::with(&profile);
    let run = |environment: &[(&str, &str)], flags: &[&str]| {
        let mut command = home.command(&[&["services", "list", "-o", "json"], flags].concat());
        command.env("TWILIO_AUTH_TOKEN", SECRET);
        for (name, value) in environment {
            command.env(name, value);
        }
        command.output().unwrap()
    };
    assert!(run(&[], &[]).status.success());
    assert_eq!(credentials(&one), format!("{OTHER}:{SECRET}"));
    assert!(run(&[("TWILIO_ACCOUNT_SID", ACCOUNT)], &[]).status.success());
    assert_eq!(credentials(&one), format!("{ACCOUNT}:{SECRET}"));
    assert!(run(&[("TWILIO_BASE_URL", two.url())], &[]).status.success());
    assert_eq!((one.server.received().len(), two.server.received().len()), (2, 1));
    let both = [("TWILIO_BASE_URL", two.url())];
    assert!(run(&both, &["--base-url", three.url()]).status.success());
    assert_eq!((two.server.received().len(), three.server.received().len()), (1, 1));
    // With --profile, a note lists the variables that override the profile.
    let chosen = run(&[("TWILIO_ACCOUNT_SID", ACCOUNT)], &["-p", "default"]);
    let stderr = String::from_utf8(chosen.stderr).unwrap();
    assert!(stderr.contains("note: ") && stderr.contains("TWILIO_ACCOUNT_SID"), "{stderr}");
    let same = run(&[("TWILIO_ACCOUNT_SID", OTHER)], &["-p", "default"]);
    assert_eq!(String::from_utf8(same.stderr).unwrap(), "");
}

#[test]
fn the_file_can_be_elsewhere() {
    let server = server();
    let profile = |name: &str| {
        format!("[profiles.{name}]\naccount_sid = '{ACCOUNT}'\nbase_url = '{}'\n", server.url())
    };
    let home = Home::with(&profile("home"));
    let folder = tempfile::tempdir().unwrap();
    let xdg = folder.path().join("twilio-verify");
    std::fs::create_dir(&xdg).unwrap();
    std::fs::write(xdg.join("config.toml"), profile("xdg")).unwrap();
    let named = folder.path().join("named.toml");
    std::fs::write(&named, profile("named")).unwrap();
    let variable = folder.path().join("variable.toml");
    std::fs::write(&variable, profile("variable")).unwrap();

    let mut command = home.command(&["services", "list", "-p", "home"]);
    stdout(command.env("TWILIO_AUTH_TOKEN", SECRET));
    let mut command = home.command(&["services", "list", "-p", "xdg"]);
    command.env("XDG_CONFIG_HOME", folder.path());
    stdout(command.env("TWILIO_AUTH_TOKEN", SECRET));
    let mut command = home.command(&["services", "list", "-p", "variable"]);
    command.env("XDG_CONFIG_HOME", folder.path()).env("TWILIO_VERIFY_CONFIG", &variable);
    stdout(command.env("TWILIO_AUTH_TOKEN", SECRET));
    let file = named.to_str().unwrap();
    let mut command = home.command(&["services", "list", "-p", "named", "--config-file", file]);
    command.env("TWILIO_VERIFY_CONFIG", &variable);
    stdout(command.env("TWILIO_AUTH_TOKEN", SECRET));
    // A relative folder is ignored, as the specification demands.
    let mut command = home.command(&["services", "list", "-p", "home"]);
    command.env("XDG_CONFIG_HOME", "relative");
    stdout(command.env("TWILIO_AUTH_TOKEN", SECRET));
    assert_eq!(server.server.received().len(), 5);
}

#[test]
fn a_profile_that_is_not_there_is_an_error_that_lists_those_that_are() {
    let home = Home::with("[profiles.default]\n[profiles.staging]\nregion = 'ie1'\n");
    let list = ["services", "list"];
    let stderr = fails(&mut home.command(&[&list[..], &["-p", "stagin"]].concat()), 2);
    assert!(stderr.contains("--profile"), "{stderr}");
    assert!(stderr.contains("default, staging"), "{stderr}");
    let stderr = fails(home.command(&list).env("TWILIO_PROFILE", "prod"), 2);
    assert!(stderr.contains("TWILIO_PROFILE") && stderr.contains("default, staging"), "{stderr}");
    let stderr = fails(&mut Home::with("").command(&["services", "list", "-p", "x"]), 2);
    assert!(stderr.contains("--profile") && stderr.contains("[profiles.NAME]"), "{stderr}");
    // There is no file at all.
    let home = Home(tempfile::tempdir().unwrap());
    let stderr = fails(&mut home.command(&["services", "list", "-p", "x"]), 2);
    assert!(stderr.contains("config.toml") && stderr.contains("doesn't exist"), "{stderr}");
    let missing = ["services", "list", "--config-file", "/no/such/file.toml"];
    let stderr = fails(&mut home.command(&missing), 2);
    assert!(stderr.contains("--config-file"), "{stderr}");
    // No home at all.
    let mut command = Command::from_std(bare());
    let stderr = fails(command.args(["services", "list", "-p", "x"]), 2);
    assert!(stderr.contains("--profile") && stderr.contains("HOME"), "{stderr}");
}

#[test]
fn without_a_home_or_a_file_there_is_no_profile() {
    let server = server();
    let mut command = Command::from_std(bare());
    command.env("TWILIO_ACCOUNT_SID", ACCOUNT).env("TWILIO_AUTH_TOKEN", SECRET);
    stdout(command.env("TWILIO_BASE_URL", server.url()).args(["services", "list"]));
    assert_eq!(credentials(&server), format!("{ACCOUNT}:{SECRET}"));
    let stderr = fails(Command::from_std(bare()).args(["services", "list"]), 3);
    assert!(stderr.contains("TWILIO_ACCOUNT_SID"), "{stderr}");
}

#[test]
fn a_file_that_is_wrong_is_named_with_the_place_and_without_the_value() {
    for (text, place) in [
        ("[profiles.default]\nregoin = 'ie1'", "profiles.default.regoin"),
        ("[profiles.x]\nbase-url = 'http://127.0.0.1'", "profiles.x.base-url"),
        ("[default]\nregion = 'ie1'", "`default`"),
        (&format!("[profiles.default]\nauth_token = '{SECRET}'"), "profiles.default.auth_token"),
        (&format!("[profiles.default]\napi_secret = '{SECRET}'"), "profiles.default.api_secret"),
        (&format!("[profiles.default]\naccount_sid = '{SECRET}'"), "profiles.default.account_sid"),
        (&format!("[profiles.default]\nauth_token = {SECRET}"), "line 2"),
        (&format!("[profiles.default]\nedge='a'\nedge = '{SECRET}'"), "line 3"),
        ("[profiles.default]\nservice_sid = 'AC'", "profiles.default.service_sid"),
        ("[profiles.default]\nbase_url = 'http://[::1]'\nregion = 'ie1'", "base_url"),
    ] {
        let home = Home::with(text);
        let stderr = fails(&mut home.command(&["services", "list"]), 2);
        assert!(stderr.contains(place) && stderr.contains("config.toml"), "{text}: {stderr}");
        assert!(stderr.contains("help: "), "{stderr}");
        // The emulator of the command needs none of it.
        stdout(&mut home.command(&["--emulator", "attempts", "summary"]));
    }
}

#[test]
fn a_setting_that_the_client_rejects_is_named_by_where_it_is_from() {
    let of_profile = |setting: &str| {
        Home::with(&format!("[profiles.default]\naccount_sid = '{ACCOUNT}'\n{setting}\n"))
    };
    let run = |home: &Home, variable: Option<(&str, &str)>, flags: &[&str]| {
        let mut command = home.command(&[&["services", "list"], flags].concat());
        command.env("TWILIO_AUTH_TOKEN", SECRET);
        if let Some((name, value)) = variable {
            command.env(name, value);
        }
        fails(&mut command, 2)
    };
    let wrong = "http://a.example.org";
    let home = of_profile("");
    assert!(run(&home, None, &["--base-url", wrong]).contains("--base-url"));
    assert!(run(&home, Some(("TWILIO_BASE_URL", wrong)), &[]).contains("TWILIO_BASE_URL"));
    let profile = of_profile(&format!("base_url = '{wrong}'"));
    assert!(run(&profile, None, &[]).contains("profiles.default.base_url"));
    assert!(run(&home, None, &["--region", "a b"]).contains("--region"));
    assert!(run(&home, Some(("TWILIO_REGION", "a b")), &[]).contains("TWILIO_REGION"));
    assert!(run(&of_profile("edge = 'a b'"), None, &[]).contains("profiles.default.edge"));
    let variable = Some(("TWILIO_VERIFY_SERVICE_SID", "VA1"));
    assert!(run(&home, variable, &[]).contains("TWILIO_VERIFY_SERVICE_SID"));
}

#[test]
#[cfg(unix)]
fn a_command_that_prints_no_secret_is_named() {
    for line in ["true", "exit 3", "printf 'a\\nb'", "echo ' a'", "no-such-program-4f1d27a0"] {
        let home = Home::with(&format!(
            "[profiles.default]\naccount_sid = '{ACCOUNT}'\nauth_token_command = \"\"\"{}\"\"\"",
            line.replace('\\', "\\\\")
        ));
        let mut command = home.command(&["services", "list"]);
        let output = command.assert().code(3).get_output().clone();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains("profiles.default.auth_token_command"), "{line}: {stderr}");
    }
    let home = Home::with(&format!("[profiles.default]\naccount_sid = '{ACCOUNT}'"));
    let stderr = fails(&mut home.command(&["services", "list"]), 3);
    assert!(stderr.contains("auth_token_command"), "{stderr}");
    // No command runs for another account, nor before it is needed.
    let mark = home.path().join("ran");
    let command = format!("touch '{}'; echo {SECRET}", mark.display());
    let home = Home::with(&format!(
        "[profiles.default]\naccount_sid = '{ACCOUNT}'\nauth_token_command = \"{command}\""
    ));
    let mut other = home.command(&["services", "list"]);
    let stderr = fails(other.env("TWILIO_ACCOUNT_SID", OTHER), 3);
    assert!(stderr.contains("TWILIO_AUTH_TOKEN"), "{stderr}");
    fails(&mut home.command(&["webhooks", "list"]), 2);
    stdout(&mut home.command(&["--emulator", "attempts", "summary"]));
    assert!(!mark.exists());
}

#[test]
fn a_service_that_is_nowhere_is_asked_for() {
    let home = Home::with("[profiles.default]\n");
    for arguments in [
        &["webhooks", "list"][..],
        &["verifications", "start", "--to", "+14155550100", "--channel", "sms"],
        &["verifications", "check", "--to", "+14155550100"],
    ] {
        let stderr = fails(&mut home.command(arguments), 2);
        for name in ["--service-sid", "TWILIO_VERIFY_SERVICE_SID", "profile"] {
            assert!(stderr.contains(name), "{stderr}");
        }
    }
}

#[test]
fn the_help_says_what_wins() {
    let text = stdout(Command::from_std(bare()).arg("--help"));
    for words in [
        "TWILIO_BASE_URL",
        "TWILIO_CA_BUNDLE",
        "TWILIO_PROFILE",
        "config.toml",
        "auth_token_command",
        "Flags take precedence over the environment, and both over the profile.",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}
