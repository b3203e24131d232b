//! Webhooks as resources. `deliveries` has what is sent to them.

use serde_json::json;

use crate::api::Api;

#[tokio::test]
async fn a_webhook_is_made_fetched_changed_and_deleted() {
    let api = Api::start().await;
    let service = api.service(&[]).await;
    let path = format!("{service}/Webhooks");
    let made = api
        .post(
            &path,
            &[
                ("FriendlyName", "Factors"),
                ("EventTypes", "factor.created"),
                ("EventTypes", "factor.verified"),
                ("WebhookUrl", "http://127.0.0.1:1/hook?from=verify"),
            ],
        )
        .await
        .created();
    assert_eq!(made["event_types"], json!(["factor.created", "factor.verified"]));
    assert_eq!(made["webhook_url"], "http://127.0.0.1:1/hook?from=verify");
    assert_eq!(made["webhook_method"], "POST");
    assert_eq!((&made["status"], &made["version"]), (&json!("enabled"), &json!("v2")));
    let url = made["url"].as_str().unwrap();
    assert_eq!(api.get(url).await.ok(), made);

    let changed =
        api.post(url, &[("Status", "disabled"), ("Version", "v1"), ("EventTypes", "*")]).await.ok();
    assert_eq!((&changed["status"], &changed["version"]), (&json!("disabled"), &json!("v1")));
    assert_eq!(changed["event_types"], json!(["*"]));
    assert_eq!(changed["friendly_name"], "Factors");
    assert_eq!(changed["webhook_url"], made["webhook_url"]);
    let listed = api.get(&path).await.ok();
    assert_eq!(listed["webhooks"], json!([changed]));

    api.delete(url).await.deleted();
    api.get(url).await.error(404, 20404);
    assert_eq!(api.get(&path).await.ok()["webhooks"], json!([]));
}

#[tokio::test]
async fn a_webhook_without_a_name_a_url_or_known_events_is_refused() {
    let api = Api::start().await;
    let service = api.service(&[]).await;
    let path = format!("{service}/Webhooks");
    let good = [
        ("FriendlyName", "Factors"),
        ("EventTypes", "factor.created"),
        ("WebhookUrl", "http://127.0.0.1:1/"),
    ];
    let made = api.post(&path, &good).await.created();
    let url = made["url"].as_str().unwrap();
    for (name, value) in [
        ("FriendlyName", ""),
        ("WebhookUrl", ""),
        ("WebhookUrl", "/hook"),
        ("WebhookUrl", "ftp://127.0.0.1/"),
        ("Status", "off"),
        ("Version", "v3"),
    ] {
        let mut form: Vec<_> = good.into_iter().filter(|(own, _)| *own != name).collect();
        form.push((name, value));
        let expected = format!("Invalid parameter: {name}");
        assert_eq!(api.post(&path, &form).await.error(400, 60200), expected);
        assert_eq!(api.post(url, &[(name, value)]).await.error(400, 60200), expected);
    }
    for event in ["factor.renamed", "challenge.expired", ""] {
        let form = [good[0], ("EventTypes", event), good[2]];
        assert_eq!(api.post(&path, &form).await.error(400, 60306), "Invalid request: EventTypes");
        api.post(url, &form[1..2]).await.error(400, 60306);
    }
    assert_eq!(
        api.post(&path, &good[..2]).await.error(400, 20001),
        "Missing required parameter WebhookUrl in the post body"
    );
    assert_eq!(api.get(url).await.ok(), made);
}
