//! Services: created, updated, listed, deleted; and the checks that all operations share.

use serde_json::{Value, json};
use twilio_verify_emulator::{Emulator, SAMPLE_SERVICES, ServiceSid, StartError};

use crate::api::Api;
use crate::support::now;

#[tokio::test]
async fn a_service_is_made_fetched_changed_and_deleted() {
    let api = Api::start().await;
    let made = api
        .post("/v2/Services", &[("FriendlyName", "Shop"), ("CodeLength", "8"), ("Totp.Skew", "2")])
        .await
        .created();
    assert_eq!(made["friendly_name"], "Shop");
    assert_eq!(made["code_length"], 8);
    assert_eq!(
        made["totp"],
        json!({ "issuer": "Shop", "time_step": 30, "code_length": 6, "skew": 2 })
    );
    assert_eq!(made["date_created"], "2026-03-02T21:00:00Z");
    let url = made["url"].as_str().unwrap();
    assert_eq!(api.get(url).await.ok(), made);

    api.clock.advance(chrono::TimeDelta::minutes(1));
    let changed =
        api.post(url, &[("Psd2Enabled", "true"), ("Push.IncludeDate", "True")]).await.ok();
    assert_eq!(changed["psd2_enabled"], true);
    assert_eq!(changed["push"]["include_date"], true);
    assert_eq!(changed["code_length"], 8);
    assert_eq!(changed["date_updated"], "2026-03-02T21:01:00Z");
    assert_eq!(changed["date_created"], made["date_created"]);

    api.delete(url).await.deleted();
    api.get(url).await.error(404, 20404);
    api.post(url, &[]).await.error(404, 20404);
    api.delete(url).await.error(404, 20404);
}

#[tokio::test]
async fn services_are_listed_in_pages_newest_first() {
    let api = Api::start().await;
    for number in 0..5 {
        api.post("/v2/Services", &[("FriendlyName", &format!("Shop {number}"))]).await.created();
    }
    let names = |page: &Value| -> Vec<String> {
        let services = page["services"].as_array().unwrap().iter();
        services.map(|service| service["friendly_name"].as_str().unwrap().to_owned()).collect()
    };
    let first = api.get("/v2/Services?PageSize=2").await.ok();
    assert_eq!(names(&first), ["Shop 4", "Shop 3"]);
    assert_eq!(first["meta"]["key"], "services");
    assert_eq!(first["meta"]["previous_page_url"], Value::Null);
    // A service that is created in between does not shift a page.
    api.post("/v2/Services", &[("FriendlyName", "Shop 5")]).await.created();
    let second = api.get(first["meta"]["next_page_url"].as_str().unwrap()).await.ok();
    assert_eq!(names(&second), ["Shop 2", "Shop 1"]);
    assert_eq!(second["meta"]["page"], 1);
    let third = api.get(second["meta"]["next_page_url"].as_str().unwrap()).await.ok();
    assert_eq!(names(&third), ["Shop 0"]);
    assert_eq!(third["meta"]["next_page_url"], Value::Null);
    let back = api.get(third["meta"]["previous_page_url"].as_str().unwrap()).await.ok();
    assert_eq!(names(&back), ["Shop 2", "Shop 1"]);
    let front = api.get(back["meta"]["previous_page_url"].as_str().unwrap()).await.ok();
    assert_eq!(names(&front), ["Shop 4", "Shop 3"]);
    let all = api.get(front["meta"]["first_page_url"].as_str().unwrap()).await.ok();
    assert_eq!(names(&all), ["Shop 5", "Shop 4"]);
}

#[tokio::test]
async fn what_the_document_does_not_allow_is_refused_by_name() {
    let api = Api::start().await;
    let message = api.post("/v2/Services", &[]).await.error(400, 20001);
    assert_eq!(message, "Missing required parameter FriendlyName in the post body");
    for (form, message) in [
        (
            &[("FriendlyName", "a name of more than thirty letters")][..],
            "Invalid parameter: FriendlyName",
        ),
        (&[("FriendlyName", "")], "Invalid parameter: FriendlyName"),
        (&[("FriendlyName", "Shop 12345")], "Invalid parameter: FriendlyName"),
        (&[("FriendlyName", "Shop & Co")], "Invalid parameter: FriendlyName"),
        (&[("FriendlyName", "+573003003030")], "Invalid parameter: FriendlyName"),
        (&[("FriendlyName", "Shop"), ("CodeLength", "11")], "Invalid parameter: CodeLength"),
        (&[("FriendlyName", "Shop"), ("CodeLength", "six")], "Invalid parameter: CodeLength"),
        (&[("FriendlyName", "Shop"), ("LookupEnabled", "yes")], "Invalid parameter: LookupEnabled"),
        (
            &[("FriendlyName", "Shop"), ("DefaultTemplateSid", "HJ1")],
            "Invalid parameter: DefaultTemplateSid",
        ),
    ] {
        assert_eq!(api.post("/v2/Services", form).await.error(400, 60200), message);
    }
    api.get("/v2/Services/VA1").await.error(404, 20404);
    for query in ["PageSize=0", "PageSize=1001", "PageToken=zzz", "PageToken=A+1"] {
        api.get(&format!("/v2/Services?{query}")).await.error(400, 60200);
    }
    assert_eq!(api.get("/v2/Services").await.ok()["services"], json!([]));
    // The rules are those of an update too.
    let service = api.service(&[]).await;
    api.post(&service, &[("FriendlyName", "Shop & Co")]).await.error(400, 60200);
    api.post(&service, &[("FriendlyName", "Café_de-la Paix 1234")]).await.ok();
}

#[tokio::test]
async fn a_body_of_more_than_a_mebibyte_is_not_read() {
    let api = Api::start().await;
    let long = "x".repeat(1024 * 1024);
    api.post("/v2/Services", &[("FriendlyName", &long)]).await.error(413, 20001);
}

#[tokio::test]
async fn a_service_may_be_there_from_the_start() {
    let sid: ServiceSid = "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse().unwrap();
    let api = Api::with(|builder| builder.service(sid, "Shop")).await;
    let service = api.get(&format!("/v2/Services/{sid}")).await.ok();
    assert_eq!(service["friendly_name"], "Shop");
    assert_eq!(service["date_created"], "2026-03-02T21:00:00Z");

    for name in ["", "a name of more than thirty letters", "Shop 12345", "shop.example.com"] {
        let started = Emulator::builder().service(sid, name).start().await;
        let error = started.unwrap_err();
        assert!(
            matches!(error, StartError::InvalidServiceName { service } if service == sid),
            "{error}"
        );
    }
}

#[tokio::test]
async fn the_sample_comes_with_its_services() {
    let api = Api::with(|builder| builder.sample(1, now(), 100)).await;
    let summary = api.get("/v2/Attempts/Summary").await.ok();
    assert_eq!(summary["total_attempts"], 100);
    let services = api.get("/v2/Services").await.ok();
    let oldest_first = services["services"].as_array().unwrap().iter().rev();
    let sids: Vec<_> = oldest_first.map(|service| service["sid"].clone()).collect();
    assert_eq!(sids, SAMPLE_SERVICES.map(|sid| json!(sid)));
}

#[tokio::test]
async fn an_emulator_that_is_full_takes_no_more_until_there_is_room() {
    let api = Api::with(|builder| builder.max_resources(2).max_attempts(1)).await;
    let create = || api.post("/v2/Services", &[("FriendlyName", "Shop")]);
    let first = create().await.created();
    create().await.created();
    let message = create().await.error(507, 20507);
    assert!(message.contains("reset it"), "{message}");
    assert_eq!(api.get("/v2/Services").await.ok()["services"].as_array().unwrap().len(), 2);
    api.delete(first["url"].as_str().unwrap()).await.deleted();

    // A pending verification is a resource, and has an attempt.
    let service =
        api.get("/v2/Services").await.ok()["services"][0]["url"].as_str().unwrap().to_owned();
    let form = [("To", "+573003003030"), ("Channel", "sms")];
    api.post(&format!("{service}/Verifications"), &form).await.created();
    create().await.error(507, 20507);
    api.clock.advance(chrono::TimeDelta::minutes(10));
    create().await.error(507, 20507);
    api.emulator.reset();
    create().await.created();
}
