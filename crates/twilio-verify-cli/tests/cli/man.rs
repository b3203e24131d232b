//! Manual pages.

use std::collections::BTreeSet;

use assert_cmd::Command;

use crate::support::{bare, fails, stdout};

#[test]
fn there_is_a_page_for_each_command() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("share/man1");
    let mut command = Command::from_std(bare());
    assert_eq!(stdout(command.arg("man").arg(&pages)), "");
    let names: BTreeSet<String> = std::fs::read_dir(&pages)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for name in [
        "twilio-verify.1",
        "twilio-verify-attempts.1",
        "twilio-verify-attempts-summary.1",
        "twilio-verify-verifications-start.1",
        "twilio-verify-services-update.1",
        "twilio-verify-passkeys-verify-factor-update.1",
        "twilio-verify-emulator.1",
        "twilio-verify-man.1",
    ] {
        assert!(names.contains(name), "{name}: {names:?}");
    }
    assert!(names.len() > 50, "{names:?}");
    for name in &names {
        let page = std::fs::read_to_string(pages.join(name)).unwrap();
        assert!(page.contains(".TH ") && page.contains(".SH NAME"), "{name}");
        assert!(page.contains(".SH DESCRIPTION"), "{name}");
    }
    let page = std::fs::read_to_string(pages.join("twilio-verify-attempts-summary.1")).unwrap();
    assert!(page.contains("destination\\-prefix"), "{page}");
    // Pages that are there are written anew.
    let mut command = Command::from_std(bare());
    stdout(command.arg("man").arg(&pages));
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let stderr = fails(Command::from_std(bare()).arg("man").arg(file.path()), 2);
    assert!(stderr.contains("<DIR>"), "{stderr}");
    fails(Command::from_std(bare()).arg("man"), 2);
}
