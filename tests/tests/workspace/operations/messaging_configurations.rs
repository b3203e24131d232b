use twilio_verify::{ChannelData, Country, MessagingConfiguration, MessagingCountry};

use super::session::{Outcome, SERVICE, Session};

const ONE: &str = "MGaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const OTHER: &str = "MGbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

pub(crate) async fn all(session: &Session) -> Outcome {
    let configurations = session.service().messaging_configurations();
    let path = format!("/v2/Services/{SERVICE}/MessagingConfigurations");
    let configuration = configurations.create(Country::CO, ONE).send().await?;
    session.server.assert_last(
        "CreateMessagingConfiguration",
        &path,
        &format!("Country=CO&MessagingServiceSid={ONE}"),
    );
    let country: MessagingCountry = configuration.country.ok_or("it has a country")?.parse()?;
    assert_eq!(country, MessagingCountry::Country(Country::CO));
    configurations.create(MessagingCountry::All, OTHER).send().await?;
    session.server.assert_last(
        "CreateMessagingConfiguration",
        &path,
        &format!("Country=all&MessagingServiceSid={OTHER}"),
    );

    for (country, target) in
        [(country, format!("{path}/CO")), (MessagingCountry::All, format!("{path}/all"))]
    {
        configurations.fetch(country.clone()).await?;
        session.server.assert_last("FetchMessagingConfiguration", &target, "");
        let update = configurations.update(country.clone(), OTHER);
        update.send().await?;
        session.server.assert_last(
            "UpdateMessagingConfiguration",
            &target,
            &format!("MessagingServiceSid={OTHER}"),
        );
        configurations.delete(country).await?;
        session.server.assert_last("DeleteMessagingConfiguration", &target, "");
    }

    let list = configurations.list().page_size(20);
    let page = list.pages().try_next().await?.ok_or("there is a page")?;
    session.server.assert_last("ListMessagingConfiguration", &format!("{path}?PageSize=20"), "");
    let country = page.items[1].country.as_deref().map(str::parse);
    assert_eq!(country, Some(Ok(MessagingCountry::All)));

    let before = session.server.asked().len();
    // What responses held, and what can't be sent.
    let data: ChannelData = serde_json::from_str(r#"{ "country": ".." }"#)?;
    let country = data.country.ok_or("it has a country")?;
    for error in [
        configurations.create(country.clone(), ONE).send().await.err().ok_or("not refused")?,
        configurations.fetch(country.clone()).await.err().ok_or("not refused")?,
        configurations.update(country.clone(), ONE).send().await.err().ok_or("not refused")?,
        configurations.delete(country).await.err().ok_or("not refused")?,
    ] {
        assert_eq!(error.field(), Some("country"), "{error}");
    }
    let one: MessagingConfiguration =
        serde_json::from_str(r#"{ "messaging_service_sid": "MG1" }"#)?;
    let sid = one.messaging_service_sid.ok_or("it has a SID")?;
    for error in [
        configurations.create(Country::CO, sid.clone()).send().await.err().ok_or("not refused")?,
        configurations
            .update(MessagingCountry::All, sid)
            .send()
            .await
            .err()
            .ok_or("not refused")?,
    ] {
        assert_eq!(error.field(), Some("messaging_service_sid"), "{error}");
    }
    for text in ["", "ALLE", "..", "ZZ"] {
        assert!(text.parse::<MessagingCountry>().is_err(), "{text}");
    }
    assert_eq!(session.server.asked().len(), before, "nothing is sent");
    Ok(())
}
