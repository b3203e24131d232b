//! Archives in an object store.

use std::sync::Arc;

use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use twilio_verify_archive::{Archive, ArchiveError, Numbers, Row};
use twilio_verify_insights::{By, Table};

use crate::support::{attempt, day, whole};

const DAY: &str = "2026-03-02";

fn archive(objects: &Arc<dyn ObjectStore>) -> Archive {
    Archive::open_object_store(Arc::clone(objects), Path::from("verify/attempts"), "memory://x")
}

fn rows(numbers: std::ops::Range<u64>) -> Vec<Row> {
    numbers.map(|number| Row::of(&attempt(whole(number)), &Numbers::Full).unwrap()).collect()
}

#[tokio::test]
async fn what_is_written_is_read() {
    let objects: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let archive = archive(&objects);
    assert!(archive.days().await.unwrap().is_empty());
    assert!(archive.rows(day(DAY)).await.unwrap().is_empty());
    let mut writer = archive.writer().await.unwrap();
    writer.merge(day(DAY), rows(0..100)).await.unwrap();
    let path = Path::from("verify/attempts/date=2026-03-02/attempts.parquet");
    let first = objects.head(&path).await.unwrap();
    assert_eq!(writer.merge(day(DAY), rows(0..100)).await.unwrap().unchanged, 100);
    assert_eq!(objects.head(&path).await.unwrap().e_tag, first.e_tag);
    assert_eq!(writer.merge(day(DAY), rows(90..200)).await.unwrap().added, 100);
    let state = archive.state().await.unwrap();
    writer.save(&state).await.unwrap();
    writer.save(&state).await.unwrap();
    writer.release().await.unwrap();
    assert_eq!(archive.days().await.unwrap(), [day(DAY)]);
    assert_eq!(archive.rows(day(DAY)).await.unwrap(), rows(0..200));
    let by = [By::Country, By::Prefix(5), By::Hour];
    let table = archive.breakdown().by(by).threads(3).run().await.unwrap();
    let attempts: Vec<_> = (0..200).map(|number| attempt(whole(number))).collect();
    assert_eq!(table, Table::of(by, &attempts));
}

#[test]
fn a_url_is_checked() {
    for (url, says) in [
        ("ftp://bucket/path", "expected s3://"),
        ("bucket", "expected s3://"),
        ("s3://key:secret@bucket/path", "AWS_"),
        ("s3://bucket/path?secret=1", "AWS_"),
    ] {
        let error = Archive::open_url(url).unwrap_err();
        assert!(matches!(error, ArchiveError::Url { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains(says) && !text.contains("key:secret"), "{text}");
    }
    // Where a machine has no certificates, there is no client either.
    if let Err(error) = Archive::open_url("s3://bucket/path") {
        let text = error.to_string();
        assert!(text.contains("HTTP client"), "{text}");
    }
}
