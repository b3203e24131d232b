//! What Twilio has deleted, or no longer counts.

use std::time::Duration;

use chrono::TimeDelta;
use twilio_verify_emulator::Emulator;

use crate::world::{World, attempts, now};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test]
async fn attempts_that_were_deleted_before_they_were_read_are_lost() {
    let all = attempts(1, 700, now() - TimeDelta::days(20), TimeDelta::hours(2));
    let world = World::new(all.clone()).await;
    assert!(world.sync().run().await.unwrap().is_complete());
    let watermark = now() - TimeDelta::minutes(1);
    let synced = world.sync_after(TimeDelta::days(33)).await;
    let earliest = now() + TimeDelta::days(3);
    assert!(!synced.is_complete());
    let lost: Vec<_> = synced.lost.iter().collect();
    assert_eq!(lost.len(), 1, "{synced:?}");
    assert_eq!((lost[0].from(), lost[0].to()), (watermark, earliest));
    assert_eq!(synced.state.watermark, Some(now() + TimeDelta::days(33) - TimeDelta::minutes(1)));
    assert!(!synced.state.is_proven(lost[0]));
    let kept: Vec<_> = all
        .into_iter()
        .filter(|one| one.date_created < watermark || one.date_created >= earliest)
        .filter(|one| Some(one.date_created) < synced.state.watermark)
        .collect();
    world.holds(&kept).await;
    // It is said once, and remains known.
    let again = world.sync_after(TimeDelta::hours(1)).await;
    assert!(again.is_complete(), "{again:?}");
    assert_eq!(again.state.lost.iter().collect::<Vec<_>>(), lost);
}

#[tokio::test]
async fn what_twilio_no_longer_counts_is_not_called_proven() {
    for days in [0, 5, 20] {
        let all = attempts(1, 1400, now() - TimeDelta::days(29), TimeDelta::minutes(29));
        let builder = Emulator::builder().summary_retention(DAY * days + DAY / 24);
        let world = World::with(builder.attempts(all.clone())).await;
        let synced = world.sync().run().await.unwrap();
        world.holds(&all).await;
        assert!(!synced.is_complete(), "{synced:?}");
        if days == 0 {
            // So short that it may be a fault: what is younger than a day stays open.
            assert!(!synced.open.is_empty(), "{synced:?}");
            continue;
        }
        assert!(synced.open.is_empty() && synced.lost.is_empty(), "{synced:?}");
        let reach = synced.unproven.end().unwrap();
        let expected = now() - TimeDelta::days(days.into()) - TimeDelta::hours(1);
        assert!((reach - expected).abs() < TimeDelta::minutes(29), "{reach} {expected}");
        assert_eq!(synced.state.watermark, Some(now() - TimeDelta::minutes(1)));
        let again = world.sync_after(TimeDelta::hours(1)).await;
        assert!(again.is_complete(), "{again:?}");
        assert!(!again.state.unproven().is_empty());
    }
}

#[tokio::test]
async fn attempts_that_are_deleted_while_they_are_read_are_no_fault() {
    let start = now() - TimeDelta::days(30);
    let all = attempts(1, 600, start, TimeDelta::seconds(20));
    let world = World::new(all).await;
    // The clock of Twilio is half a minute ahead of that of the sync.
    let sync = world.sync();
    world.clock.advance(TimeDelta::seconds(30));
    let synced = sync.run().await.unwrap();
    assert!(synced.is_complete(), "{synced:?}");
    let begin = synced.state.begin.unwrap();
    assert!(begin > start && begin <= start + TimeDelta::seconds(90), "{begin}");
}
