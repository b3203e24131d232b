//! How to receive webhooks: the events of factors and challenges.
//!
//! Twilio sends an event when a factor or a challenge changes, such as when a user approves a push.
//! Receiving them needs the feature `webhooks`.
//!
//! # Create the webhook
//!
//! ```no_run
//! # async fn example(client: twilio_verify::Client) -> Result<(), twilio_verify::Error> {
//! let service = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
//! let events = ["challenge.approved", "challenge.denied"];
//! service.webhooks().create("sign-in", events, "https://hooks.example.com/verify").await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Validate, then read
//!
//! Anyone can send a request to a public URL. Twilio signs its own with the auth token of the
//! account, not with an API key's secret. `WebhookValidator` needs three things as they were
//! received:
//!
//! 1. **The URL** that Twilio was given, with its query. Behind a proxy, the server sees another
//!    one: put it together from the public address, which the program knows, and the request's path
//!    and query. Don't take it from the `Host` header, which whoever sends the request chooses.
//! 2. **The headers**.
//! 3. **The body**, before anything parses it.
//!
#![cfg_attr(feature = "webhooks", doc = "```")]
#![cfg_attr(not(feature = "webhooks"), doc = "```ignore")]
//! use http::HeaderMap;
//! use twilio_verify::{WebhookEvent, WebhookEventType, WebhookValidator};
//!
//! /// The status to respond with.
//! fn receive(
//!     validator: &WebhookValidator,
//!     path_and_query: &str,
//!     headers: &HeaderMap,
//!     body: &[u8],
//! ) -> u16 {
//!     let url = format!("https://hooks.example.com{path_and_query}");
//!     if validator.validate(&url, headers, body).is_err() {
//!         return 403;
//!     }
//!     match WebhookEvent::parse(headers, body) {
//!         Ok(event) if event.event_type == WebhookEventType::ChallengeApproved => 204,
//!         Ok(_) => 204,
//!         Err(_) => 400,
//!     }
//! }
//!
//! let validator = WebhookValidator::new("0123456789abcdef0123456789abcdef")?;
//! assert_eq!(receive(&validator, "/verify", &HeaderMap::new(), b"type=challenge.approved"), 403);
//! # Ok::<(), twilio_verify::Error>(())
//! ```
//!
//! The program `push_webhooks` in the repository's `examples` does this with axum.
//!
//! # What to expect of events
//!
//! - An event may arrive more than once: remember its `uid`.
//! - A signature does not expire. Use `https`, so that nobody sees one.
//! - Respond within seconds, with status 2xx, and do the work afterwards.
//! - A webhook says that something happened. What a user may do is decided by what the API returns:
//!   fetch the challenge before you let anyone in.
//! - `WebhookEvent` is serialized as the object that it was read from, with personal data in it.
