use twilio_verify::{RateLimit, RateLimitSid};

use super::session::{Outcome, SERVICE, Session};

pub(crate) const RATE_LIMIT: &str = "RKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

pub(crate) async fn all(session: &Session) -> Outcome {
    let limits = session.service().rate_limits();
    let path = format!("/v2/Services/{SERVICE}/RateLimits");
    let limit = limits.create("end_user_ip").description("From one IP address").send().await?;
    session.server.assert_last(
        "CreateRateLimit",
        &path,
        "Description=From+one+IP+address&UniqueName=end_user_ip",
    );
    assert_eq!(limit.unique_name.as_deref(), Some("end_user_ip"));
    let sid = limit.sid.ok_or("the example has a SID")?;
    assert_eq!(sid.as_str(), RATE_LIMIT);

    let target = format!("{path}/{sid}");
    limits.fetch(sid.clone()).await?;
    session.server.assert_last("FetchRateLimit", &target, "");
    let limit = limits.update(sid.clone()).description("New limits");
    limit.send().await?;
    session.server.assert_last("UpdateRateLimit", &target, "Description=New+limits");
    limits.delete(sid).await?;
    session.server.assert_last("DeleteRateLimit", &target, "");

    let page = limits.list().page_size(20).pages().try_next().await?;
    let target = format!("{path}?PageSize=20");
    session.server.assert_last("ListRateLimit", &target, "");
    assert_eq!(page.ok_or("there is a page")?.items.len(), 2);

    let before = session.server.asked().len();
    let error = limits.create("").send().await.err().ok_or("not refused")?;
    assert_eq!(error.field(), Some("unique_name"), "{error}");
    for error in [
        limits.fetch(foreign()?).await.err().ok_or("not refused")?,
        limits.update(foreign()?).send().await.err().ok_or("not refused")?,
        limits.delete(foreign()?).await.err().ok_or("not refused")?,
    ] {
        assert_eq!(error.field(), Some("sid"), "{error}");
    }
    assert_eq!(session.server.asked().len(), before, "nothing is sent");
    Ok(())
}

/// A SID that a response held, and that can't be sent.
pub(crate) fn foreign() -> Result<RateLimitSid, Box<dyn std::error::Error>> {
    let limit: RateLimit = serde_json::from_str(r#"{ "sid": ".." }"#)?;
    limit.sid.ok_or_else(|| "it has a SID".into())
}
