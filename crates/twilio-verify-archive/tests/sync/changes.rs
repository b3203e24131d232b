//! What a second sync finds.

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify_emulator::{Attempt, Bound, ConversionStatus, Emulator, Price};

use crate::world::{World, attempts, now, rows};

#[tokio::test]
async fn a_sync_takes_every_attempt_once_and_a_second_one_changes_nothing() {
    let first = now() - TimeDelta::days(30);
    let all = attempts(1, 4320, first, TimeDelta::minutes(10));
    let world = World::new(all.clone()).await;
    let synced = world.sync().run().await.unwrap();
    assert!(synced.is_complete(), "{synced:?}");
    assert_eq!((synced.added, synced.listed), (4320, 4320));
    assert_eq!(synced.state.begin, Some(first));
    assert_eq!(synced.state.watermark, Some(now() - TimeDelta::minutes(1)));
    assert_eq!(synced.state.sealed_until, Some(now() - TimeDelta::hours(26)));
    assert_eq!(world.archive.state().await.unwrap(), synced.state);
    world.holds(&all).await;

    let again = world.sync().run().await.unwrap();
    assert!(again.is_complete(), "{again:?}");
    assert_eq!((again.added, again.changed, again.files), (0, 0, 0));
    world.holds(&all).await;
}

/// What becomes of attempts until an instant.
fn develop(world: &World, all: &[Attempt], time: DateTime<Utc>) {
    for attempt in all {
        world.emulator.store().update(attempt.sid, |attempt| {
            let age = time - attempt.date_created;
            if age > TimeDelta::minutes(9) {
                attempt.conversion_status = ConversionStatus::Converted;
                attempt.date_updated = attempt.date_created + TimeDelta::minutes(9);
            }
            if age > TimeDelta::hours(24) && attempt.price.is_none() {
                // Its date of change stays, as Twilio doesn't say that it moves.
                attempt.price = Some(Price::new("0.0075".parse().unwrap(), "usd"));
            }
        });
    }
}

#[tokio::test]
async fn new_attempts_late_conversions_and_prices_arrive() {
    let mut all = attempts(1, 3, now() - TimeDelta::hours(2), TimeDelta::minutes(30));
    let world = World::new(all.clone()).await;
    world.sync().run().await.unwrap();
    for hour in 1..=40_u32 {
        let time = now() + TimeDelta::hours(hour.into());
        // In the last minute before it.
        let new = attempts(
            u128::from(hour) * 10,
            2,
            time - TimeDelta::seconds(90),
            TimeDelta::seconds(40),
        );
        world.emulator.store().extend(new.clone()).unwrap();
        all.extend(new);
        develop(&world, &all, time);
        let synced = world.sync_after(TimeDelta::hours(1)).await;
        assert!(synced.is_complete(), "{synced:?}");
    }
    develop(&world, &all, now() + TimeDelta::minutes(40 * 60 + 30));
    let synced = world.sync_after(TimeDelta::minutes(30)).await;
    assert!(synced.is_complete(), "{synced:?}");
    world.holds(&all).await;
    let rows = rows(&world.archive).await.unwrap();
    let sealed = synced.state.sealed_until.unwrap();
    let (mut priced, mut converted) = (0, 0);
    for row in rows.into_values().flatten() {
        assert_eq!(row.conversion_status.as_deref(), Some("converted"), "{}", row.date_created);
        converted += 1;
        if row.date_created < sealed {
            assert!(row.price.is_some(), "{}", row.date_created);
            priced += 1;
        }
    }
    assert!(converted == all.len() && priced > 20, "{priced}");
    // A sealed day has one proof.
    let day = synced.state.proofs.iter().find(|proof| {
        proof.period.length() == TimeDelta::days(1) && proof.proof.parts.attempts > 0
    });
    assert!(day.is_some_and(|day| day.is_proven()), "{:?}", synced.state.proofs);
}

#[tokio::test]
async fn attempts_at_the_ends_of_windows_are_neither_lost_nor_counted_twice() {
    for (after, before) in [
        (Bound::Inclusive, Bound::Inclusive),
        (Bound::Exclusive, Bound::Exclusive),
        (Bound::Exclusive, Bound::Inclusive),
        (Bound::Inclusive, Bound::Exclusive),
    ] {
        let start = now() - TimeDelta::days(2);
        let mut all = attempts(1, 2880, start, TimeDelta::minutes(1));
        // Not as many in each second.
        all.extend(attempts(10_000, 400, start, TimeDelta::minutes(7)));
        let builder = Emulator::builder().created_after(after).created_before(before);
        let world = World::with(builder.attempts(all.clone())).await;
        for _ in 0..4 {
            let synced = world.sync_after(TimeDelta::hours(1)).await;
            assert!(synced.is_complete(), "{after:?} {before:?} {synced:?}");
        }
        world.holds(&all).await;
    }
}

#[tokio::test]
async fn a_busy_day_is_read_in_windows_of_few_pages() {
    let start = now() - TimeDelta::days(3);
    let all = attempts(1, 50_000, start, TimeDelta::seconds(1));
    let world = World::new(all.clone()).await;
    let synced = world.sync().run().await.unwrap();
    assert!(synced.is_complete(), "{synced:?}");
    world.holds(&all).await;
    let pages = world.emulator.requests().len();
    assert!(pages < 200, "{pages}");
}
