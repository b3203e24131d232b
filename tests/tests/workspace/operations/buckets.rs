use std::time::Duration;

use twilio_verify::{Bucket, BucketSid};

use super::rate_limits::{RATE_LIMIT, foreign};
use super::session::{Outcome, SERVICE, Session};

pub(crate) async fn all(session: &Session) -> Outcome {
    let buckets = session.service().rate_limit(RATE_LIMIT).buckets();
    let path = format!("/v2/Services/{SERVICE}/RateLimits/{RATE_LIMIT}/Buckets");
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    let bucket = buckets.create(5, minutes(10)).send().await?;
    session.server.assert_last("CreateBucket", &path, "Interval=600&Max=5");
    assert_eq!((bucket.max, bucket.interval), (5, 600));
    let sid = bucket.sid.ok_or("the example has a SID")?;

    let target = format!("{path}/{sid}");
    buckets.fetch(sid.clone()).await?;
    session.server.assert_last("FetchBucket", &target, "");
    let update = buckets.update(sid.clone()).max(10).interval(minutes(15));
    update.send().await?;
    session.server.assert_last("UpdateBucket", &target, "Interval=900&Max=10");
    buckets.update(sid.clone()).max(10).send().await?;
    session.server.assert_last("UpdateBucket", &target, "Max=10");
    buckets.delete(sid.clone()).await?;
    session.server.assert_last("DeleteBucket", &target, "");

    let page = buckets.list().page_size(20).pages().try_next().await?;
    let target = format!("{path}?PageSize=20");
    session.server.assert_last("ListBucket", &target, "");
    assert_eq!(page.ok_or("there is a page")?.items[1].interval, 86_400);

    let before = session.server.asked().len();
    for interval in [Duration::ZERO, Duration::from_millis(1500), Duration::from_secs(u64::MAX)] {
        let error = buckets.create(5, interval).send().await;
        assert_eq!(error.err().ok_or("not refused")?.field(), Some("interval"));
        let error = buckets.update(sid.clone()).interval(interval).send().await;
        assert_eq!(error.err().ok_or("not refused")?.field(), Some("interval"));
    }
    for error in [
        buckets.fetch(other()?).await.err().ok_or("not refused")?,
        buckets.update(other()?).send().await.err().ok_or("not refused")?,
        buckets.delete(other()?).await.err().ok_or("not refused")?,
    ] {
        assert_eq!(error.field(), Some("sid"), "{error}");
    }
    let buckets = session.service().rate_limit(foreign()?).buckets();
    let list = buckets.list().pages().try_next().await;
    for error in [
        buckets.create(5, minutes(1)).send().await.err().ok_or("not refused")?,
        buckets.fetch(sid.clone()).await.err().ok_or("not refused")?,
        buckets.update(sid.clone()).send().await.err().ok_or("not refused")?,
        buckets.delete(sid).await.err().ok_or("not refused")?,
        list.err().ok_or("not refused")?,
    ] {
        assert_eq!(error.field(), Some("rate_limit"), "{error}");
    }
    assert_eq!(session.server.asked().len(), before, "nothing is sent");
    Ok(())
}

/// A SID that a response held, and that can't be sent.
fn other() -> Result<BucketSid, Box<dyn std::error::Error>> {
    let bucket: Bucket = serde_json::from_str(r#"{ "sid": "BL1/.." }"#)?;
    bucket.sid.ok_or_else(|| "it has a SID".into())
}
