use chrono::{DateTime, Utc};
use twilio_verify::{Channel, ConversionStatus, Country};

use super::session::{Outcome, SERVICE, Session};

pub(crate) async fn all(session: &Session) -> Outcome {
    let attempts = session.client.attempts();
    // It is sent in GMT, and without the fraction.
    let after = DateTime::parse_from_rfc3339("2022-03-02T23:02:33.987+02:00")?;
    let before: DateTime<Utc> = "2022-03-03T00:00:00Z".parse()?;
    let summary = attempts
        .summary()
        .service(SERVICE)
        .created_after(after)
        .created_before(before)
        .country(Country::CO)
        .channel(Channel::Sms)
        .destination_prefix("+57305")
        .send()
        .await?;
    session.server.assert_last(
        "FetchVerificationAttemptsSummary",
        "/v2/Attempts/Summary?Channel=sms&Country=CO&DateCreatedAfter=2022-03-02T21%3A02%3A33Z\
         &DateCreatedBefore=2022-03-03T00%3A00%3A00Z&DestinationPrefix=%2B57305\
         &VerifyServiceSid=VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "",
    );
    assert_eq!((summary.total_attempts, summary.total_converted), (11, 9));

    let list = attempts
        .list()
        .created_after(after)
        .created_before(before)
        .to("+573003003030")
        .country(Country::CO)
        .channel(Channel::Sms)
        .service(SERVICE)
        .verification("VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
        .status(ConversionStatus::Converted)
        .page_size(2);
    let page = list.pages().try_next().await?.ok_or("there is a page")?;
    session.server.assert_last(
        "ListVerificationAttempt",
        "/v2/Attempts?Channel=sms&ChannelData.To=%2B573003003030&Country=CO\
         &DateCreatedAfter=2022-03-02T21%3A02%3A33Z&DateCreatedBefore=2022-03-03T00%3A00%3A00Z\
         &PageSize=2&Status=converted&VerificationSid=VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
         &VerifyServiceSid=VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "",
    );
    assert_eq!(page.items.len(), 2);

    let attempt = attempts.fetch("VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").await?;
    let target = "/v2/Attempts/VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    session.server.assert_last("FetchVerificationAttempt", target, "");
    let data = attempt.channel_data.ok_or("the example has channel data")?;
    assert_eq!(data.country, Some(Country::CO));
    Ok(())
}
