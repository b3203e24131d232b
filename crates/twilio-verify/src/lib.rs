//! Twilio Verify v2 for Rust.
//!
//! Verify sends one-time codes and checks what people answer. This crate
//! tells how many attempts were made and how many of them converted, by
//! service, period, country, channel and the first digits of the number; and
//! which attempts those were.
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
//! - **Everything ends in time**: [`ClientBuilder::attempt_timeout`] and
//!   [`ClientBuilder::timeout`] bound every call.

mod attempts;
mod check;
mod client;
pub mod codes;
mod credentials;
mod destination_prefix;
mod endpoint;
mod error;
mod paging;
mod transport;

pub use attempts::{Attempts, FetchAttemptsSummary, ListAttempts};
pub use client::{Client, ClientBuilder};
pub use credentials::Credentials;
pub use destination_prefix::{DestinationPrefix, DestinationPrefixError};
pub use error::{Error, ErrorKind};
pub use paging::{Items, Pages};
pub use twilio_verify_api::types::{
    AccountSid, Attempt, AttemptSid, AttemptStatus, AttemptsSummary, CallStatus, Channel,
    ChannelData, ConversionStatus, MessageStatus, Price, ServiceSid, VerificationSid,
};
pub use twilio_verify_api::{
    ApiKeySid, Country, CountryError, Extra, Meta, Page, Redacted, Sid, SidError,
    UnknownValueError, parse_date,
};
