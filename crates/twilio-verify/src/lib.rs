//! Twilio Verify v2 for Rust.
//!
//! Verify sends one-time codes and checks them. This crate starts and checks verifications, manages
//! the resources around them, and reports how many attempts were made and how many converted, by
//! service, period, country, channel and first digits of the number.
//!
//! | from a [`Client`] | |
//! |---|---|
//! | [`attempts()`](Client::attempts) | attempts: summary, list, fetch |
//! | [`services()`](Client::services) | services |
//! | [`service(sid)`](Client::service) | the resources of a service: verifications, rate limits, webhooks, messaging configurations, entities, access tokens, passkeys |
//! | [`templates()`](Client::templates) | message templates |
//! | [`safe_list()`](Client::safe_list) | numbers that are never blocked |
//! | [`forms()`](Client::forms) | forms of push factors |
//! | [`request(method, path)`](Client::request) | anything else, by a raw request |
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use twilio_verify::Client;
//! use twilio_verify_emulator::Emulator;
//!
//! // Twilio's test credentials don't work with Verify; the emulator does.
//! let emulator = Emulator::start().await?;
//! let client = Client::builder()
//!     .credentials(emulator.credentials())
//!     .base_url(emulator.url())
//!     .build()?;
//!
//! let summary = client.attempts().summary().send().await?;
//! assert_eq!(summary.total_attempts, 0);
//! # Ok(())
//! # }
//! ```
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
//! | `webhooks` | | `WebhookValidator`, which checks that a webhook is from Twilio, and `WebhookEvent`, which parses it |

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
mod http;
mod request;
mod resources;
#[cfg(feature = "schemas")]
pub mod schemas;
mod transport;
#[cfg(feature = "webhooks")]
mod webhook;

// The fuzz targets name the crate.
#[cfg(test)]
extern crate self as twilio_verify;

#[cfg(test)]
#[path = "../fuzz/replay.rs"]
mod fuzz_replay;

pub use ::http::Method;
pub use client::builder::ClientBuilder;
pub use client::client::Client;
pub use contexts::{ChallengeContext, EntityContext, RateLimitContext, ServiceContext};
pub use credentials::credentials::Credentials;
pub use credentials::oauth::{OAuth, OAuthBuilder};
pub use credentials::provider::{CredentialsError, CredentialsFuture, CredentialsProvider};
pub use error::{Error, ErrorKind};
pub use request::paging::{Items, Pages};
pub use request::raw::{RawRequest, RawResponse};
pub use resources::access_tokens::AccessTokens;
pub use resources::attempts::Attempts;
pub use resources::buckets::Buckets;
pub use resources::challenges::Challenges;
pub use resources::entities::Entities;
pub use resources::factors::Factors;
pub use resources::forms::Forms;
pub use resources::messaging_configurations::MessagingConfigurations;
pub use resources::notifications::Notifications;
pub use resources::passkeys::Passkeys;
pub use resources::rate_limits::RateLimits;
pub use resources::safe_list::SafeList;
pub use resources::services::Services;
pub use resources::templates::Templates;
pub use resources::verifications::{VerificationRef, Verifications};
pub use resources::webhooks::Webhooks;
pub use transport::request_limit::RequestLimit;
pub use transport::retry::RetryPolicy;
#[doc(inline)]
pub use twilio_verify_api::requests::{
    self, AnswerChallenge, ApprovePasskeysChallenge, CheckVerification, CreateAccessToken,
    CreateBucket, CreateChallenge, CreateEntity, CreateMessagingConfiguration, CreateNotification,
    CreatePasskeysChallenge, CreatePasskeysFactor, CreatePushFactor, CreateRateLimit,
    CreateService, CreateTotpFactor, CreateWebhook, FetchAttemptsSummary, ListAttempts,
    ListBuckets, ListChallenges, ListEntities, ListFactors, ListMessagingConfigurations,
    ListRateLimits, ListServices, ListTemplates, ListWebhooks, StartVerification, UpdateBucket,
    UpdateFactor, UpdateMessagingConfiguration, UpdateRateLimit, UpdateService, UpdateWebhook,
    VerifyPasskeysFactor,
};
pub use twilio_verify_api::types::{
    AccessToken, AccessTokenSid, AccountSid, Attempt, AttemptSid, AttemptStatus, AttemptsSummary,
    AuthenticatorAttachment, AuthenticatorTransport, Bucket, BucketSid, CallStatus, Carrier,
    Challenge, ChallengeDetails, ChallengeField, ChallengeReason, ChallengeSid, ChallengeStatus,
    Channel, ChannelData, ConversionStatus, CredentialSid, Entity, EntitySid, Factor,
    FactorBinding, FactorConfig, FactorSid, FactorStatus, FactorType, Form, FormMeta, FormSchema,
    FormType, ListOrder, Lookup, MessageStatus, MessagingConfiguration, MessagingServiceSid,
    NewFactor, NewPasskeysConfig, NewRelyingParty, Notification, NotificationPlatform,
    NotificationSid, PasskeysAssertion, PasskeysAttestation, PasskeysChallenge, PasskeysConfig,
    PasskeysOptions, PasskeysRequirement, Price, PublicKeyCredentialType, PushConfig, RateLimit,
    RateLimitSid, RelyingParty, RiskCheck, SafelistNumber, SafelistNumberSid, SendCodeAttempt,
    Service, ServiceSid, Sna, SnaAttemptError, Template, TemplateSid, TotpAlgorithm, TotpConfig,
    Translation, Verification, VerificationCheck, VerificationResolution, VerificationSid,
    VerificationStatus, Webhook, WebhookMethod, WebhookSid, WebhookStatus, WebhookVersion,
    WhatsappConfig,
};
pub use twilio_verify_api::{
    ApiKeySid, Country, CountryError, DestinationPrefix, DestinationPrefixError, Extra,
    GmtDateTime, Invalid, JsonText, List, ListItem, ListRequest, ListSender, ListStart,
    MessagingCountry, Meta, Operation, Page, Redacted, Request, RequestError, Seconds, Sender, Sid,
    SidError, UnknownValueError, Unread, parse_date,
};
#[cfg(feature = "webhooks")]
pub use webhook::{
    event::{WebhookEvent, WebhookEventError},
    event_type::WebhookEventType,
    signature_error::WebhookSignatureError,
    validator::WebhookValidator,
};
