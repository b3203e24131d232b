use super::session::{IDENTITY, Outcome, SERVICE, Session};

const CHALLENGE: &str = "YCaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

pub(crate) async fn all(session: &Session) -> Outcome {
    let challenge = session.service().entity(IDENTITY).challenge(CHALLENGE);
    let notifications = challenge.notifications();
    let notification = notifications.create().ttl(0).send().await?;
    let target =
        format!("/v2/Services/{SERVICE}/Entities/{IDENTITY}/Challenges/{CHALLENGE}/Notifications");
    session.server.assert_last("CreateNotification", &target, "Ttl=0");
    assert_eq!(notification.priority.as_deref(), Some("high"));

    let before = session.server.asked().len();
    for ttl in [-1, 301] {
        let error = notifications.create().ttl(ttl).send().await;
        assert_eq!(error.err().ok_or("a ttl")?.field(), Some("ttl"));
    }
    assert_eq!(session.server.asked().len(), before, "nothing is sent");
    Ok(())
}
