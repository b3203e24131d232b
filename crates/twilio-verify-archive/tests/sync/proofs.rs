//! Lists that differ from counts.

use chrono::TimeDelta;
use serde_json::json;
use twilio_verify_archive::{Archive, Numbers};

use crate::server::{Server, item};
use crate::world::{now, rows};

#[tokio::test]
async fn the_watermark_does_not_pass_what_is_not_proven() {
    let items = (1..=300).map(|one| item(one, now() - TimeDelta::minutes(one as i64 * 13)));
    let server = Server::start(items.collect()).await;
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let sync = |hours| {
        let time = now() + TimeDelta::hours(hours);
        archive.sync(&server.attempts).numbers(Numbers::None).now(time).run()
    };
    let first = sync(0).await.unwrap();
    assert!(first.is_complete(), "{first:?}");
    let watermark = first.state.watermark;

    server.content.lock().unwrap().more = 1;
    server.content.lock().unwrap().items.push(item(1000, now() + TimeDelta::minutes(5)));
    let open = sync(1).await.unwrap();
    assert!(!open.is_complete());
    assert_eq!(open.state.watermark, watermark);
    assert_eq!(open.state.sealed_until, first.state.sealed_until);
    assert_eq!(open.open, open.state.open);
    assert!(open.open.holds(*open.periods.last().unwrap()), "{open:?}");
    // What was listed is kept.
    assert_eq!(rows(&archive).await.unwrap().len(), 301);

    server.content.lock().unwrap().more = 0;
    let closed = sync(2).await.unwrap();
    assert!(closed.is_complete(), "{closed:?}");
    assert_eq!(closed.added, 0);
    assert_eq!(closed.state.watermark, Some(now() + TimeDelta::hours(2) - TimeDelta::minutes(1)));
    assert!(closed.state.open.is_empty());
}

#[tokio::test]
async fn attempts_without_a_sid_or_a_date_are_counted_and_the_sync_goes_on() {
    let mut items: Vec<_> =
        (1..=50).map(|one| item(one, now() - TimeDelta::minutes(one as i64 * 7))).collect();
    items[3]["sid"] = json!(null);
    items[5]["date_created"] = json!(null);
    items[7]["date_created"] = json!("soon");
    let server = Server::start(items.clone()).await;
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    let sync = |hours| {
        let time = now() + TimeDelta::hours(hours);
        archive.sync(&server.attempts).numbers(Numbers::None).now(time).run()
    };
    let first = sync(0).await.unwrap();
    assert!(!first.is_complete(), "{first:?}");
    assert_eq!((first.unreadable, first.state.unreadable()), (3, 3));
    assert_eq!(rows(&archive).await.unwrap().len(), 47);
    assert_eq!(first.state.watermark, Some(now() - TimeDelta::minutes(1)));
    let again = sync(0).await.unwrap();
    assert_eq!(again.state.unreadable(), 3);

    // They can be read later.
    server.content.lock().unwrap().items =
        (1..=50).map(|one| item(one, now() - TimeDelta::minutes(one as i64 * 7))).collect();
    for hour in 1..=35 {
        sync(hour).await.unwrap();
    }
    let last = sync(36).await.unwrap();
    assert!(last.is_complete(), "{last:?}");
    assert_eq!(last.state.unreadable(), 0);
    assert_eq!(rows(&archive).await.unwrap().len(), 50);
}
