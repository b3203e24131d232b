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
//! // Plain HTTP needs no certificates.
//! let http = reqwest::Client::builder().tls_certs_only([]).build()?;
//! let summary: serde_json::Value = http
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
//! | `GET /v2/Attempts` | newest first; eight filters; pages of 1 to 1000, default 50; 100 requests a minute |
//! | `GET /v2/Attempts/{Sid}` | one attempt, while it is retained; these count against the same limit |
//! | `GET /v2/Attempts/Summary` | counts and conversion rate; six filters; 100 requests a minute |
//! | `/v2/Services` | create, list, fetch, update, delete, with everything within |
//! | `/v2/Services/{ServiceSid}/RateLimits` and `…/Buckets` | create, list, fetch, update, delete |
//! | `/v2/Services/{ServiceSid}/MessagingConfigurations` | create, list, fetch, update, delete; one for each country, or for `all` |
//! | `/v2/Services/{ServiceSid}/Webhooks` | create, list, fetch, update, delete; [notified of events](Emulator::deliveries) if at a loopback address |
//! | `/v2/SafeList/Numbers` | add, fetch, remove; 30 requests a minute |
//! | `/v2/Templates` | list, optionally by name: [`DEFAULT_TEMPLATES`], and those of [`EmulatorBuilder::template`] |
//! | `/v2/Forms/form-push` | fetch |
//! | `/v2/Services/{ServiceSid}/Entities` | create, list, fetch, delete, with factors and challenges |
//! | `…/Factors` | TOTP by RFC 6238, devices by ES256, passkeys with WebAuthn's data types; create, list, fetch, verify, update, delete |
//! | `…/Challenges` | create, list by factor and status in either order, fetch, answer; they expire |
//! | `…/Notifications` | create, for the pending challenge of a device |
//! | `/v2/Services/{ServiceSid}/AccessTokens` | create, fetch; the token is an encrypted JWT |
//! | `/v2/Services/{ServiceSid}/Passkeys` | create and verify a passkey, create and approve a challenge |
//! | `/v2/Services/{Sid}/Verifications` | start, send again, fetch by SID or destination, cancel, approve |
//! | `/v2/Services/{Sid}/VerificationCheck` | check by SID or destination |
//!
//! The response to any other path is 404/20404; the response to another method on one of these paths is 405/20004.
//!
//! # Connections
//!
//! The emulator speaks HTTP/1.1, on a loopback address unless [`EmulatorBuilder::allow_non_loopback`] is set,
//! optionally with [TLS](EmulatorBuilder::tls). At most 1024 connections are open at once
//! ([`EmulatorBuilder::max_connections`]). A head has up to 32 KiB and 100 headers, otherwise the status is 431, or 414
//! if the target is too long; a body has up to 1 MiB, otherwise the status is 413. Both must arrive within 30 seconds
//! ([`EmulatorBuilder::read_timeout`]), otherwise the connection is closed, after 408 if the body is late. The bodies
//! of all requests in progress use up to 128 MiB of memory ([`EmulatorBuilder::body_memory`]); a request whose body
//! does not fit is rejected with 503. If a client reads nothing of a response for 30 seconds
//! ([`EmulatorBuilder::write_timeout`]), its connection is closed.
//!
//! # Access
//!
//! The default credentials are public, so they do not protect an emulator from web pages in a browser on the same
//! machine. Therefore every request, to the API and to `/_emulator/`, is checked by the headers that browsers send:
//! - It has one `Host`, whose port does not matter: a name or address of loopback, or
//!   [another that is accepted](EmulatorBuilder::accept_host). A missing or malformed one is 400, another one 403. Only
//!   `/_emulator/health` is served for every host.
//! - An `Origin`, if there is one, is on an accepted host.
//! - Without one, `Sec-Fetch-Site` is missing, `same-origin` or `none`, unless a link leads to the page itself.
//!
//! Programs send neither of the last two. URLs in responses begin with the scheme of the connection and the `Host` of
//! the request, unless a [public URL](EmulatorBuilder::public_url) is set.
//!
//! # Logs
//!
//! Each request to the API emits a [`tracing`](https://docs.rs/tracing) event at the level `DEBUG`, with its method,
//! path, status, duration and id; each connection and each webhook delivery emits one at `TRACE`. No event contains a
//! phone number, an address, a code or a secret: of the parameters in a path only SIDs are shown.
//!
//! # Faults
//!
//! Faults are latency, errors with any status and body, truncated responses, and resets: by operation, by script or by
//! probability, before or after a request is processed. See [`Fault`], [`EmulatorBuilder::fault`] and
//! [`Emulator::faults`].
//!
//! # Scenarios
//!
//! Scenarios are SMS pumping, slow drips, calls to expensive countries, and events that only look like an attack. They
//! are added to other attempts, in the past or while the clock runs, and come with the truth about them. See
//! [`Scenario`], [`EmulatorBuilder::scenario`] and [`Emulator::truth`].
//!
//! # Control over HTTP
//!
//! Tests in other languages control an emulator by these requests, and so does its page. They need no credentials,
//! unless [other machines can reach](EmulatorBuilder::allow_non_loopback) the emulator. Bodies are JSON, of up to
//! 1 MiB, and of up to 64 MiB for attempts and states. `GET /_emulator/openapi.json` is their OpenAPI document, with
//! the schemas of all bodies.
//!
//! | request | effect |
//! |---|---|
//! | `GET /_emulator/` | a web page: an inbox with what became of each message, requests, webhooks, faults and attempts, live |
//! | `GET /_emulator/health` | `{"status": "ok"}`: for health checks of containers; for any `Host`, and never with credentials |
//! | `GET /_emulator/info` | URL, credentials, services, magic numbers, operations, and the settings for what Twilio leaves open about attempts; an auth token only if it is the default one |
//! | `GET /_emulator/outbox` | the messages that arrived, oldest first, with the status and the expiry of their verifications; `?to=` those to one destination, `?after=` later ones, `?wait=` up to 60 seconds until there is one |
//! | `DELETE /_emulator/outbox` | deletes the messages |
//! | `GET /_emulator/verifications` | the last 10,000 verifications, also those that have ended, with messages and events, the last change first; `?search=` a number, a code or a SID; also `to`, `status`, `service_sid`, `after` (a revision) and `limit` |
//! | `POST /_emulator/verifications` | `{"to": "+573003003030"}` starts a verification without credentials, as `CreateVerification` does |
//! | `GET`, `PATCH /_emulator/verifications/{sid}` | one verification; `{"status": "approved"}`, `canceled` or `expired` ends it |
//! | `POST /_emulator/verifications/{sid}/messages` | sends its code again, as `CreateVerification` does; `{"channel": "call"}` by another channel |
//! | `GET`, `PUT /_emulator/code` | `{"code": "123456"}` is the code of every verification from now on; null restores random codes |
//! | `GET`, `PUT /_emulator/outcomes` | `{"to": "+573003003030", "outcome": "blocked"}`, up to 10,000; with `"once": true` for the next send only; see [`Outcome`] |
//! | `GET`, `POST /_emulator/sna/{token}` | the URL that a device calls in silent network authentication |
//! | `GET /_emulator/requests` | the last 1000 requests with operation, status, Twilio's code, duration and fault; `?after=`, `?limit=` |
//! | `GET /_emulator/requests/{id}` | one request with headers and bodies of up to 64 KiB, without credentials and secrets |
//! | `GET /_emulator/deliveries` | the last 1000 webhook deliveries, with the response to each try |
//! | `POST /_emulator/deliveries/{number}/redeliver` | sends an event once more |
//! | `GET`, `POST`, `DELETE /_emulator/faults` | the faults, up to 1000: as text (`*:429=0.1,retry-after=2`) or in JSON; see [`Fault`] |
//! | `DELETE /_emulator/faults/{id}` | removes a fault |
//! | `GET /_emulator/attempts` | the newest attempts, 50 by default; `to`, `service_sid`, `verification_sid`, `channel`, `country`, `status`, `limit` |
//! | `POST /_emulator/attempts` | adds attempts, in the API's own JSON |
//! | `GET /_emulator/summary` | counts: in total, by channel, by country, by minute for the last hour, and by part of a `?period=` of `1h`, `24h` or `30d` |
//! | `GET /_emulator/truth` | what the [scenarios](Scenario) have made: kind, prefix, window, counts, cost and the SIDs of their attempts |
//! | `GET`, `POST`, `PUT /_emulator/clock` | the time; `{"advance_seconds": 600}` advances the clock; `{"now": "2026-03-02T21:00:00Z"}` sets it, and with `"running": false` stops it there; it ends with the year 9999 |
//! | `GET`, `PUT /_emulator/state` | export and import of the whole state: what a [data file](EmulatorBuilder::data) stores, and code, outcomes, faults and clock; it holds secrets |
//! | `POST /_emulator/reset` | deletes everything that requests created |
//! | `GET /_emulator/changes` | server-sent events: one `change` whenever something may have changed; for up to 64 clients, each of which has at most one event waiting |
//!
//! Actions on a verification are performed by the operations of the API, with their checks and limits. The history of
//! verifications is kept in memory only: after a restart with a data file, pending ones are shown without the texts of
//! their messages.
//!
#![doc = include_str!("behaviour.md")]
//!
#![doc = include_str!("errors.md")]

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
mod scenarios;
mod server;
mod state;
mod tables;
mod time;
mod values;
mod webhooks;

pub use app::log::RecordedRequest;
pub use app::variant::Variant;
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
pub use emulator::scenarios::apply_scenarios;
pub use faults::active::{ActiveFault, Faults};
pub use faults::error::FaultError;
pub use faults::fault::{Fault, FaultBody};
pub use messages::code::InvalidCode;
pub use messages::outbox::{Message, Messages, Outbox};
pub use messages::outcome::Outcome;
pub use messages::template::{DEFAULT_TEMPLATES, Template};
pub use scenarios::error::ScenarioError;
pub use scenarios::scenario::{Scenario, ScenarioKind, ScenarioNumbers};
pub use scenarios::truth::Truth;
pub use state::verifications::Converting;
pub use time::clock::{Clock, ManualClock, SystemClock};
pub use time::limit::RateLimit;
pub use values::api_enum::UnknownValue;
pub use values::channel::Channel;
pub use values::conversion_status::ConversionStatus;
pub use values::country::{Country, UnknownCountry};
pub use values::sid::{AttemptSid, InvalidSid, ServiceSid, TemplateSid, VerificationSid};
pub use webhooks::delivery::{Delivery, DeliveryOutcome};
