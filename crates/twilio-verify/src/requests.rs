//! Builders of requests, one for each operation, and what sends them.
//!
//! A builder is returned by a method of a [resource](crate::resources): it has what the request
//! must have, and a setter for each other value. Await it, by `send` or without:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let emulator = twilio_verify_emulator::Emulator::start().await?;
//! # let client = twilio_verify::Client::builder()
//! #     .credentials(emulator.credentials())
//! #     .base_url(emulator.url())
//! #     .build()?;
//! let all = client.attempts().summary().await?;
//! let some = client.attempts().summary().country("CO").channel("sms").send().await?;
//! assert!(some.total_attempts <= all.total_attempts);
//! # Ok(())
//! # }
//! ```
//!
//! A builder for a list is not awaited itself: its `items` and `pages` are streams.
//!
//! A setter whose value is parsed from text, such as a SID, a country or a channel, takes the value
//! or the text: an [`IntoValue`](crate::IntoValue). Values are checked when the request is sent,
//! before anything leaves the program, and the error names the field.
//!
//! Builders are generic over a [`Sender`], of which [`Client`](crate::Client) is one.

#[doc(inline)]
pub use twilio_verify_api::requests::*;
pub use twilio_verify_api::{
    Invalid, List, ListItem, ListRequest, ListSender, ListStart, Operation, Request, RequestError,
    RequestFuture, Sender,
};

pub use crate::request::paging::{Items, Pages};
pub use crate::request::raw::{RawRequest, RawResponse};
