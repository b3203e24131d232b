//! How to test code that uses this crate, without Twilio.
//!
//! Twilio's test credentials don't work with Verify. There are three ways, from the simplest:
//!
//! | | use it to test | has state |
//! |---|---|---|
//! | canned responses, feature `testing` | the requests that your code makes, and how it handles a certain response | no |
//! | a [`Sender`](crate::requests::Sender) of your own | code that is generic over the sender | no |
//! | the emulator, crate `twilio-verify-emulator` | a whole flow: send, check, expire, webhooks, faults | yes |
//!
//! # Canned responses
//!
//! ```toml
//! [dev-dependencies]
//! twilio-verify = { version = "0.1", features = ["testing"] }
//! ```
//!
#![cfg_attr(feature = "testing", doc = "```")]
#![cfg_attr(not(feature = "testing"), doc = "```ignore")]
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use twilio_verify::testing::{Canned, Reply};
//! use twilio_verify::{Client, Error, codes};
//!
//! // The code to test.
//! async fn sign_in(client: &Client, to: &str) -> Result<bool, Error> {
//!     let verify = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").verifications();
//!     match verify.start(to, "sms").await {
//!         Ok(_) => Ok(true),
//!         Err(error) if error.code() == Some(codes::LANDLINE) => {
//!             verify.start(to, "call").await.map(|_| true)
//!         }
//!         Err(error) => Err(error),
//!     }
//! }
//!
//! // A landline first, then a call.
//! let canned = Canned::new()
//!     .reply(Reply::error(403, codes::LANDLINE))
//!     .json(201, r#"{"status": "pending", "channel": "call"}"#);
//! assert!(sign_in(&canned.client()?, "+4930901820").await?);
//!
//! let channels: Vec<_> = canned.requests().iter().map(|request| request.form("Channel")).collect();
//! assert_eq!(channels, [Some("sms".to_owned()), Some("call".to_owned())]);
//! # Ok(())
//! # }
//! ```
//!
//! Responses are used in order. Everything but the network works as in production: an invalid value
//! is rejected and doesn't count as a request, an error has its kind and code, and with a
//! [`RetryPolicy`](crate::RetryPolicy) a request is sent again. `Canned::builder` lets you change
//! settings.
//!
//! # A sender of your own
//!
//! Builders are generic over the [`Sender`](crate::requests::Sender) that sends their requests. The
//! documentation of that trait has an example that responds with a constant.
//!
//! # The emulator
//!
//! ```toml
//! [dev-dependencies]
//! twilio-verify-emulator = "0.1"
//! ```
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use twilio_verify::{Channel, Client};
//! use twilio_verify_emulator::Emulator;
//!
//! let emulator = Emulator::start().await?;
//! let client = Client::builder()
//!     .credentials(emulator.credentials())
//!     .base_url(emulator.url())
//!     .build()?;
//!
//! let service = client.services().create("Shop").await?;
//! let verify = client.service(service.sid.ok_or("no SID")?).verifications();
//! verify.start("+573003003030", Channel::Sms).await?;
//!
//! let code = emulator.outbox().code_for("+573003003030").ok_or("nothing was sent")?;
//! assert!(verify.check("+573003003030", code).await?.is_approved());
//! # Ok(())
//! # }
//! ```
//!
//! A program that reads its settings with [`Client::from_env`](crate::Client::from_env) needs no
//! change: set `TWILIO_BASE_URL`, `TWILIO_ACCOUNT_SID` and `TWILIO_AUTH_TOKEN` to what
//! `twilio-verify emulator` prints.
