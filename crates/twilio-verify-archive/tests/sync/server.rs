//! A server of attempts that breaks its promises.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use tests::scripted::{Received, Reply, Scripted};
use twilio_verify::{Attempts, Credentials};

use crate::world::client;

/// What a server has, and what it says.
#[derive(Default)]
pub(crate) struct Content {
    /// The items of the list.
    pub(crate) items: Vec<Value>,
    /// How many attempts Summary counts more than are listed.
    pub(crate) more: u64,
}

/// A server of attempts.
pub(crate) struct Server {
    /// It ends when this is dropped.
    _scripted: Scripted,
    pub(crate) content: Arc<Mutex<Content>>,
    pub(crate) attempts: Attempts,
}

/// The account of the attempts.
pub(crate) const ACCOUNT: &str = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// An item of the list.
pub(crate) fn item(number: u128, created: DateTime<Utc>) -> Value {
    let created = created.to_rfc3339_opts(SecondsFormat::Secs, true);
    json!({
        "sid": format!("VL{number:032x}"),
        "account_sid": ACCOUNT,
        "date_created": created,
        // What the server filters by.
        "created": created,
        "channel": "sms",
        "conversion_status": "unconverted",
    })
}

impl Server {
    pub(crate) async fn start(items: Vec<Value>) -> Self {
        let content = Arc::new(Mutex::new(Content { items, more: 0 }));
        let own = Arc::clone(&content);
        let scripted = Scripted::deciding(move |request| reply(&own.lock().unwrap(), request));
        let scripted = scripted.await.unwrap();
        let credentials = Credentials::auth_token(ACCOUNT, "token");
        let client = client(scripted.url()).credentials(credentials).build().unwrap();
        Self { _scripted: scripted, content, attempts: client.attempts() }
    }
}

fn reply(content: &Content, request: &Received) -> Reply {
    let target = request.target().replace("%3A", ":");
    let bound = |name: &str| -> Option<DateTime<Utc>> {
        let value = target.split(['?', '&']).find_map(|pair| pair.strip_prefix(name))?;
        value.parse().ok()
    };
    let (after, before) = (bound("DateCreatedAfter="), bound("DateCreatedBefore="));
    let is_in = |item: &&Value| {
        let date: DateTime<Utc> = item["created"].as_str().unwrap().parse().unwrap();
        after.is_none_or(|after| after <= date) && before.is_none_or(|before| date < before)
    };
    let items: Vec<&Value> = content.items.iter().filter(is_in).collect();
    let body = if target.contains("/Summary") {
        let total = items.len() as u64 + content.more;
        json!({"total_attempts": total, "total_converted": 0, "total_unconverted": total})
    } else {
        json!({"attempts": items, "meta": {"next_page_url": null, "key": "attempts"}})
    };
    Reply::json(200, &body.to_string())
}
