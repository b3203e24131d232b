//! Requests that fail, files that are damaged, and syncs that are stopped.

use chrono::TimeDelta;
use twilio_verify_archive::ArchiveError;

use crate::world::{World, attempts, now};

#[tokio::test]
async fn what_was_read_before_an_error_is_kept() {
    let all = attempts(1, 30_000, now() - TimeDelta::days(29), TimeDelta::seconds(80));
    let world = World::new(all.clone()).await;
    // The measuring, and a list for each of 29 days.
    let fault = "ListVerificationAttempt:500,on=12..".parse().unwrap();
    let id = world.emulator.faults().add(fault).unwrap();
    let error = world.sync().run().await.unwrap_err();
    assert!(matches!(error, ArchiveError::Request(_)), "{error}");
    let state = world.archive.state().await.unwrap();
    let watermark = state.watermark.unwrap();
    assert!(watermark > now() - TimeDelta::days(27) && watermark < now() - TimeDelta::days(23));
    let read: Vec<_> = all.iter().filter(|one| one.date_created < watermark).cloned().collect();
    world.holds(&read).await;

    world.emulator.faults().remove(id);
    let synced = world.sync().run().await.unwrap();
    assert!(synced.is_complete(), "{synced:?}");
    assert_eq!(synced.added, 30_000 - read.len() as u64);
    world.holds(&all).await;
}

#[tokio::test]
async fn a_stopped_sync_is_gone_on_with() {
    let all = attempts(1, 3000, now() - TimeDelta::days(29), TimeDelta::minutes(10));
    let world = World::new(all.clone()).await;
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let mut stop = Some(stop);
    let sync = world.sync().until(async move { stopped.await.unwrap_or(()) });
    let synced = sync.run_with(move |progress| {
        if progress.attempts > 1000
            && let Some(stop) = stop.take()
        {
            stop.send(()).unwrap();
        }
    });
    let synced = synced.await.unwrap();
    assert!(synced.stopped && !synced.is_complete(), "{synced:?}");
    assert!(synced.added >= 500 && synced.added < 3000, "{synced:?}");
    let synced = world.sync().run().await.unwrap();
    assert!(synced.is_complete(), "{synced:?}");
    world.holds(&all).await;
}

#[tokio::test]
async fn damaged_and_missing_files_are_read_anew_while_twilio_has_them() {
    let all = attempts(1, 500, now() - TimeDelta::days(9), TimeDelta::minutes(20));
    let world = World::new(all.clone()).await;
    world.sync().run().await.unwrap();
    let days = world.archive.days().await.unwrap();
    let file = |index: usize| {
        let day = format!("date={}", days[index]);
        world.folder.path().join("archive").join(day).join("attempts.parquet")
    };
    let bytes = std::fs::read(file(1)).unwrap();
    std::fs::write(file(1), &bytes[..bytes.len() / 2]).unwrap();
    std::fs::remove_file(file(3)).unwrap();
    std::fs::write(file(5), b"").unwrap();
    let synced = world.sync_after(TimeDelta::hours(1)).await;
    assert_eq!(synced.repaired, [days[1], days[3], days[5]]);
    assert!(synced.is_complete(), "{synced:?}");
    world.holds(&all).await;
    // The state alone may be gone, too.
    std::fs::write(file(1), &bytes[..bytes.len() / 2]).unwrap();
    std::fs::remove_file(world.folder.path().join("archive/_state.json")).unwrap();
    let synced = world.sync().run().await.unwrap();
    assert!(synced.is_complete(), "{synced:?}");
    world.holds(&all).await;
}
