//! Forms.

use serde_json::json;

use crate::api::Api;

#[tokio::test]
async fn the_form_of_push_factors_says_what_its_requests_must_have() {
    let api = Api::start().await;
    let form = api.get("/v2/Forms/form-push").await.ok();
    assert_eq!(form["form_type"], "form-push");
    assert_eq!(form["forms"]["verify_factor"]["required"], json!(["AuthPayload"]));
    assert_eq!(
        form["forms"]["create_factor"]["properties"]["Config.NotificationToken"],
        json!({ "type": "string" })
    );
    assert_eq!(
        form["form_meta"]["create_challenge"]["content_type"],
        "application/x-www-form-urlencoded"
    );
    api.get("/v2/Forms/form-totp").await.error(404, 20404);
}
