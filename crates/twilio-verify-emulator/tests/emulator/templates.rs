//! Templates.

use serde_json::Value;
use twilio_verify_emulator::{DEFAULT_TEMPLATES, Template, TemplateSid};

use crate::api::Api;

fn field(page: &Value, name: &str) -> Vec<String> {
    let templates = page["templates"].as_array().unwrap().iter();
    templates.map(|template| template[name].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_emulator_has_some_templates() {
    let api = Api::start().await;
    let page = api.get("/v2/Templates").await.ok();
    assert_eq!(field(&page, "sid"), DEFAULT_TEMPLATES.map(|sid| sid.to_string()));
    assert_eq!(field(&page, "friendly_name"), ["Code", "Sign-in", "Payment"]);
    let english = &page["templates"][0]["translations"]["en"];
    assert_eq!(english["text"], "{{code}} is your code for {{friendly_name}}.");
    assert_eq!(english["is_default_translation"], true);
    assert_eq!(page["templates"][0]["channels"], serde_json::json!(["sms", "voice"]));
    // They are Twilio's, not the account's.
    assert_ne!(page["templates"][0]["account_sid"], api.emulator.account_sid());
}

#[tokio::test]
async fn templates_are_added_replaced_and_found_by_name() {
    let own = TemplateSid::from_u128(0xa1);
    let api = Api::with(|builder| {
        let parcel = Template::new(own, "Parcel")
            .channels(["sms"])
            .translation("de", "{{code}} öffnet das Fach.")
            .translation("en", "{{code}} opens the locker.");
        let sign_in = Template::new(DEFAULT_TEMPLATES[1], "Log-in");
        builder.template(parcel).template(sign_in)
    })
    .await;
    let page = api.get("/v2/Templates?PageSize=3").await.ok();
    assert_eq!(field(&page, "friendly_name"), ["Code", "Payment", "Parcel"]);
    let rest = api.get(page["meta"]["next_page_url"].as_str().unwrap()).await.ok();
    assert_eq!(field(&rest, "friendly_name"), ["Log-in"]);

    let found = api.get("/v2/Templates?FriendlyName=Parcel").await.ok();
    assert_eq!(field(&found, "sid"), [own.to_string()]);
    let parcel = &found["templates"][0];
    assert_eq!(parcel["account_sid"], api.emulator.account_sid());
    assert_eq!(parcel["channels"], serde_json::json!(["sms"]));
    assert_eq!(parcel["translations"]["de"]["is_default_translation"], true);
    assert_eq!(parcel["translations"]["en"]["is_default_translation"], false);
    let none = api.get("/v2/Templates?FriendlyName=parcel").await.ok();
    assert_eq!(field(&none, "sid"), [] as [String; 0]);
}
