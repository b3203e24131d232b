//! Writing without room for it.

#![cfg(unix)]

use std::process::Command;

use serde_json::json;
use twilio_verify_archive::{Archive, Numbers, Row};

use crate::support::{Folder, attempt, day, whole};

/// Set for the process that may not write large files.
const FOLDER: &str = "TWILIO_VERIFY_TEST_FULL_ARCHIVE";

fn rows(count: u64, date: &str) -> Vec<Row> {
    let rows = (0..count).map(|number| {
        let mut json = whole(number);
        json["date_created"] = json!(format!("{date}T21:02:33Z"));
        // Nothing that could be compressed.
        json["verification_sid"] =
            json!(format!("VE{:032x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        Row::of(&attempt(json), &Numbers::Full).unwrap()
    });
    rows.collect()
}

/// The other process of the next test. No file can be longer than 64 KiB in it.
#[tokio::test]
async fn writes_without_room() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let archive = Archive::open(folder).unwrap();
    let mut writer = archive.writer().await.unwrap();
    for date in ["2026-03-02", "2026-03-03"] {
        let error = writer.merge(day(date), rows(20_000, date)).await.unwrap_err();
        println!(
            "error: {error}: {:?}",
            std::error::Error::source(&error).map(ToString::to_string)
        );
    }
}

#[tokio::test]
async fn an_error_leaves_the_archive_as_it_was() {
    let folder = Folder::new();
    let mut writer = folder.archive.writer().await.unwrap();
    writer.merge(day("2026-03-02"), rows(10, "2026-03-02")).await.unwrap();
    drop(writer);
    let before = folder.files();
    // Without the signal, writing beyond the limit is an error, as it is on a full disk.
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "disk_full::writes_without_room", "--nocapture"])
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    for date in ["2026-03-02", "2026-03-03"] {
        let file = folder.path().join(format!("date={date}/attempts.parquet"));
        let says = format!("can't write {}", file.display());
        assert!(text.contains(&says), "{text}");
    }
    assert!(text.contains("File too large"), "{text}");
    assert_eq!(folder.files(), before);
    assert!(!folder.path().join("date=2026-03-03").exists());
}

#[tokio::test]
async fn a_folder_that_can_not_be_written_is_named() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path()).unwrap();
    // A file is where the day's folder would be: this fails for every user.
    std::fs::write(folder.path().join("date=2026-03-02"), "").unwrap();
    let mut writer = folder.archive.writer().await.unwrap();
    let error = writer.merge(day("2026-03-02"), rows(1, "2026-03-02")).await.unwrap_err();
    assert!(error.to_string().contains("date=2026-03-02"), "{error}");
    let file = folder.folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = Archive::open(&file).unwrap_err();
    assert!(error.to_string().contains("file"), "{error}");
}
