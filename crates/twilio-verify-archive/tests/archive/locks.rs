//! One writer of a day at a time.

use std::process::Command;

use twilio_verify_archive::{Archive, ArchiveError, Numbers, Row, State};
use twilio_verify_insights::Period;

use crate::support::{Folder, attempt, day, whole};

const DAY: &str = "2026-03-02";

/// Set for the process that holds the lock.
const HELD: &str = "TWILIO_VERIFY_TEST_HELD_ARCHIVE";

#[tokio::test]
async fn a_second_writer_of_a_day_learns_who_the_first_is() {
    let folder = Folder::new();
    let mut writer = folder.archive.writer().await.unwrap();
    writer.lock(day(DAY)).await.unwrap();
    writer.lock(day(DAY)).await.unwrap();
    let mut other = Archive::open(folder.path()).unwrap().writer().await.unwrap();
    let error = other.lock(day(DAY)).await.unwrap_err();
    assert!(matches!(error, ArchiveError::Locked { .. }), "{error}");
    let text = error.to_string();
    let process = format!("process {}", std::process::id());
    assert!(cfg!(windows) || text.contains(&process), "{text}");
    assert!(text.contains(DAY), "{text}");
    // Another day is free, and so is reading.
    let rows = vec![Row::of(&attempt(whole(1)), &Numbers::Full).unwrap()];
    let error = other.merge(rows[0].day(), rows).await.unwrap_err();
    assert!(matches!(error, ArchiveError::Locked { .. }), "{error}");
    other.lock(day("2026-03-03")).await.unwrap();
    assert!(folder.archive.days().await.unwrap().is_empty());
    writer.unlock(day(DAY)).await.unwrap();
    other.lock(day(DAY)).await.unwrap();
    drop(other);
    writer.lock(day(DAY)).await.unwrap();
    writer.release().await.unwrap();
    // No lock is left.
    assert!(cfg!(windows) || std::fs::read_dir(folder.path()).unwrap().next().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_has_one_writer_however_often_it_changes() {
    let folder = Folder::new();
    let inside = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let tasks = (0..4).map(|_| {
        let (archive, inside) = (folder.archive.clone(), std::sync::Arc::clone(&inside));
        tokio::spawn(async move {
            use std::sync::atomic::Ordering::SeqCst;

            let mut writer = archive.writer().await.unwrap();
            let mut taken = 0;
            while taken < 50 {
                match writer.lock(day(DAY)).await {
                    Ok(()) => {
                        assert_eq!(inside.fetch_add(1, SeqCst), 0);
                        tokio::task::yield_now().await;
                        assert_eq!(inside.fetch_sub(1, SeqCst), 1);
                        writer.unlock(day(DAY)).await.unwrap();
                        taken += 1;
                    }
                    Err(ArchiveError::Locked { .. }) => tokio::task::yield_now().await,
                    Err(error) => panic!("{error}"),
                }
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn a_state_is_changed_by_one_after_the_other() {
    let folder = Folder::new();
    let changes = (1..=8).map(|number: i64| {
        let archive = folder.archive.clone();
        tokio::spawn(async move {
            let mut writer = archive.writer().await.unwrap();
            for step in 0..20 {
                let at = |second| chrono::DateTime::from_timestamp(second, 0).unwrap();
                let from = 1_000 * number + 2 * step;
                let period = Period::new(at(from), at(from + 1)).unwrap();
                let change = move |state: &mut State| {
                    state.lost.insert(period);
                    Ok(())
                };
                writer.update(change).await.unwrap();
            }
        })
    });
    for change in changes.collect::<Vec<_>>() {
        change.await.unwrap();
    }
    assert_eq!(folder.archive.state().await.unwrap().lost.iter().count(), 160);
}

/// The other process of the next test.
#[tokio::test]
async fn holds_a_lock_until_it_is_killed() {
    let Some(folder) = std::env::var_os(HELD) else { return };
    let mut writer = Archive::open(folder).unwrap().writer().await.unwrap();
    writer.lock(day(DAY)).await.unwrap();
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
    let mut writer = folder.archive.writer().await.unwrap();
    let error = writer.lock(day(DAY)).await.unwrap_err();
    let process = format!("process {}", child.id());
    assert!(cfg!(windows) || error.to_string().contains(&process), "{error}");
    child.kill().unwrap();
    child.wait().unwrap();
    writer.lock(day(DAY)).await.unwrap();
}
