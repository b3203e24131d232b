//! Twilio Verify v2 for Rust: sends one-time codes and checks them.
//!
//! Send a code to a phone number, and check what the user typed:
//!
//! ```no_run
//! use twilio_verify::{Channel, Client};
//!
//! # async fn example() -> Result<(), twilio_verify::Error> {
//! // TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or an API key: see `Client::from_env`.
//! let client = Client::from_env()?;
//! let verify = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").verifications();
//!
//! verify.start("+573003003030", Channel::Sms).await?;
//!
//! let check = verify.check("+573003003030", "123456").await?;
//! if check.is_approved() {
//!     println!("verified");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Count attempts, and how many of them converted:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let emulator = twilio_verify_emulator::Emulator::start().await?;
//! # let client = twilio_verify::Client::builder()
//! #     .credentials(emulator.credentials())
//! #     .base_url(emulator.url())
//! #     .build()?;
//! use twilio_verify::chrono::{TimeDelta, Utc};
//!
//! let summary = client
//!     .attempts()
//!     .summary()
//!     .created_after(Utc::now() - TimeDelta::days(7))
//!     .country("CO")
//!     .destination_prefix("+57305")
//!     .await?;
//! println!("{} of {} converted", summary.total_converted, summary.total_attempts);
//! # Ok(())
//! # }
//! ```
//!
//! # Where things are
//!
//! | from a [`Client`] | |
//! |---|---|
//! | [`service(sid)`](Client::service) | the resources of a service: verifications, rate limits, webhooks, messaging configurations, entities, access tokens, passkeys |
//! | [`attempts()`](Client::attempts) | attempts: summary, list, fetch |
//! | [`services()`](Client::services) | services |
//! | [`templates()`](Client::templates) | message templates |
//! | [`safe_list()`](Client::safe_list) | numbers that are never blocked |
//! | [`forms()`](Client::forms) | forms of push factors |
//! | [`request(method, path)`](Client::request) | anything else, by a raw request |
//!
//! | module | |
//! |---|---|
//! | [`resources`] | the resources of the API, each with its operations as methods |
//! | [`requests`] | the builders that these methods return |
//! | [`types`] | the contents of responses: resources, enums, SIDs |
//! | [`codes`] | Twilio's error codes, and what to do about each |
//! | [`guide`] | [errors and retries](guide::errors_and_retries), [testing](guide::testing), [webhooks](guide::webhooks), [tracing and metrics](guide::tracing_and_metrics) |
//!
//! # Guarantees
//!
//! - **Requests are checked before they are sent**: SIDs, countries, prefixes, periods, page sizes.
//!   An [`Error`] of kind [`InvalidRequest`](ErrorKind::InvalidRequest) names the value, what is
//!   wrong with it and what is expected.
//! - **Responses are read leniently**: unknown values of enums are kept, any field may be missing
//!   or null, numbers may be strings, dates may be ISO 8601 or RFC 2822.
//! - **Private data is not printed**: no `Debug`, error or log shows phone numbers, addresses and
//!   secrets.
//! - **Requests are limited and retried**: see [`RequestLimit`] and [`RetryPolicy`]. `Retry-After`
//!   is honoured, and no code is sent twice.
//! - **Every call ends**: [`ClientBuilder::attempt_timeout`] and [`ClientBuilder::timeout`] limit
//!   it.
//!
//! # Features
//!
//! | feature | default | |
//! |---|---|---|
//! | `blocking` | | the same API without async: `blocking` |
//! | `gzip` | yes | compressed responses |
//! | `metrics` | | counters and histograms of calls, by the crate `metrics` |
//! | `native-tls` | | TLS by the operating system's library |
//! | `rustls` | yes | TLS by rustls, with the crypto provider aws-lc-rs |
//! | `rustls-no-provider` | | TLS by rustls, with the crypto provider that the program installs by rustls's `CryptoProvider::install_default` before it builds a client |
//! | `schemas` | yes | JSON Schemas of the resources: `schemas` |
//! | `testing` | | canned responses for tests: `testing` |
//! | `webhooks` | | `WebhookValidator`, which checks that a webhook is from Twilio, and `WebhookEvent`, which parses it |
//!
//! Without any of the features for TLS, only `http` to a loopback address works.

// docs.rs builds with nightly, and shows which feature an item needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "blocking")]
pub mod blocking;
mod client;
pub mod codes;
mod contexts;
mod credentials;
mod error;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
pub mod guide;
mod http;
mod request;
pub mod requests;
pub mod resources;
#[cfg(feature = "schemas")]
pub mod schemas;
#[cfg(feature = "testing")]
pub mod testing;
mod transport;
pub mod types;
#[cfg(feature = "webhooks")]
mod webhook;

// The fuzz targets name the crate.
#[cfg(test)]
extern crate self as twilio_verify;

#[cfg(test)]
#[path = "../fuzz/replay.rs"]
mod fuzz_replay;

pub use ::http::Method;
#[doc(no_inline)]
pub use chrono;
pub use client::builder::ClientBuilder;
pub use client::client::Client;
pub use credentials::credentials::Credentials;
pub use credentials::oauth::{OAuth, OAuthBuilder};
pub use credentials::provider::{CredentialsError, CredentialsFuture, CredentialsProvider};
pub use error::{Error, ErrorKind};
#[doc(no_inline)]
pub use rust_decimal;
pub use transport::gate::{GateError, GateFuture, LimitedRequest, RequestGate};
pub use transport::in_process::InProcessGate;
pub use transport::request_limit::RequestLimit;
pub use transport::retry::RetryPolicy;
pub use twilio_verify_api::types::{
    AccessTokenSid, AccountSid, AttemptSid, BucketSid, ChallengeSid, Channel, ConversionStatus,
    CredentialSid, EntitySid, FactorSid, FactorType, MessagingServiceSid, NotificationSid,
    RateLimitSid, SafelistNumberSid, ServiceSid, TemplateSid, VerificationSid, VerificationStatus,
    WebhookSid,
};
pub use twilio_verify_api::{
    ApiKeySid, Country, DestinationPrefix, IntoValue, MessagingCountry, Page, Redacted, Sid,
};
#[cfg(feature = "webhooks")]
pub use webhook::{
    event::{WebhookEvent, WebhookEventError},
    event_type::WebhookEventType,
    signature_error::WebhookSignatureError,
    validator::WebhookValidator,
};

// These items belong to modules. Their older paths from the root stay valid.
#[doc(hidden)]
pub use crate::{requests::*, resources::*, types::*};
