//! The commands of the guide's pages on attempts and on monitoring, in their order.

use std::fs;
use std::path::Path;

use chrono::Utc;
use twilio_verify_emulator::Emulator;

use crate::support::Server;

/// The commands of a page, each as its words.
fn commands(page: &str) -> Vec<Vec<String>> {
    let blocks = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let lines = blocks.flat_map(str::lines).map(str::trim_start);
    let commands = lines.filter_map(|line| line.strip_prefix("twilio-verify "));
    commands.map(|words| words.split_whitespace().map(str::to_owned).collect()).collect()
}

fn commands_of(page: &str) -> Vec<Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src");
    commands(&fs::read_to_string(folder.join(page)).unwrap())
}

#[test]
fn the_commands_of_the_page_on_attempts_work() {
    let commands = commands_of("attempts.md");
    assert!(commands.len() >= 10, "{commands:?}");
    let server = Server::start(Emulator::builder().sample(7, Utc::now(), 2_000));
    let folder = tempfile::tempdir().unwrap();
    // The hashes of the archive's numbers have a key there.
    let key = folder.path().join("config");
    for words in commands {
        let is_offline = words.iter().any(|word| word == "--from-archive")
            || words[..2] == ["attempts", "report"] && !words.contains(&"--live".to_owned());
        let mut command = match is_offline {
            true => assert_cmd::Command::from_std(crate::support::bare()),
            false => server.command(),
        };
        command.current_dir(&folder).env("XDG_CONFIG_HOME", &key).args(&words);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}\n{said}");
    }
    for file in ["attempts.csv", "unconverted.xlsx", "week.parquet", "report.html", "prefixes.html"]
    {
        assert!(fs::metadata(folder.path().join(file)).unwrap().len() > 0, "{file}");
    }
    assert!(folder.path().join("attempts/_state.json").exists());
}

#[test]
fn the_commands_of_the_page_on_monitoring_work() {
    let commands = commands_of("monitoring.md");
    let attack = "pumping prefix=+99899394 start=-30m for=30m rate=600/h".parse().unwrap();
    let server = Server::start(Emulator::builder().sample(7, Utc::now(), 2_000).scenario(attack));
    let folder = tempfile::tempdir().unwrap();
    let mut runs = 0;
    for mut words in commands {
        // What runs until it is stopped is started once, or by other tests.
        if words[0] == "emulator" || (words[0] == "exporter" && words[1] != "--print") {
            continue;
        }
        let is_watch = words[..2] == ["attempts", "watch"];
        if is_watch {
            words.push("--once".to_owned());
        }
        words.truncate(words.iter().position(|word| word == ">").unwrap_or(words.len()));
        let is_offline = words[0] == "exporter" || words[..2] == ["attempts", "replay"];
        let mut command = match is_offline {
            true => assert_cmd::Command::from_std(crate::support::bare()),
            false => server.command(),
        };
        command.current_dir(&folder).env("XDG_CONFIG_HOME", folder.path()).args(&words);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let expected = if is_watch { 8 } else { 0 };
        assert_eq!(output.status.code(), Some(expected), "{words:?}\n{said}");
        if is_watch {
            assert!(String::from_utf8_lossy(&output.stdout).contains("+99899394"), "{said}");
        }
        runs += 1;
    }
    assert!(runs >= 8, "{runs}");
}
