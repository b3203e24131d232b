//! Every operation, from the facade to the wire and back: the exact bytes of
//! its request with everything set, and the document's example as it is read.
//! What the document has and the facade doesn't reach fails here, by name.

mod access_tokens;
mod attempts;
mod buckets;
mod challenges;
mod entities;
mod factors;
mod forms;
mod messaging_configurations;
mod notifications;
mod passkeys;
mod rate_limits;
mod raw_requests;
mod safe_list;
mod services;
mod session;
mod templates;
mod verifications;
mod webhooks;

use std::collections::{BTreeMap, BTreeSet};

use tests::contract::Contract;
use tests::document::operations;

use session::Session;

#[tokio::test]
async fn every_operation_and_parameter_is_reached_to_the_byte() {
    let session = Session::start().await;
    access_tokens::all(&session).await.unwrap();
    attempts::all(&session).await.unwrap();
    buckets::all(&session).await.unwrap();
    challenges::all(&session).await.unwrap();
    entities::all(&session).await.unwrap();
    factors::all(&session).await.unwrap();
    forms::all(&session).await.unwrap();
    messaging_configurations::all(&session).await.unwrap();
    notifications::all(&session).await.unwrap();
    passkeys::all(&session).await.unwrap();
    rate_limits::all(&session).await.unwrap();
    safe_list::all(&session).await.unwrap();
    services::all(&session).await.unwrap();
    templates::all(&session).await.unwrap();
    verifications::all(&session).await.unwrap();
    webhooks::all(&session).await.unwrap();
    assert_complete(&session.server);
}

/// Paging is done by following the pages' URLs.
const OF_PAGING: [&str; 2] = ["Page", "PageToken"];

fn assert_complete(server: &Contract) {
    let mut sent: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for asked in server.asked() {
        let names = sent.entry(asked.id).or_default();
        names.extend(asked.query.into_iter().map(|name| format!("parameter {name}")));
        names.extend(asked.fields.into_iter().map(|name| format!("field {name}")));
    }
    let mut missing = Vec::new();
    for operation in operations() {
        let Some(sent) = sent.get(&operation.id) else {
            missing.push(format!("operation {}", operation.id));
            continue;
        };
        let query = operation.query.iter().filter(|name| !OF_PAGING.contains(&name.as_str()));
        let query = query.map(|name| format!("parameter {name}"));
        let body = operation.body.iter().map(|name| format!("field {name}"));
        let unsent = query.chain(body).filter(|name| !sent.contains(name));
        missing.extend(unsent.map(|name| format!("{name} of {}", operation.id)));
    }
    assert!(
        missing.is_empty(),
        "the document has what the facade does not reach, or this test does not call:\n  {}",
        missing.join("\n  ")
    );
}
