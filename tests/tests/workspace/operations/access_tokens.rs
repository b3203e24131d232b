use twilio_verify::FactorType;

use super::session::{IDENTITY, Outcome, SERVICE, Session};

pub(crate) async fn all(session: &Session) -> Outcome {
    let tokens = session.service().access_tokens();
    let path = format!("/v2/Services/{SERVICE}/AccessTokens");
    let create =
        tokens.create(IDENTITY, FactorType::Push).factor_friendly_name("Maria's phone").ttl(60);
    let debug = format!("{create:?}");
    let token = create.send().await?;
    session.server.assert_last(
        "CreateAccessToken",
        &path,
        "FactorFriendlyName=Maria%27s+phone&FactorType=push&Identity=customer-4f1d27a0&Ttl=60",
    );
    let debug = format!("{debug} {token:?}");
    let secret = token.token.ok_or("the example has a token")?;
    for private in [secret.expose(), IDENTITY, "Maria"] {
        assert!(!debug.contains(private), "{debug}");
    }

    let sid = "YKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let token = tokens.fetch(sid).await?;
    session.server.assert_last("FetchAccessToken", &format!("{path}/{sid}"), "");
    assert_eq!(token.ttl, 300);

    let before = session.server.asked().len();
    let unknown = FactorType::Unknown(String::new());
    for (request, field) in [
        (tokens.create("..", FactorType::Push), "identity"),
        (tokens.create("a b c d e", FactorType::Push), "identity"),
        (tokens.create(IDENTITY, unknown), "factor_type"),
        (tokens.create(IDENTITY, FactorType::Push).ttl(59), "ttl"),
        (tokens.create(IDENTITY, FactorType::Push).ttl(301), "ttl"),
    ] {
        let error = request.send().await.err().ok_or(field)?;
        assert_eq!(error.field(), Some(field), "{error}");
    }
    assert_eq!(session.server.asked().len(), before, "nothing is sent");
    Ok(())
}
