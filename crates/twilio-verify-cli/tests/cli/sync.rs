//! `attempts sync`.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use assert_cmd::Command;
use chrono::{SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::scripted::{Reply, Scripted};
use twilio_verify_archive::Archive;
use twilio_verify_emulator::{Attempt, Emulator};

use crate::support::{Server, attempt, fails, hosted, json, stdout};

/// Attempts of the last days, the newest some minutes ago.
pub(crate) fn recent(n: u128) -> Vec<Attempt> {
    let newest = Utc::now() - TimeDelta::minutes(5);
    let step = |number: u128| TimeDelta::seconds(60) * i32::try_from(number).unwrap();
    (1..=n).map(|number| attempt(number, newest - step(number))).collect()
}

/// A server with these attempts, and no limits.
pub(crate) fn server(attempts: Vec<Attempt>) -> Server {
    let builder = Emulator::builder().attempts(attempts);
    Server::start(builder.summary_limit(None).attempts_limit(None))
}

/// A folder for an archive, and for the program's configuration.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn archive(&self) -> std::path::PathBuf {
        self.0.path().join("archive")
    }

    fn key(&self) -> std::path::PathBuf {
        self.0.path().join("config/twilio-verify/archive.key")
    }

    /// A sync into the archive.
    pub(crate) fn sync(&self, mut command: Command, arguments: &[&str]) -> Command {
        command.env("XDG_CONFIG_HOME", self.0.path().join("config"));
        command.args(["attempts", "sync"]).arg(self.archive()).args(arguments);
        command
    }
}

/// The SIDs of an archive, sorted.
pub(crate) fn sids(folder: &Path) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut sids = runtime.block_on(async {
        let archive = Archive::open(folder).unwrap();
        let mut sids = Vec::new();
        for day in archive.days().await.unwrap() {
            let rows = archive.rows(day).await.unwrap();
            sids.extend(rows.iter().map(|row| row.sid.to_string()));
        }
        sids
    });
    sids.sort_unstable();
    sids
}

/// The SIDs of attempts, sorted.
pub(crate) fn expected(attempts: &[Attempt]) -> Vec<String> {
    let mut sids: Vec<String> = attempts.iter().map(|one| one.sid.to_string()).collect();
    sids.sort_unstable();
    sids
}

#[test]
fn an_archive_is_filled_and_a_second_sync_changes_nothing() {
    let attempts = recent(3000);
    let (server, place) = (server(attempts.clone()), Place::new());
    let first = json(&mut place.sync(server.command(), &["-o", "json"]));
    assert_eq!(first["added"], 3000, "{first}");
    assert_eq!(first["complete"], true, "{first}");
    assert_eq!(sids(&place.archive()), expected(&attempts));
    let text = stdout(&mut place.sync(server.command(), &[]));
    for words in ["Attempts", "3,000", "Complete until", "as many attempts were listed"] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let line = stdout(&mut place.sync(server.command(), &["-o", "csv"]));
    assert!(line.starts_with("added,changed,watermark,complete"), "{line}");
    assert_eq!(sids(&place.archive()), expected(&attempts));
}

#[test]
fn the_key_of_the_hashes_is_made_once_and_named() {
    let (server, place) = (server(recent(20)), Place::new());
    let sync = |arguments: &[&str]| place.sync(server.command(), arguments);
    let output = sync(&[]).assert().success().get_output().clone();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(&place.key().display().to_string()), "{said}");
    let key = std::fs::read_to_string(place.key()).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(place.key()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let output = sync(&[]).assert().success().get_output().clone();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    // Neither the number nor the key is in any file.
    let days = std::fs::read_dir(place.archive()).unwrap().map(|entry| entry.unwrap().path());
    for file in days.filter(|path| path.is_dir()).map(|day| day.join("attempts.parquet")) {
        let bytes = std::fs::read(file).unwrap();
        let has = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(has("+57300300") && !has("3003003030") && !has(key.trim()));
    }
    let other = "0123456789abcdef0123456789abcdef";
    let said = fails(sync(&[]).env("TWILIO_VERIFY_ARCHIVE_KEY", other), 2);
    assert!(said.contains("another folder") && !said.contains(other), "{said}");
    std::fs::remove_file(place.key()).unwrap();
    let said = fails(&mut sync(&[]), 2);
    assert!(said.contains("doesn't exist"), "{said}");
    assert!(!place.key().exists());
}

#[test]
fn what_is_invalid_is_said_before_anything_is_sent() {
    let (server, place) = (server(recent(3)), Place::new());
    let sync = |arguments: &[&str]| place.sync(server.command(), arguments);
    for (arguments, words) in [
        (&["--every", "0"][..], "--every"),
        (&["--every", "soon"], "--every"),
        (&["--validity", "1m"], "2m to 24h"),
        (&["--numbers", "some"], "--numbers"),
        (&["--numbers", "none", "--key-file", "x"], "--key-file"),
        (&["--key-file", "missing"], "--key-file"),
        (&["--properties", "added"], "--properties"),
        (&["--country", "CO"], "--country"),
    ] {
        let output = sync(arguments).assert().code(2).get_output().clone();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(words), "{words}\n{said}");
    }
    std::fs::write(place.archive(), "a file").unwrap();
    let said = fails(&mut sync(&[]), 2);
    assert!(said.contains("archive") && said.contains("folder"), "{said}");
    assert_eq!(std::fs::read_to_string(place.archive()).unwrap(), "a file");
    assert!(server.emulator.requests().is_empty());

    std::fs::remove_file(place.archive()).unwrap();
    sync(&["--numbers", "none"]).assert().success();
    let said = fails(&mut sync(&["--numbers", "full"]), 2);
    assert!(said.contains("--numbers none"), "{said}");
    // Without the flag, an archive stays as it is.
    sync(&[]).assert().success();
    assert!(!place.key().exists());
    let account = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let said = fails(sync(&[]).env("TWILIO_ACCOUNT_SID", account), 2);
    assert!(said.contains(account) && said.contains(server.emulator.account_sid()), "{said}");
}

#[test]
fn what_is_not_proven_has_an_exit_code() {
    let created = (Utc::now() - TimeDelta::hours(1)).to_rfc3339_opts(SecondsFormat::Secs, true);
    let start = Scripted::deciding(move |request| {
        let target = request.target().replace("%3A", ":");
        let value = |name: &str| {
            let value = target.split(['?', '&']).find_map(|pair| pair.strip_prefix(name));
            value.unwrap_or_default().to_owned()
        };
        let is_in = value("DateCreatedAfter=") <= created && created < value("DateCreatedBefore=");
        let item = is_in.then(|| json!({"date_created": created, "channel": "sms"}));
        let body = match target.contains("Summary") {
            true => json!({"total_attempts": u8::from(is_in)}),
            false => json!({
                "attempts": item.into_iter().collect::<Vec<_>>(),
                "meta": {"next_page_url": null},
            }),
        };
        Reply::json(200, &body.to_string())
    });
    let (server, place) = (hosted(start, Scripted::url), Place::new());
    let mut command = place.sync(server.command(&[]), &["--numbers", "none", "-o", "json"]);
    let output = command.assert().code(9).get_output().clone();
    let synced: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(synced["complete"], false);
    assert_eq!(synced["unreadable"], 1, "{synced}");
}

#[test]
fn a_second_writer_is_told_who_has_all_days() {
    let (server, place) = (server(recent(3)), Place::new());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let archive = Archive::open(place.archive()).unwrap();
    let mut writer = runtime.block_on(archive.writer()).unwrap();
    for days in 0..=30 {
        let day = (Utc::now() - TimeDelta::days(days)).date_naive();
        runtime.block_on(writer.lock(day)).unwrap();
    }
    let said = fails(&mut place.sync(server.command(), &["--numbers", "none"]), 1);
    assert!(said.contains(&format!("process {}", std::process::id())), "{said}");
    assert!(server.emulator.requests().is_empty());
}

#[cfg(unix)]
#[test]
fn it_syncs_again_and_again_until_ctrl_c() {
    let attempts = recent(100);
    let (server, place) = (server(attempts.clone()), Place::new());
    let sync = place.sync(server.command(), &["--every", "1s", "--numbers", "none", "-o", "jsonl"]);
    let mut command = std::process::Command::new(sync.get_program());
    command.args(sync.get_args()).env_clear();
    command.envs(sync.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for added in [100, 0] {
        let line = lines.next().unwrap().unwrap();
        let synced: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(synced["added"], added, "{synced}");
    }
    let pid = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(sids(&place.archive()), expected(&attempts));
}
