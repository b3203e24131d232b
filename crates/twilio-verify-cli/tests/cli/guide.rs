//! The commands of the guide's page on breakdowns, exports and reports, in their order.

use std::fs;
use std::path::Path;

use chrono::Utc;
use twilio_verify_emulator::Emulator;

use crate::support::Server;

/// The commands of a page, each as its words.
fn commands(page: &str) -> Vec<Vec<String>> {
    let blocks = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let lines = blocks.flat_map(str::lines);
    let commands = lines.filter_map(|line| line.strip_prefix("twilio-verify "));
    commands.map(|words| words.split_whitespace().map(str::to_owned).collect()).collect()
}

#[test]
fn the_commands_of_the_page_on_attempts_work() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/attempts.md");
    let commands = commands(&fs::read_to_string(page).unwrap());
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
