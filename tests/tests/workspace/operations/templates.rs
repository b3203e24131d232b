use twilio_verify::Channel;

use super::session::{Outcome, Session};

pub(crate) async fn all(session: &Session) -> Outcome {
    let list = session.client.templates().list();
    let named = list.clone().friendly_name("Code & sign-in").page_size(20);
    let page = named.pages().try_next().await?.ok_or("there is a page")?;
    session.server.assert_last(
        "ListVerificationTemplate",
        "/v2/Templates?FriendlyName=Code+%26+sign-in&PageSize=20",
        "",
    );
    let template = page.items.first().ok_or("there is a template")?;
    assert_eq!(template.channels, [Channel::Sms, Channel::Call]);
    assert_eq!(template.translations["es"].locale.as_deref(), Some("es"));

    let before = session.server.asked().len();
    for (list, field) in [
        (list.clone().friendly_name(""), "friendly_name"),
        (list.clone().page_size(0), "page_size"),
        (list.clone().page_size(1001), "page_size"),
    ] {
        let error = list.pages().try_next().await.err().ok_or("not refused")?;
        assert_eq!(error.field(), Some(field), "{error}");
    }
    assert_eq!(session.server.asked().len(), before, "nothing is sent");
    Ok(())
}
