//! Messaging configurations: one for a country, or for all.

use serde_json::Value;

use crate::api::Api;

const FIRST: &str = "MG00000000000000000000000000000001";
const SECOND: &str = "MG00000000000000000000000000000002";

fn countries(page: &Value) -> Vec<String> {
    let configurations = page["messaging_configurations"].as_array().unwrap().iter();
    configurations
        .map(|configuration| configuration["country"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_country_has_a_configuration_of_its_own() {
    let api = Api::start().await;
    let service = api.service(&[]).await;
    let path = format!("{service}/MessagingConfigurations");
    let made =
        api.post(&path, &[("Country", "CO"), ("MessagingServiceSid", FIRST)]).await.created();
    assert_eq!(made["country"], "CO");
    assert_eq!(made["messaging_service_sid"], FIRST);
    let url = made["url"].as_str().unwrap();
    assert!(url.ends_with("/MessagingConfigurations/CO"), "{url}");
    assert_eq!(api.get(url).await.ok(), made);
    assert_eq!(api.get(&format!("{path}/co")).await.ok(), made);
    // The one for all countries does not replace a missing one.
    api.get(&format!("{path}/all")).await.error(404, 20404);
    api.post(&path, &[("Country", "all"), ("MessagingServiceSid", FIRST)]).await.created();
    api.get(&format!("{path}/US")).await.error(404, 20404);
    assert_eq!(countries(&api.get(&path).await.ok()), ["all", "CO"]);

    let changed = api.post(url, &[("MessagingServiceSid", SECOND)]).await.ok();
    assert_eq!(changed["messaging_service_sid"], SECOND);
    api.delete(url).await.deleted();
    api.get(url).await.error(404, 20404);
    api.post(url, &[("MessagingServiceSid", SECOND)]).await.error(404, 20404);
    assert_eq!(countries(&api.get(&path).await.ok()), ["all"]);
}

#[tokio::test]
async fn a_country_has_one_configuration_and_must_exist() {
    let api = Api::start().await;
    let (service, other) = (api.service(&[]).await, api.service(&[]).await);
    let path = format!("{service}/MessagingConfigurations");
    api.post(&path, &[("Country", "CO"), ("MessagingServiceSid", FIRST)]).await.created();
    for country in ["CO", "co"] {
        let form = [("Country", country), ("MessagingServiceSid", SECOND)];
        api.post(&path, &form).await.error(400, 60213);
    }
    for country in ["ZZ", "Colombia", ""] {
        let form = [("Country", country), ("MessagingServiceSid", SECOND)];
        let message = api.post(&path, &form).await.error(400, 60200);
        assert_eq!(message, "Invalid parameter: Country");
    }
    let form = [("Country", "US"), ("MessagingServiceSid", "MG1")];
    let message = api.post(&path, &form).await.error(400, 60200);
    assert_eq!(message, "Invalid parameter: MessagingServiceSid");

    let elsewhere = format!("{other}/MessagingConfigurations");
    api.post(&elsewhere, &[("Country", "CO"), ("MessagingServiceSid", SECOND)]).await.created();
    api.delete(&service).await.deleted();
    api.get(&format!("{path}/CO")).await.error(404, 20404);
    assert_eq!(countries(&api.get(&elsewhere).await.ok()), ["CO"]);
}
