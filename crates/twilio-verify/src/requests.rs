//! The builders of requests, one for each operation, and the traits of what sends them.
//!
//! A method of a [resource](crate::resources) returns a builder, which has the required values of
//! the request and a setter for each optional one. Await it, with or without `send`:
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
//! A builder for a list can't be awaited itself: its `items` and `pages` are streams.
//!
//! A setter whose value is parsed from text, such as a SID, a country or a channel, takes the value
//! or the text: an [`IntoValue`](crate::IntoValue). Values are checked when the request is sent,
//! before anything leaves the program, and the error names the field.
//!
//! Builders are generic over a [`Sender`], such as [`Client`](crate::Client).

#[doc(inline)]
pub use twilio_verify_api::requests::*;
pub use twilio_verify_api::{
    Invalid, List, ListItem, ListRequest, ListSender, ListStart, Operation, Request, RequestError,
    RequestFuture, Sender,
};

pub use crate::request::paging::{Items, Pages};
pub use crate::request::raw::{RawRequest, RawResponse};
