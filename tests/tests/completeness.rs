//! Every operation of the document, with every parameter, can be reached
//! through the facade; and every answer that the document shows is read.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Utc;
use tests::contract::Contract;
use tests::document::operations;
use twilio_verify::{Channel, Client, ConversionStatus, Country, Credentials};

/// Paging is done by following the pages' URLs.
const OF_PAGING: [&str; 2] = ["Page", "PageToken"];

#[tokio::test]
async fn the_facade_reaches_every_operation_and_parameter() {
    let server = Contract::start().await.unwrap();
    let account = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse().unwrap();
    let client = Client::builder()
        .credentials(Credentials::auth_token(account, "token"))
        .base_url(server.url())
        .build()
        .unwrap();
    attempts(&client).await.unwrap();

    let mut sent: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for asked in server.asked() {
        sent.entry(asked.id).or_default().extend(asked.query);
    }
    let mut missing = Vec::new();
    for operation in operations() {
        let Some(sent) = sent.get(&operation.id) else {
            missing.push(format!("operation {}", operation.id));
            continue;
        };
        let wanted = operation
            .query
            .iter()
            .filter(|name| !OF_PAGING.contains(&name.as_str()));
        let unsent = wanted.filter(|name| !sent.contains(*name));
        missing.extend(unsent.map(|name| format!("parameter {name} of {}", operation.id)));
    }
    assert!(
        missing.is_empty(),
        "the document has what the facade does not reach, or this test does not call:\n  {}",
        missing.join("\n  ")
    );
}

async fn attempts(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
    let service: twilio_verify::ServiceSid = "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?;
    let attempts = client.attempts();
    let summary = attempts
        .summary()
        .service(service.clone())
        .created_after(Utc::now())
        .created_before(Utc::now())
        .country(Country::CO)
        .channel(Channel::Sms)
        .destination_prefix("+57305".parse()?)
        .send()
        .await?;
    assert_eq!((summary.total_attempts, summary.total_converted), (11, 9));
    let list = attempts
        .list()
        .created_after(Utc::now())
        .created_before(Utc::now())
        .to("+573003003030")
        .country(Country::CO)
        .channel(Channel::Sms)
        .service(service)
        .verification("VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?)
        .status(ConversionStatus::Converted)
        .page_size(2);
    assert_eq!(
        list.pages().try_next().await?.map(|page| page.items.len()),
        Some(2)
    );
    let attempt = attempts
        .fetch("VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?)
        .await?;
    let data = attempt.channel_data.ok_or("the example has channel data")?;
    assert_eq!(data.country, Some(Country::CO));
    Ok(())
}
