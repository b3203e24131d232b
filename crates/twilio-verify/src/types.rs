//! The resources in responses, the types of their fields, and the types of values that are sent.
//!
//! A resource is what a call returns: [`Verification`], [`VerificationCheck`], [`Attempt`],
//! [`AttemptsSummary`], [`Service`], and more. Any of its fields may be missing. A field that can't
//! be understood is absent and kept in `unread`, and enums keep values that they don't know.
//!
//! The SIDs are here and at the root of the crate. Each kind has its own type, with a constructor
//! for literals that are checked at compile time: see [`Sid`].

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
    GmtDateTime, IntoValue, JsonText, MessagingCountry, Meta, Page, Redacted, Seconds, Sid,
    SidError, UnknownValueError, Unread, parse_date,
};
