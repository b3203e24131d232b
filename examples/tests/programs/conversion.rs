//! An archive that is filled, and what converts less than all attempts.

use crate::program::{command, emulator, output};

#[tokio::test]
async fn attempts_are_kept_once_and_what_converts_less_is_named() {
    let emulator = emulator().sample(7, chrono::Utc::now(), 2_000).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("attempts");
    let mut run = command(env!("CARGO_BIN_EXE_conversion"), &emulator);
    let (first, _) = output(run.arg(&archive)).await;
    let new = |stdout: &str| stdout.split(' ').next().unwrap().parse::<u64>().unwrap();
    assert!(new(&first) > 1_900, "{first}");
    assert!(!first.contains("missing"), "{first}");
    let found = first.lines().any(|line| line.contains(" of ") && line.contains("converted, "));
    assert!(found, "{first}");
    // What was read is there once; only what was made meanwhile is new.
    let mut run = command(env!("CARGO_BIN_EXE_conversion"), &emulator);
    let (second, _) = output(run.arg(&archive)).await;
    assert!(new(&second) < 50, "{second}");
    assert!(archive.join("_state.json").exists());
}
