//! Archives that a sync refuses.

use chrono::TimeDelta;
use twilio_verify_archive::{Archive, ArchiveError, Numbers};

use crate::server::{ACCOUNT, Server, item};
use crate::world::{World, attempts, now};

/// The error of a sync that sends nothing and changes nothing.
async fn refused(world: &World, sync: twilio_verify_archive::Sync) -> ArchiveError {
    let path = world.folder.path().join("archive/_state.json");
    let (state, requests) = (std::fs::read(&path).unwrap(), world.emulator.requests().len());
    let error = sync.run().await.unwrap_err();
    assert_eq!(world.emulator.requests().len(), requests);
    assert_eq!(std::fs::read(&path).unwrap(), state);
    error
}

async fn synced() -> World {
    let world = World::new(attempts(1, 50, now() - TimeDelta::days(1), TimeDelta::minutes(20)));
    let world = world.await;
    world.sync().run().await.unwrap();
    world
}

#[tokio::test]
async fn days_that_others_have() {
    let world = synced().await;
    let mut writer = world.archive.writer().await.unwrap();
    // What the next sync would read: the newest attempts.
    writer.lock(now().date_naive()).await.unwrap();
    let error = refused(&world, world.sync()).await;
    assert!(error.to_string().contains(&format!("process {}", std::process::id())), "{error}");
}

#[tokio::test]
async fn other_parts_of_numbers() {
    let world = synced().await;
    let error = refused(&world, world.sync().numbers(Numbers::Full)).await;
    assert!(matches!(error, ArchiveError::Numbers { .. }), "{error}");
    assert!(error.to_string().contains("--numbers none"), "{error}");
}

#[tokio::test]
async fn another_account() {
    let world = synced().await;
    let error = refused(&world, world.sync().account(ACCOUNT)).await;
    let text = error.to_string();
    assert!(text.contains(ACCOUNT) && text.contains(world.emulator.account_sid()), "{text}");
    // It may only show in what is listed.
    let server = Server::start(vec![item(1, now() - TimeDelta::minutes(10))]).await;
    let sync = world.archive.sync(&server.attempts).numbers(Numbers::None);
    let error = refused(&world, sync.now(now() + TimeDelta::minutes(5))).await;
    assert!(matches!(error, ArchiveError::Account { .. }), "{error}");
    world.holds(&attempts(1, 50, now() - TimeDelta::days(1), TimeDelta::minutes(20))).await;
}

#[tokio::test]
async fn a_state_of_a_newer_version() {
    let world = synced().await;
    let path = world.folder.path().join("archive/_state.json");
    let state = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, state.replace(r#""version": 1"#, r#""version": 2"#)).unwrap();
    let error = refused(&world, world.sync()).await;
    assert!(matches!(error, ArchiveError::Version { .. }), "{error}");
}

#[tokio::test]
async fn a_file_in_place_of_the_folder() {
    let world = synced().await;
    let path = world.folder.path().join("archive/_state.json");
    let error = Archive::open(&path).unwrap_err();
    assert!(error.to_string().contains("_state.json"), "{error}");
}
