//! Twilio Verify v2 for Rust.
//!
//! Verify sends one-time codes and checks what people answer. This crate
//! starts and checks verifications, manages all that belongs to them, and
//! tells how many attempts were made and how many of them converted, by
//! service, period, country, channel and the first digits of the number.
//!
//! | from a [`Client`] | |
//! |---|---|
//! | [`attempts()`](Client::attempts) | summary, list and fetch of attempts |
//! | [`services()`](Client::services) | services themselves |
//! | [`service(sid)`](Client::service) | what is within one: verifications, rate limits, webhooks, messaging configurations, entities, access tokens, passkeys |
//! | [`templates()`](Client::templates) | templates of messages |
//! | [`safe_list()`](Client::safe_list) | numbers that are never blocked |
//! | [`forms()`](Client::forms) | forms of push factors |
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
//! # What can be relied on
//!
//! - **A request is checked before it is sent**: SIDs, countries, prefixes,
//!   periods, page sizes. An [`Error`] of kind
//!   [`InvalidRequest`](ErrorKind::InvalidRequest) names the value and the
//!   remedy.
//! - **An answer is read leniently**: unknown values of enums are kept, any
//!   field may be missing or null, rates may be texts or numbers, dates may
//!   be ISO 8601 or RFC 2822.
//! - **Nothing private is printed**: phone numbers, addresses and secrets
//!   show in no `Debug`, no error and no log.
//! - **Limits are kept, and what may be sent again is**: [`RequestLimit`],
//!   [`RetryPolicy`]. `Retry-After` is heeded, and no code is sent twice.
//! - **Everything ends in time**: [`ClientBuilder::attempt_timeout`] and
//!   [`ClientBuilder::timeout`] bound every call.
//!
//! # Features
//!
//! - `webhooks`, off by default: whether Twilio sent a webhook
//!   (`WebhookValidator`), and what it says (`WebhookEvent`).

mod access_tokens;
mod attempts;
#[cfg(feature = "blocking")]
pub mod blocking;
mod buckets;
mod challenge_context;
mod challenges;
mod check;
mod client;
pub mod codes;
mod credentials;
mod destination_prefix;
mod endpoint;
mod entities;
mod entity_context;
mod error;
mod factors;
mod forms;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod messaging_configurations;
mod notifications;
mod paging;
mod passkeys;
mod rate_limit_context;
mod rate_limits;
mod request;
mod request_limit;
mod retry;
mod safe_list;
pub mod schemas;
mod service_context;
mod services;
mod telemetry;
mod templates;
mod transport;
mod user_agent;
mod verifications;
#[cfg(feature = "webhooks")]
mod webhook;
mod webhooks;

pub use access_tokens::{AccessTokens, CreateAccessToken};
pub use attempts::{Attempts, FetchAttemptsSummary, ListAttempts};
pub use buckets::{Buckets, CreateBucket, ListBuckets, UpdateBucket};
pub use challenge_context::ChallengeContext;
pub use challenges::{AnswerChallenge, Challenges, CreateChallenge, ListChallenges};
pub use client::{Client, ClientBuilder};
pub use credentials::{
    Credentials, CredentialsError, CredentialsFuture, CredentialsProvider, OAuth, OAuthBuilder,
};
pub use destination_prefix::{DestinationPrefix, DestinationPrefixError};
pub use entities::{CreateEntity, Entities, ListEntities};
pub use entity_context::EntityContext;
pub use error::{Error, ErrorKind};
pub use factors::{CreatePushFactor, CreateTotpFactor, Factors, ListFactors, UpdateFactor};
pub use forms::Forms;
pub use messaging_configurations::{
    CreateMessagingConfiguration, ListMessagingConfigurations, MessagingConfigurations,
    MessagingCountry, UpdateMessagingConfiguration,
};
pub use notifications::{CreateNotification, Notifications};
pub use paging::{Items, Pages};
pub use passkeys::{
    ApprovePasskeysChallenge, CreatePasskeysChallenge, CreatePasskeysFactor, Passkeys,
    VerifyPasskeysFactor,
};
pub use rate_limit_context::RateLimitContext;
pub use rate_limits::{CreateRateLimit, ListRateLimits, RateLimits, UpdateRateLimit};
pub use request_limit::RequestLimit;
pub use retry::RetryPolicy;
pub use safe_list::SafeList;
pub use service_context::ServiceContext;
pub use services::{CreateService, ListServices, Services, UpdateService};
pub use templates::{ListTemplates, Templates};
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
    ApiKeySid, Country, CountryError, Extra, Meta, Page, Redacted, Sid, SidError,
    UnknownValueError, parse_date,
};
pub use verifications::{CheckVerification, StartVerification, VerificationRef, Verifications};
#[cfg(feature = "webhooks")]
pub use webhook::{
    WebhookEvent, WebhookEventError, WebhookEventType, WebhookSignatureError, WebhookValidator,
};
pub use webhooks::{CreateWebhook, ListWebhooks, UpdateWebhook, Webhooks};
