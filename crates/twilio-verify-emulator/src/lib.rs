//! An emulator of Twilio Verify v2 that runs offline, on a loopback port.
//!
//! Twilio's test credentials do not work with Verify, so a program that uses it has nothing to be tested against.
//! This crate fills the gap: real HTTP, Basic authentication, parameter checks, error bodies, paging and rate
//! limits, over attempts from a test, a file or a seed.
//!
//! ```
//! use chrono::{TimeZone, Utc};
//! use twilio_verify_emulator::{Emulator, ManualClock, sample};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let now = Utc.with_ymd_and_hms(2026, 3, 2, 21, 0, 0).unwrap();
//! let emulator = Emulator::builder()
//!     .clock(ManualClock::at(now))
//!     .attempts(sample(1, now, 1_000))
//!     .start()
//!     .await?;
//!
//! let summary: serde_json::Value = reqwest::Client::new()
//!     .get(format!("{}/v2/Attempts/Summary", emulator.url()))
//!     .basic_auth(emulator.account_sid(), Some(emulator.auth_token()))
//!     .send()
//!     .await?
//!     .json()
//!     .await?;
//! assert_eq!(summary["total_attempts"], 1_000);
//! # Ok(())
//! # }
//! ```
//!
//! # Operations
//!
//! | operation | behaviour |
//! |---|---|
//! | `GET /v2/Attempts` | newest first; eight filters; pages of 1 to 1000, default 50 |
//! | `GET /v2/Attempts/{Sid}` | one attempt, while it is retained |
//! | `GET /v2/Attempts/Summary` | counts and conversion rate; six filters; 100 requests a minute |
//! | `/v2/Services` | create, list, fetch, update, delete, with everything within |
//! | `/v2/Services/{ServiceSid}/RateLimits` and `…/Buckets` | create, list, fetch, update, delete |
//! | `/v2/Services/{ServiceSid}/MessagingConfigurations` | create, list, fetch, update, delete; one for each country, or for `all` |
//! | `/v2/Services/{ServiceSid}/Webhooks` | create, list, fetch, update, delete; [notified of events](Emulator::deliveries) if at a loopback address |
//! | `/v2/SafeList/Numbers` | add, fetch, remove |
//! | `/v2/Templates` | list, optionally by name: [`DEFAULT_TEMPLATES`], and those of [`EmulatorBuilder::template`] |
//! | `/v2/Forms/form-push` | fetch |
//! | `/v2/Services/{ServiceSid}/Entities` | create, list, fetch, delete, with factors and challenges |
//! | `…/Factors` | TOTP by RFC 6238, devices by ES256, passkeys with WebAuthn's data types; create, list, fetch, verify, update, delete |
//! | `…/Challenges` | create, list by factor and status in either order, fetch, answer; they expire |
//! | `…/Notifications` | create, for the pending challenge of a device |
//! | `/v2/Services/{ServiceSid}/AccessTokens` | create, fetch; the token is a signed JWT |
//! | `/v2/Services/{ServiceSid}/Passkeys` | create and verify a passkey, create and approve a challenge |
//! | `/v2/Services/{Sid}/Verifications` | start, send again, fetch by SID or destination, cancel, approve |
//! | `/v2/Services/{Sid}/VerificationCheck` | check by SID or destination |
//!
//! The response to any other path is 404/20404, to another method on one of these paths 405/20004.
//!
//! # Connections
//!
//! HTTP/1.1, on a loopback address unless [`EmulatorBuilder::allow_non_loopback`] is set, optionally with
//! [TLS](EmulatorBuilder::tls). At most 1024 connections are open at once ([`EmulatorBuilder::max_connections`]). A
//! head has up to 32 KiB and 100 headers, otherwise the status is 431, or 414 if the target is too long; a body has
//! up to 1 MiB, otherwise the status is 413. Both must arrive within 30 seconds ([`EmulatorBuilder::read_timeout`]),
//! otherwise the connection is closed, after 408 if the body is late. The bodies of all requests in progress take up to
//! 128 MiB of memory ([`EmulatorBuilder::body_memory`]); a request whose body does not fit is rejected with 503. A
//! client that reads nothing of a response for 30 seconds ([`EmulatorBuilder::write_timeout`]) loses its connection.
//!
//! # Access
//!
//! The default credentials are public, so that they keep no web page away from an emulator that runs on the machine of
//! a browser. Every request, to the API and to `/_emulator/`, is therefore checked for what browsers say:
//! - It has one `Host`, whose port does not matter: a name or address of loopback, or
//!   [another that is accepted](EmulatorBuilder::accept_host). A missing or malformed one is 400, another one 403.
//! - An `Origin`, if there is one, is on an accepted host.
//! - Without one, `Sec-Fetch-Site` is missing, `same-origin` or `none`, unless a link leads to the page itself.
//!
//! Programs send neither of the last two. URLs in responses begin with the scheme of the connection and the `Host` of
//! the request, unless a [public URL](EmulatorBuilder::public_url) is set.
//!
//! # Faults
//!
//! Latency, errors with any status and body, truncated responses, resets: by operation, by script or by probability,
//! before a request is processed or after. See [`Fault`], [`EmulatorBuilder::fault`] and [`Emulator::faults`].
//!
//! # Control over HTTP
//!
//! Tests in other languages control an emulator by these requests. They need no credentials, unless
//! [other machines can reach](EmulatorBuilder::allow_non_loopback) the emulator. Bodies are JSON, of up to 1 MiB, and of
//! up to 64 MiB for attempts.
//!
//! | request | effect |
//! |---|---|
//! | `GET /_emulator/` | a web page: messages, attempts, summary and requests, live |
//! | `GET /_emulator/requests` | the last 1000 requests |
//! | `GET /_emulator/attempts` | the newest 50 attempts |
//! | `GET /_emulator/summary` | counts of all attempts: in total, by channel, and by minute for the last hour |
//! | `GET /_emulator/sna/{token}` | the URL that a device calls in silent network authentication |
//! | `GET /_emulator/changes` | server-sent events: one `change` whenever something may have changed; for up to 64 clients, each of which has at most one event waiting |
//! | `POST /_emulator/reset` | deletes everything that requests created |
//! | `POST /_emulator/attempts` | adds attempts, in the API's own JSON |
//! | `GET /_emulator/deliveries` | the last 1000 webhook deliveries, with their outcomes |
//! | `GET /_emulator/outbox` | the messages sent, oldest first; `?to=` those to one destination, `?after=` later ones |
//! | `DELETE /_emulator/outbox` | deletes the messages |
//! | `PUT /_emulator/code` | `{"code": "123456"}` is the code of every verification from now on; null restores random codes |
//! | `PUT /_emulator/outcomes` | `{"to": "+573003003030", "outcome": "blocked"}`, up to 10,000; see [`Outcome`] |
//! | `GET`, `POST`, `DELETE /_emulator/faults` | the faults, up to 1000: as text (`*:429=0.1,retry-after=2`) or in JSON; see [`Fault`] |
//! | `DELETE /_emulator/faults/{id}` | removes a fault |
//! | `GET`, `POST /_emulator/clock` | the time; `{"advance_seconds": 600}` advances the clock, which ends with the year 9999 |
//!
//! # What is Twilio's, and what is assumed
//!
//! **Documented by Twilio**: paths, parameters, shapes and error codes; the retention of 30 days of the list and of a
//! fetch; `PageSize` 1 to 1000, default 50; 100 summary requests a minute, then 429; for a verification, 10 minutes,
//! 5 checks (then 60202) and 5 sends to a number (then 60203), and that it can no longer be found once it has ended.
//!
//! **Seen in captures**: newest first; the classic error body; the `Twilio-Request-Id` and
//! `Twilio-Concurrent-Requests` headers.
//!
//! **Assumed**, each a setting of [`EmulatorBuilder`] where it could matter to a test:
//! - `DateCreatedAfter` includes its instant, `DateCreatedBefore` does not, so that adjacent periods add up
//!   ([`EmulatorBuilder::created_after`], [`EmulatorBuilder::created_before`]).
//! - A summary counts all attempts, not only those of the last 30 days ([`EmulatorBuilder::summary_retention`]).
//! - The conversion rate has 9 decimals, rounded half up; it is null if no attempt is counted
//!   ([`EmulatorBuilder::rate_decimals`], [`EmulatorBuilder::rate_rounding`],
//!   [`EmulatorBuilder::rate_of_none`]).
//! - The limit is a sliding window. A rejected request does not count; one within the limit does, even if its
//!   parameters are invalid ([`EmulatorBuilder::summary_limit`]).
//! - `DateCreatedBefore` earlier than `DateCreatedAfter` is an empty period, not an error.
//! - The last value of a repeated parameter counts; unknown parameters are ignored; names and values are
//!   case-sensitive, except for the hexadecimal digits of a SID. An empty value is invalid, except for
//!   `ChannelData.To`, which is compared and never invalid.
//! - `Page` is only echoed in `meta`; the `PageToken` alone determines where a page begins.
//! - A service has at most 10 rate limits ([`EmulatorBuilder::rate_limits_per_service`]); `Max` and `Interval` of a
//!   bucket are at least 1.
//! - Adding a number to the safe list again has the same response as the first time. A phone number has 7 to 15
//!   digits.
//! - A second messaging configuration for a country is rejected with 60200.
//! - A webhook is for known events, at an absolute URL of `http` or `https`. Its payload has the names that
//!   [`WebhookEvent`](twilio_verify::WebhookEvent) reads; version 1 has neither names nor dates nor metadata. The
//!   timeout is 5 seconds, and there are at most three tries ([`EmulatorBuilder::webhook_timeout`],
//!   [`EmulatorBuilder::webhook_tries`]).
//! - Verifications: a start for a destination that has a pending one sends the same code again, without prolonging
//!   it ([`EmulatorBuilder::verification_expiry`]). After five wrong checks it stays until it expires or is
//!   cancelled: `pending`, and `max_attempts_reached` once a sixth check was rejected
//!   ([`EmulatorBuilder::max_checks`]). Sends are counted by service and destination, in a sliding window
//!   ([`EmulatorBuilder::send_limit`]). Of several attempts the latest converts ([`EmulatorBuilder::converting`]).
//! - `auto` is `sms`, or `email` for an address. `rbm` and `rcs` are attempts by `rbm` of verifications by `sms`,
//!   as the enum of verifications does not have them. `sna` is not an attempt; its URL is the emulator's, and its
//!   response states whether the number is vouched for.
//! - Messages arrive at once, and their price is known at once, unless an [`Outcome`] says otherwise. Texts are not
//!   Twilio's. Prices and networks are made up, for fourteen countries; a number's country is determined by its
//!   prefix, and the language of a message by the country, unless `Locale` or a template says otherwise.
//! - A start may name rate limits of the service; others are 60200. Above the `Max` of a bucket the response is
//!   429/20429 with `Retry-After`, and the start counts against no limit. The window slides.
//! - A custom code, or a payment, that the service is not enabled for is 60204. Another amount or payee than at the
//!   start is a wrong code. A check of an address or number without a verification is 404/20404.
//! - `TemplateSid` must be that of a template for the channel, otherwise it is 60200.
//! - An attempt dated later than the clock is served like any other.
//! - Entities: identities are case-sensitive; one that the service already has is an invalid parameter, 60200.
//!   Creating a factor creates its entity if necessary.
//! - TOTP: a code is accepted once, as RFC 6238 requires: the code that verified a factor answers no challenge. A
//!   wrong code is 60306 for a factor, 60324 for a challenge; a challenge created with a wrong one is `pending`.
//!   Tries are not limited.
//! - Devices: a device signs a JWT with `alg` `ES256` whose claim `sid` is that of the factor or the challenge. To
//!   answer a challenge it has the claim `status`, `approved` or `denied`, and optionally `responded_reason`. `exp`
//!   is checked, other claims are ignored.
//! - Passkeys: the authenticator's data and its signature are not checked. Type, challenge and origin of
//!   `clientDataJSON`, the identifier, the attachment and `userHandle` must match. Without origins the passkey's is
//!   `https://` and the relying party's `id`.
//! - A challenge that is not pending, or whose factor is deleted, cannot be answered: 60306. Fields of another kind
//!   of factor are ignored.
//! - Access tokens: signed with HS256 by the auth token. A device registers itself with one, once, by Basic
//!   authentication as the user `token`. They can be fetched, token included, after they have expired.
//! - Webhooks are notified of an expired challenge with the next request, or when
//!   [`Emulator::wait_for_deliveries`] or [`Emulator::deliveries`] is called.
//! - Dates are of the years 0000 to 9999 in GMT. JSON in a parameter is nested at most 64 levels deep.
//! - A request is checked in this order: host and origin, credentials, length of the query, length of the body, path, method,
//!   rate limit, parameters. The response reports the first error. A [`Fault`] comes before the rate limit.

mod app;
mod attempts;
mod contract;
mod control;
mod data_file;
mod emulator;
mod faults;
mod messages;
mod operations;
mod records;
mod server;
mod state;
mod tables;
mod time;
mod values;
mod webhooks;

pub use app::log::RecordedRequest;
pub use attempts::data::attempt::{
    Attempt, AttemptError, ChannelData, DuplicateSid, ErrorCode, Price,
};
pub use attempts::data::filter::Bound;
pub use attempts::load::{LoadError, load_file, load_str};
pub use attempts::rate::{RateOfNone, Rounding};
pub use attempts::sample::{SAMPLE_SERVICES, sample, samples};
pub use attempts::store::{Changes, Store};
pub use data_file::warning::Warning;
pub use emulator::builder::EmulatorBuilder;
pub use emulator::error::StartError;
pub use emulator::handle::Emulator;
pub use faults::active::{ActiveFault, Faults};
pub use faults::error::FaultError;
pub use faults::fault::{Fault, FaultBody};
pub use messages::code::InvalidCode;
pub use messages::outbox::{Message, Messages, Outbox};
pub use messages::outcome::Outcome;
pub use messages::template::{DEFAULT_TEMPLATES, Template};
pub use state::verifications::Converting;
pub use time::clock::{Clock, ManualClock, SystemClock};
pub use time::limit::RateLimit;
pub use values::api_enum::UnknownValue;
pub use values::channel::Channel;
pub use values::conversion_status::ConversionStatus;
pub use values::country::{Country, UnknownCountry};
pub use values::sid::{AttemptSid, InvalidSid, ServiceSid, TemplateSid, VerificationSid};
pub use webhooks::delivery::{Delivery, DeliveryOutcome};
