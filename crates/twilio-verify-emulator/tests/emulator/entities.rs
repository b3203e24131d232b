//! Entities: created, listed, deleted with what they own.

use serde_json::{Value, json};

use crate::api::Api;

const IDENTITY: &str = "customer-4f1d27a0";

#[tokio::test]
async fn an_entity_is_made_fetched_listed_and_deleted() {
    let api = Api::start().await;
    let entities = format!("{}/Entities", api.service(&[]).await);
    let made = api.post(&entities, &[("Identity", IDENTITY)]).await.created();
    assert_eq!(made["identity"], IDENTITY);
    assert!(made["sid"].as_str().unwrap().starts_with("YE"));
    let url = format!("{}{entities}/{IDENTITY}", api.emulator.url());
    assert_eq!(made["url"], url);
    assert_eq!(made["links"]["factors"], format!("{url}/Factors"));
    assert_eq!(made["links"]["challenges"], format!("{url}/Challenges"));
    assert_eq!(api.get(&url).await.ok(), made);

    // Identities are case-sensitive.
    let other = IDENTITY.to_uppercase();
    api.post(&entities, &[("Identity", &other)]).await.created();
    let list = api.get(&entities).await.ok();
    let identities: Vec<&Value> =
        list["entities"].as_array().unwrap().iter().map(|entity| &entity["identity"]).collect();
    assert_eq!(identities, [other.as_str(), IDENTITY]);

    api.delete(&url).await.deleted();
    api.get(&url).await.error(404, 20404);
    api.delete(&url).await.error(404, 20404);
    api.post(&entities, &[("Identity", IDENTITY)]).await.created();
}

#[tokio::test]
async fn an_identity_is_checked_and_unique_to_its_service() {
    let api = Api::start().await;
    let entities = format!("{}/Entities", api.service(&[]).await);
    let long = "a".repeat(65);
    for identity in ["", "seven-7", &long, "user@example.com", "customer_4f1d", "kundin-müller"] {
        assert_eq!(
            api.post(&entities, &[("Identity", identity)]).await.error(400, 60367),
            "Invalid identity of the entity: Identity"
        );
    }
    assert_eq!(
        api.post(&entities, &[]).await.error(400, 20001),
        "Missing required parameter Identity in the post body"
    );
    api.post(&entities, &[("Identity", &long[..64])]).await.created();
    api.post(&entities, &[("Identity", &long[..64])]).await.error(409, 60301);
    let elsewhere = format!("{}/Entities", api.service(&[]).await);
    api.post(&elsewhere, &[("Identity", &long[..64])]).await.created();
    api.get(&format!("{elsewhere}/{IDENTITY}")).await.error(404, 20404);
    api.get(&format!("{entities}/x")).await.error(404, 20404);
}

#[tokio::test]
async fn what_an_entity_owns_goes_with_it() {
    let api = Api::start().await;
    let service = api.service(&[]).await;
    let entity = format!("{service}/Entities/{IDENTITY}");
    let form = [("FriendlyName", "App"), ("FactorType", "totp")];
    let factor = api.post(&format!("{entity}/Factors"), &form).await.created();
    let factor = factor["url"].as_str().unwrap();
    api.get(factor).await.ok();

    api.delete(&entity).await.deleted();
    api.get(factor).await.error(404, 20404);
    api.get(&format!("{entity}/Factors")).await.error(404, 20404);
    api.get(&format!("{entity}/Challenges")).await.error(404, 20404);
    // A new one with the same identity has nothing of it.
    api.post(&format!("{service}/Entities"), &[("Identity", IDENTITY)]).await.created();
    let list = api.get(&format!("{entity}/Factors")).await.ok();
    assert_eq!(list["factors"], json!([]));
    api.get(factor).await.error(404, 20404);

    let form = [("FriendlyName", "App"), ("FactorType", "totp")];
    let factor = api.post(&format!("{entity}/Factors"), &form).await.created();
    api.delete(&service).await.deleted();
    api.get(&entity).await.error(404, 20404);
    api.get(factor["url"].as_str().unwrap()).await.error(404, 20404);
}
