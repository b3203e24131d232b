//! One writer at a time.

use std::process::Command;

use twilio_verify_archive::{Archive, ArchiveError};

use crate::support::Folder;

/// Set for the process that holds the lock.
const HELD: &str = "TWILIO_VERIFY_TEST_HELD_ARCHIVE";

#[tokio::test]
async fn a_second_writer_learns_who_the_first_is() {
    let folder = Folder::new();
    let writer = folder.archive.writer().await.unwrap();
    let error = Archive::open(folder.path()).unwrap().writer().await.unwrap_err();
    assert!(matches!(error, ArchiveError::Locked { .. }), "{error}");
    let process = format!("process {}", std::process::id());
    assert!(cfg!(windows) || error.to_string().contains(&process), "{error}");
    // Reading needs no lock.
    assert!(folder.archive.days().await.unwrap().is_empty());
    drop(writer);
    folder.archive.writer().await.unwrap();
}

/// The other process of the next test.
#[tokio::test]
async fn holds_a_lock_until_it_is_killed() {
    let Some(folder) = std::env::var_os(HELD) else { return };
    let _writer = Archive::open(folder).unwrap().writer().await.unwrap();
    println!("locked");
    std::io::Read::read_exact(&mut std::io::stdin(), &mut [0]).unwrap();
}

#[tokio::test]
async fn a_killed_writer_holds_no_lock() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let folder = Folder::new();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "locks::holds_a_lock_until_it_is_killed", "--nocapture"])
        .env(HELD, folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("locked")));
    let error = folder.archive.writer().await.unwrap_err();
    let process = format!("process {}", child.id());
    assert!(cfg!(windows) || error.to_string().contains(&process), "{error}");
    child.kill().unwrap();
    child.wait().unwrap();
    folder.archive.writer().await.unwrap();
}
