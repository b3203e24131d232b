//! A Twilio Verify v2 that runs offline, on a loopback port.
//!
//! Twilio's test credentials do not work with Verify, so a program that uses it has nothing to be tested
//! against. This crate is that: real HTTP, Basic authentication, parameter checks, error bodies, paging and
//! rate limits, over attempts that a test, a file or a seed provides.
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
//! | `/v2/Services` | create, list, fetch, update, delete, with all that lies within |
//! | `/v2/Services/{ServiceSid}/RateLimits` and `…/Buckets` | create, list, fetch, update, delete |
//! | `/v2/Services/{ServiceSid}/MessagingConfigurations` | create, list, fetch, update, delete; one for a country, or for `all` |
//! | `/v2/Services/{ServiceSid}/Webhooks` | create, list, fetch, update, delete; [told of events](Emulator::deliveries) if at a loopback address |
//! | `/v2/SafeList/Numbers` | add, fetch, remove |
//! | `/v2/Templates` | list, by name if asked for: [`DEFAULT_TEMPLATES`], and those of [`EmulatorBuilder::template`] |
//! | `/v2/Forms/form-push` | fetch |
//! | `/v2/Services/{ServiceSid}/Entities` | create, list, fetch, delete; with an entity go its factors and challenges |
//! | `…/Factors` | TOTP by RFC 6238, devices by ES256, passkeys by WebAuthn's shapes; create, list, fetch, verify, change, delete |
//! | `…/Challenges` | create, list by factor and status in either order, fetch, answer; they expire |
//! | `…/Notifications` | create, for the pending challenge of a device |
//! | `/v2/Services/{ServiceSid}/AccessTokens` | create, fetch; the token is a signed JWT |
//! | `/v2/Services/{ServiceSid}/Passkeys` | create and verify a passkey, create and approve a challenge |
//! | `/v2/Services/{Sid}/Verifications` | start, send again, fetch by SID or destination, cancel, approve |
//! | `/v2/Services/{Sid}/VerificationCheck` | check by SID or destination |
//!
//! Any other path is answered with 404/20404, another method on one of these paths with 405/20004.
//!
//! # Connections
//!
//! HTTP/1.1, on a loopback address unless [`EmulatorBuilder::allow_non_loopback`] says otherwise, with TLS if
//! [`EmulatorBuilder::tls`] does. At most 1024 connections are open at once
//! ([`EmulatorBuilder::max_connections`]). A head has up to 32 KiB and 100 headers, else 431, or 414 if it is the
//! target that is too long; a body has up to 1 MiB, else 413; both have to come within 30 seconds
//! ([`EmulatorBuilder::read_timeout`]), else the connection is closed, after 408 if it is the body.
//!
//! # Faults
//!
//! Latency, errors of any status and body, answers cut short, resets: by operation, by script or by probability,
//! before a request is processed or after. See [`Fault`], [`EmulatorBuilder::fault`] and [`Emulator::faults`].
//!
//! # Control over HTTP
//!
//! What a test does here in Rust, one in another language does by these requests. They ask for no credentials, but come
//! from this machine alone and from no web page of another site; an emulator that
//! [other machines reach](EmulatorBuilder::allow_non_loopback) asks for the account's. Bodies are JSON.
//!
//! | request | what it does |
//! |---|---|
//! | `GET /_emulator/` | a page for people: messages, attempts, summary, requests, as they come |
//! | `GET /_emulator/requests` | the last 1000 requests |
//! | `GET /_emulator/attempts` | the newest 50 attempts |
//! | `GET /_emulator/summary` | all attempts counted: in all, by channel, and by minute for the last hour |
//! | `GET /_emulator/sna/{token}` | what a device calls in silent network authentication |
//! | `GET /_emulator/changes` | server-sent events: one `change` whenever something may have changed |
//! | `POST /_emulator/reset` | forgets everything that came by requests |
//! | `POST /_emulator/attempts` | adds attempts, in the API's own JSON |
//! | `GET /_emulator/deliveries` | the last 1000 events that webhooks were told of, with what became of each |
//! | `GET /_emulator/outbox` | the messages sent, oldest first; `?to=` those to one destination, `?after=` later ones |
//! | `DELETE /_emulator/outbox` | forgets them |
//! | `PUT /_emulator/code` | `{"code": "123456"}` is the code of every verification from now on; null draws them |
//! | `PUT /_emulator/outcomes` | `{"to": "+573003003030", "outcome": "blocked"}`; see [`Outcome`] |
//! | `GET`, `POST`, `DELETE /_emulator/faults` | what goes wrong: as text (`*:429=0.1,retry-after=2`) or in JSON; see [`Fault`] |
//! | `DELETE /_emulator/faults/{id}` | takes one away |
//! | `GET`, `POST /_emulator/clock` | what time it is; `{"advance_seconds": 600}` moves the clock forth |
//!
//! # What is Twilio's, and what is assumed
//!
//! **Documented by Twilio**: paths, parameters, shapes and error codes; the retention of 30 days of the list
//! and of a fetch; `PageSize` 1 to 1000, default 50; 100 summary requests a minute, then 429; a verification's
//! 10 minutes, 5 checks (then 60202) and 5 sends to a number (then 60203), and that it is gone once it ended.
//!
//! **Seen in captures**: newest first; the classic error body; the `Twilio-Request-Id` and
//! `Twilio-Concurrent-Requests` headers.
//!
//! **Assumed**, each a setting of [`EmulatorBuilder`] where it could matter to a test:
//! - `DateCreatedAfter` includes its instant, `DateCreatedBefore` does not, so that adjacent periods add up
//!   ([`EmulatorBuilder::created_after`], [`EmulatorBuilder::created_before`]).
//! - A summary counts every attempt there is, not those of the last 30 days only
//!   ([`EmulatorBuilder::summary_retention`]).
//! - The conversion rate has 9 decimals, rounded half up; it is null when nothing was counted
//!   ([`EmulatorBuilder::rate_decimals`], [`EmulatorBuilder::rate_rounding`],
//!   [`EmulatorBuilder::rate_of_none`]).
//! - The limit is a sliding window, and a refused request does not count; one that passed the limit counts,
//!   even if its parameters were wrong ([`EmulatorBuilder::summary_limit`]).
//! - `DateCreatedBefore` earlier than `DateCreatedAfter` is a period without attempts, no error.
//! - Of a parameter given twice the last one counts; unknown parameters are ignored; names and values are
//!   matched by case, but for the hexadecimal digits of a SID. An empty value is a malformed one, except for
//!   `ChannelData.To`, which is compared and never refused.
//! - `Page` is only echoed in `meta`; where a page begins is said by its `PageToken` alone.
//! - A service has at most 10 rate limits ([`EmulatorBuilder::rate_limits_per_service`]); `Max` and `Interval` of a
//!   bucket are at least 1.
//! - A number that is put on the safe list again is answered as the first time. A phone number has 7 to 15 digits.
//! - A second messaging configuration for a country is refused with 60200.
//! - A webhook is for events that are known, at an absolute URL of `http` or `https`. What it is sent has the names
//!   that [`WebhookEvent`](twilio_verify::WebhookEvent) reads; version 1 has neither names nor dates nor metadata.
//!   It has 5 seconds to answer, and is told three times at most ([`EmulatorBuilder::webhook_timeout`],
//!   [`EmulatorBuilder::webhook_tries`]).
//! - Verifications: a start for a destination that has one under way sends the same code again; it prolongs
//!   nothing ([`EmulatorBuilder::verification_expiry`]). After five wrong checks it stays until it expires or is
//!   cancelled: `pending`, and `max_attempts_reached` once a sixth was refused ([`EmulatorBuilder::max_checks`]).
//!   Sends are counted by service and destination, in a window that slides ([`EmulatorBuilder::send_limit`]).
//!   Of several attempts the latest converts ([`EmulatorBuilder::converting`]).
//! - `auto` is `sms`, or `email` to an address. `rbm` and `rcs` are attempts by `rbm` of verifications by `sms`,
//!   as the enum of these knows no other. `sna` is no attempt; its URL is the emulator's own, and tells who calls
//!   it whether the number is vouched for.
//! - What is sent arrives at once, and its price is known at once, unless an [`Outcome`] says otherwise. Texts are
//!   not Twilio's. Prices and networks are made up, for fourteen countries; a number's country is told by what
//!   it begins with, and the language of a message follows it unless `Locale` or a template says otherwise.
//! - A start may name rate limits that the service has, others are 60200; over a bucket's `Max` it is answered
//!   with 429/20429 and `Retry-After`, and counts for nothing. The window slides.
//! - A custom code, or a payment, that the service isn't enabled for is 60204. Another amount or payee than at the
//!   start is a wrong code. A check of an address or number without a verification is 404/20404.
//! - `TemplateSid` must be of a template for the channel, or else is 60200.
//! - An attempt dated later than the clock is served like any other.
//! - Entities: an identity is told apart by case; one that the service has already is an invalid parameter,
//!   60200. Creating a factor makes its entity if there is none.
//! - TOTP: a code is accepted once, as RFC 6238 demands: that which verified a factor answers no challenge. A
//!   wrong code is 60306 for a factor, 60324 for a challenge that it was to answer; a challenge created with a
//!   wrong one is `pending`. There is no limit of tries.
//! - Devices: what one signs is a JWT with `alg` `ES256` whose claim `sid` names the factor or the challenge. To
//!   answer a challenge it has the claim `status`, `approved` or `denied`, and maybe `responded_reason`. `exp` is
//!   heeded, other claims are not.
//! - Passkeys: the statements of the authenticator, its signature among them, are not looked into. Kind,
//!   challenge and origin of `clientDataJSON`, the identifier, the attachment and `userHandle` must fit. Without
//!   origins the passkey's is `https://` and the relying party's `id`.
//! - A challenge that is not pending cannot be answered, nor one whose factor is deleted: 60306. Fields that are
//!   another kind of factor's are ignored.
//! - Access tokens: signed with HS256 by the auth token. A device registers itself with one, once, by Basic
//!   authentication as the user `token`. They stay fetchable, token included, when their time is over.
//! - Webhooks are told that a challenge has expired with the next request, or when
//!   [`Emulator::wait_for_deliveries`] or [`Emulator::deliveries`] is called.
//! - A request is checked in this order: credentials, length of the query, length of the body, path, method,
//!   rate limit, parameters. The first thing that is wrong is answered. A [`Fault`] comes before the rate limit.

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
pub use attempts::data::attempt::{Attempt, ChannelData, DuplicateSid, ErrorCode, Price};
pub use attempts::data::filter::Bound;
pub use attempts::load::{LoadError, load_file, load_str};
pub use attempts::rate::{RateOfNone, Rounding};
pub use attempts::sample::{SAMPLE_SERVICES, sample, samples};
pub use attempts::store::{Changes, Store};
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
