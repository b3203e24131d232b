//! Several syncs of one archive at the same time.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use twilio_verify_archive::{Archive, Numbers, Synced};

use crate::world::{World, attempts, now};

/// How many lists were asked for.
fn lists(world: &World) -> usize {
    let requests = world.emulator.requests();
    requests.iter().filter(|request| request.path().ends_with("/Attempts")).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_read_what_one_would_read() {
    let all = attempts(1, 4_000, now() - TimeDelta::minutes(40_010), TimeDelta::minutes(10));
    let world = World::new(all.clone()).await;
    world.sync().run().await.unwrap();
    let one = lists(&world);
    world.holds(&all).await;

    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let sync = |hours: i64| {
        let time = now() + TimeDelta::hours(hours);
        archive.sync(&world.attempts).numbers(Numbers::None).now(time)
    };
    let runs = (0..6).map(|_| tokio::spawn(sync(0).run()));
    let mut synced: Vec<Synced> = Vec::new();
    for run in runs.collect::<Vec<_>>() {
        synced.push(run.await.unwrap().unwrap());
    }
    // One list each to measure the bounds.
    let several = lists(&world) - one;
    assert!(several <= one + 6, "{several} lists by six, {one} by one");
    assert_eq!(synced.iter().map(|one| one.added).sum::<u64>(), 4_000);
    assert!(synced.iter().filter(|one| one.added > 0).count() > 1);
    let mut sids = BTreeSet::new();
    for day in archive.days().await.unwrap() {
        sids.extend(archive.rows(day).await.unwrap().into_iter().map(|row| row.sid));
    }
    assert_eq!(sids.len(), 4_000);
    let state = archive.state().await.unwrap();
    assert_eq!(state, world.archive.state().await.unwrap());

    // An hour later there are two days to be read; what one has read, others don't.
    let before = lists(&world);
    let fresh = TimeDelta::minutes(54);
    for seconds in [0, 5, 1_200] {
        let sync = sync(1).now(now() + TimeDelta::hours(1) + TimeDelta::seconds(seconds));
        let synced = sync.fresh(fresh).run().await.unwrap();
        assert!(synced.is_complete(), "{synced:?}");
    }
    assert_eq!(lists(&world) - before, 2);
}

#[tokio::test]
async fn what_others_have_is_named_and_the_rest_is_read() {
    let all = attempts(1, 100, now() - TimeDelta::days(9), TimeDelta::hours(2));
    let world = World::new(all.clone()).await;
    let mut other = world.archive.writer().await.unwrap();
    let days = [3, 4].map(|days| (now() - TimeDelta::days(days)).date_naive());
    for day in days {
        other.lock(day).await.unwrap();
    }
    let synced = world.sync().run().await.unwrap();
    assert_eq!(synced.held.iter().map(|held| held.day).collect::<Vec<_>>(), [days[1], days[0]]);
    let process = format!("process {}", std::process::id());
    let named = |holder: Option<&String>| holder.is_some_and(|holder| holder.contains(&process));
    assert!(cfg!(windows) || synced.held.iter().all(|held| named(held.holder.as_ref())));
    assert!(synced.is_proven() && !synced.is_complete(), "{synced:?}");
    assert_eq!(synced.added, 100 - 24);
    let first = days[1].and_time(chrono::NaiveTime::MIN).and_utc();
    assert_eq!(synced.state.watermark, Some(first));
    other.release().await.unwrap();
    let synced = world.sync().run().await.unwrap();
    assert!(synced.is_complete(), "{synced:?}");
    assert_eq!(synced.added, 24);
    world.holds(&all).await;
}
