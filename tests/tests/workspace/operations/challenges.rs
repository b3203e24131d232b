use chrono::{DateTime, Utc};
use serde_json::json;
use twilio_verify::{Challenge, ChallengeStatus, ListOrder};

use super::session::{IDENTITY, Outcome, SERVICE, Session};

const CHALLENGE: &str = "YCaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const FACTOR: &str = "YFaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

pub(crate) async fn all(session: &Session) -> Outcome {
    let challenges = session.service().entity(IDENTITY).challenges();
    let path = format!("/v2/Services/{SERVICE}/Entities/{IDENTITY}/Challenges");
    let expires = DateTime::parse_from_rfc3339("2026-03-02T23:07:33.9+02:00")?;
    let challenge = challenges
        .create(FACTOR)
        .expiration_date(expires)
        .message("Did you sign in?")
        .field("Place", "Bogotá")
        .field("Device", "\"F\" & co")
        .hidden_details(json!({ "ip": "198.51.100.7" }))
        .auth_payload("123456")
        .send()
        .await?;
    session.server.assert_last(
        "CreateChallenge",
        &path,
        "AuthPayload=123456\
         &Details.Fields=%7B%22label%22%3A%22Place%22%2C%22value%22%3A%22Bogot%C3%A1%22%7D\
         &Details.Fields=%7B%22label%22%3A%22Device%22%2C%22value%22%3A%22%5C%22F%5C%22+%26+co%22%7D\
         &Details.Message=Did+you+sign+in%3F&ExpirationDate=2026-03-02T21%3A07%3A33Z\
         &FactorSid=YFaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
         &HiddenDetails=%7B%22ip%22%3A%22198.51.100.7%22%7D",
    );
    assert_eq!(challenge.status, Some(ChallengeStatus::Pending));
    let details = challenge.details.ok_or("the example has details")?;
    assert_eq!(details.fields.len(), 2);

    let list = challenges
        .list()
        .factor(FACTOR)
        .status(ChallengeStatus::Pending)
        .order(ListOrder::Desc)
        .page_size(2);
    let page = list.pages().try_next().await?.ok_or("there is a page")?;
    session.server.assert_last(
        "ListChallenge",
        &format!("{path}?FactorSid={FACTOR}&Order=desc&PageSize=2&Status=pending"),
        "",
    );
    assert!(page.items.len() > 1);

    let target = format!("{path}/{CHALLENGE}");
    let challenge = challenges.fetch(CHALLENGE).await?;
    session.server.assert_last("FetchChallenge", &target, "");
    assert_eq!(challenge.status, Some(ChallengeStatus::Approved));
    let answer = challenges.answer(CHALLENGE, "eyJh.bGci").metadata(json!({ "os": "Android 15" }));
    answer.send().await?;
    session.server.assert_last(
        "UpdateChallenge",
        &target,
        "AuthPayload=eyJh.bGci&Metadata=%7B%22os%22%3A%22Android+15%22%7D",
    );

    let before = session.server.asked().len();
    let create = challenges.create(FACTOR);
    let too_many = (0..21)
        .fold(create.clone(), |create, n| create.field(n.to_string(), "1").message("private"));
    let debug = format!("{too_many:?} {:?}", challenges.answer(CHALLENGE, "eyJh"));
    for private in ["label", "private", "eyJh"] {
        assert!(!debug.contains(private), "{debug}");
    }
    let far: DateTime<Utc> = DateTime::<Utc>::MAX_UTC;
    for (request, field) in [
        (too_many, "field"),
        (create.clone().auth_payload(""), "auth_payload"),
        (create.clone().expiration_date(far), "expiration_date"),
    ] {
        let error = request.send().await.err().ok_or(field)?;
        assert_eq!(error.field(), Some(field), "{error}");
    }
    let answer = challenges.answer(CHALLENGE, "").send().await;
    let error = answer.err().ok_or("no answer")?;
    assert_eq!(error.field(), Some("auth_payload"), "{error}");
    let status = ChallengeStatus::Unknown(String::new());
    let order = ListOrder::Unknown(String::new());
    for (request, field) in [
        (challenges.list().status(status), "status"),
        (challenges.list().order(order), "order"),
        (challenges.list().page_size(0), "page_size"),
    ] {
        let error = request.pages().try_next().await.err().ok_or(field)?;
        assert_eq!(error.field(), Some(field), "{error}");
    }
    // A response may hold SIDs of any shape; not all of them can be sent.
    let odd: Challenge = serde_json::from_value(json!({ "sid": "..", "factor_sid": ".." }))?;
    let (sid, factor) = odd.sid.zip(odd.factor_sid).ok_or("both are kept")?;
    let notifications = session.service().entity(IDENTITY).challenge(sid.clone());
    for (error, field) in [
        (challenges.create(factor.clone()).send().await.err(), "factor"),
        (challenges.list().factor(factor).pages().try_next().await.err(), "factor"),
        (challenges.fetch(sid.clone()).await.err(), "sid"),
        (challenges.answer(sid, "1").send().await.err(), "sid"),
        (notifications.notifications().create().send().await.err(), "challenge"),
    ] {
        assert_eq!(error.ok_or(field)?.field(), Some(field));
    }
    assert_eq!(session.server.asked().len(), before, "nothing is sent");
    // Twenty are not too many.
    let twenty = (0..20).fold(create, |create, n| create.field(n.to_string(), "1"));
    twenty.send().await?;
    Ok(())
}
