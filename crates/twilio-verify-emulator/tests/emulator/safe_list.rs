//! The safe list.

use crate::api::Api;

#[tokio::test]
async fn a_number_is_added_found_and_removed() {
    let api = Api::start().await;
    let form = [("PhoneNumber", "+573003003030")];
    let added = api.post("/v2/SafeList/Numbers", &form).await.created();
    assert_eq!(added["phone_number"], "+573003003030");
    let url = added["url"].as_str().unwrap();
    assert!(url.ends_with("/v2/SafeList/Numbers/%2B573003003030"), "{url}");
    assert_eq!(api.get(url).await.ok(), added);
    assert_eq!(api.get("/v2/SafeList/Numbers/+573003003030").await.ok(), added);
    api.post("/v2/SafeList/Numbers", &form).await.error(400, 60411);
    assert_eq!(api.get(url).await.ok(), added);

    api.get("/v2/SafeList/Numbers/+573003003031").await.error(404, 20404);
    api.delete(url).await.deleted();
    api.delete(url).await.error(404, 20404);
    api.get(url).await.error(404, 20404);
}

#[tokio::test]
async fn what_is_no_phone_number_is_not_put_on_the_list() {
    let api = Api::start().await;
    for number in ["", "573003003030", "+57 300", "+0573003003030", "user@example.com"] {
        let message =
            api.post("/v2/SafeList/Numbers", &[("PhoneNumber", number)]).await.error(400, 60200);
        assert_eq!(message, "Invalid parameter: PhoneNumber");
    }
    let message = api.post("/v2/SafeList/Numbers", &[]).await.error(400, 20001);
    assert_eq!(message, "Missing required parameter PhoneNumber in the post body");
}
