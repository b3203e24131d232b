use super::session::{IDENTITY, Outcome, SERVICE, Session};

pub(crate) async fn all(session: &Session) -> Outcome {
    let entities = session.service().entities();
    let path = format!("/v2/Services/{SERVICE}/Entities");
    let entity = entities.create(IDENTITY).send().await?;
    session.server.assert_last("CreateEntity", &path, "Identity=customer-4f1d27a0");
    let identity = entity.identity.ok_or("the example has an identity")?;
    assert_eq!(identity.expose(), IDENTITY);

    let page = entities.list().page_size(20).pages().try_next().await?;
    session.server.assert_last("ListEntity", &format!("{path}?PageSize=20"), "");
    assert!(page.ok_or("there is a page")?.items.len() > 1);

    let target = format!("{path}/{IDENTITY}");
    let entity = entities.fetch(IDENTITY).await?;
    session.server.assert_last("FetchEntity", &target, "");
    assert!(entity.sid.is_some());
    entities.delete(IDENTITY).await?;
    session.server.assert_last("DeleteEntity", &target, "");

    // The shortest and the longest.
    for identity in ["a".repeat(8), "Z-09".repeat(16)] {
        entities.fetch(identity.clone()).await?;
        let target = format!("{path}/{identity}");
        session.server.assert_last("FetchEntity", &target, "");
    }

    let before = session.server.asked().len();
    let long = "x".repeat(65);
    for identity in [
        "",
        ".",
        "..",
        "../../..",
        "customer/factors",
        "customer 4f1d",
        "customer_4f1d",
        "%2e%2e%2e%2e",
        "josé-4f1d27a0",
        "7 chars",
        long.as_str(),
    ] {
        let context = session.service().entity(identity);
        let sid = "YCaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        let factor = "YFaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        let factors = context.factors();
        let challenges = context.challenges();
        let notifications = context.challenge(sid).notifications();
        for error in [
            entities.create(identity).send().await.err(),
            entities.fetch(identity).await.err(),
            entities.delete(identity).await.err(),
            factors.create_totp("Maria's").send().await.err(),
            factors.list().pages().try_next().await.err(),
            factors.fetch(factor).await.err(),
            factors.verify(factor, "123456").send().await.err(),
            factors.delete(factor).await.err(),
            challenges.create(factor).send().await.err(),
            challenges.list().pages().try_next().await.err(),
            challenges.fetch(sid).await.err(),
            challenges.answer(sid, "123456").send().await.err(),
            notifications.create().send().await.err(),
        ] {
            let error = error.ok_or_else(|| identity.to_owned())?;
            assert_eq!(error.field(), Some("identity"), "{error}");
            assert!(identity.len() < 8 || !error.to_string().contains(identity));
        }
    }
    assert_eq!(session.server.asked().len(), before, "nothing is sent");

    let debug = format!(
        "{:?} {:?} {:?}",
        session.service().entity(IDENTITY).factors().list(),
        entities.create(IDENTITY),
        entities.create(IDENTITY).send().await?,
    );
    assert!(!debug.contains(IDENTITY), "{debug}");
    Ok(())
}
