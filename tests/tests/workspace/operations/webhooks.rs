use twilio_verify::{Webhook, WebhookStatus, WebhookVersion};

use super::session::{Outcome, SERVICE, Session};

const URL: &str = "https://hooks.example.com/verify?a=b&c=d";

pub(crate) async fn all(session: &Session) -> Outcome {
    let webhooks = session.service().webhooks();
    let path = format!("/v2/Services/{SERVICE}/Webhooks");
    let events = ["factor.created", "challenge.approved"];
    let webhook = webhooks
        .create("Factors & challenges", events, URL)
        .status(WebhookStatus::Enabled)
        .version(WebhookVersion::V2)
        .send()
        .await?;
    session.server.assert_last(
        "CreateWebhook",
        &path,
        "EventTypes=factor.created&EventTypes=challenge.approved\
         &FriendlyName=Factors+%26+challenges&Status=enabled&Version=v2\
         &WebhookUrl=https%3A%2F%2Fhooks.example.com%2Fverify%3Fa%3Db%26c%3Dd",
    );
    assert_eq!(webhook.event_types, events);
    let sid = webhook.sid.ok_or("the example has a SID")?;

    let target = format!("{path}/{sid}");
    webhooks.fetch(sid.clone()).await?;
    session.server.assert_last("FetchWebhook", &target, "");
    let webhook = webhooks
        .update(sid.clone())
        .friendly_name("Everything")
        .event_types(["*"])
        .url("http://hooks.example.com")
        .status(WebhookStatus::Disabled)
        .version(WebhookVersion::V1)
        .send()
        .await?;
    session.server.assert_last(
        "UpdateWebhook",
        &target,
        "EventTypes=*&FriendlyName=Everything&Status=disabled&Version=v1\
         &WebhookUrl=http%3A%2F%2Fhooks.example.com",
    );
    assert_eq!(webhook.status, Some(WebhookStatus::Disabled));
    webhooks.update(sid.clone()).status(WebhookStatus::Enabled).send().await?;
    session.server.assert_last("UpdateWebhook", &target, "Status=enabled");
    webhooks.delete(sid.clone()).await?;
    session.server.assert_last("DeleteWebhook", &target, "");

    let page = webhooks.list().page_size(20).pages().try_next().await?;
    let target = format!("{path}?PageSize=20");
    session.server.assert_last("ListWebhook", &target, "");
    assert_eq!(page.ok_or("there is a page")?.items.len(), 1);

    let before = session.server.asked().len();
    let none: [&str; 0] = [];
    let unnamed = WebhookStatus::Unknown(String::new());
    for (request, field) in [
        (webhooks.create("", events, URL), "friendly_name"),
        (webhooks.create("x", none, URL), "event_types"),
        (webhooks.create("x", [""], URL), "event_types"),
        (webhooks.create("x", events, URL).status(unnamed), "status"),
    ] {
        let error = request.send().await.err().ok_or("not refused")?;
        assert_eq!(error.field(), Some(field), "{error}");
    }
    let error = webhooks.update(sid.clone()).event_types(none).send().await;
    assert_eq!(error.err().ok_or("not refused")?.field(), Some("event_types"));
    for url in [
        "",
        "/verify",
        "hooks.example.com/verify",
        "//hooks.example.com",
        "https:hooks.example.com",
        "https://",
        "https://hooks.example.com:99999",
        "https://hooks.example.com/a b",
        " https://hooks.example.com",
        "ftp://hooks.example.com",
        "mailto:ana@example.com",
    ] {
        let error = webhooks.create("x", events, url).send().await;
        assert_eq!(error.err().ok_or("not refused")?.field(), Some("url"));
        let error = webhooks.update(sid.clone()).url(url).send().await;
        assert_eq!(error.err().ok_or("not refused")?.field(), Some("url"));
    }
    let foreign: Webhook = serde_json::from_str(r#"{ "sid": ".." }"#)?;
    let sid = foreign.sid.ok_or("it has a SID")?;
    for error in [
        webhooks.fetch(sid.clone()).await.err().ok_or("not refused")?,
        webhooks.update(sid.clone()).send().await.err().ok_or("not refused")?,
        webhooks.delete(sid).await.err().ok_or("not refused")?,
    ] {
        assert_eq!(error.field(), Some("sid"), "{error}");
    }
    assert_eq!(session.server.asked().len(), before, "nothing is sent");
    Ok(())
}
