//! The typed client of Twilio Verify v2, generated at build time from
//! `openapi/verify_v2.json` and `openapi/overlay.json`.
//!
//! [`types`] holds the resources, enums and SIDs of the document, and [`requests`] a builder for
//! every operation. A builder is generic over a [`Sender`], which sends the request that it builds.
//! Depend on the crate `twilio-verify` instead: its client is such a sender, and has a method for
//! each builder.

#[allow(dead_code, reason = "generated code calls what its document needs")]
mod check;
mod operation;
mod request;
mod response;
mod values;

pub use check::{Check, Invalid};
pub use generated::{OPERATIONS, RESOURCES, requests, types};
pub use operation::Operation;
pub use request::error::RequestError;
pub use request::future::RequestFuture;
pub use request::http_request::HttpRequest;
pub use request::json_text::JsonText;
pub use request::list::{List, ListStart};
pub use request::list_request::ListRequest;
pub use request::request::{Request, read_from};
pub use request::sender::{ListSender, Sender};
pub use response::extra::Extra;
pub use response::lenient;
pub use response::page::{ListItem, Meta, Page};
pub use response::read::{ReadError, Received, read_leniently};
pub use response::resource::Resource;
pub use response::unread::Unread;
pub use values::country::{Country, CountryError};
pub use values::date::{GmtDateTime, parse_date};
pub use values::destination_prefix::{DestinationPrefix, DestinationPrefixError};
pub use values::into_value::{Given, IntoValue};
pub use values::location::Location;
pub use values::messaging_country::MessagingCountry;
pub use values::open_enum::UnknownValueError;
pub use values::redacted::Redacted;
pub use values::seconds::Seconds;
pub use values::sid::{ApiKeySid, Sid, SidError};

// The generated code uses these.
pub(crate) use request::builder::{RequestBuilder, encode_path};
pub(crate) use request::faults::Faults;
pub(crate) use request::future::into_future;
pub(crate) use request::list_request::{list_request, page_size};
pub(crate) use response::fields::read_fields;
#[cfg(feature = "schemas")]
pub(crate) use response::schemas::describe_fields;
pub(crate) use values::open_enum::open_enum;
pub(crate) use values::sid::sid;

/// Absolute URLs of related resources, by name.
pub type UriMap = std::collections::BTreeMap<String, String>;

#[allow(
    clippy::all,
    missing_docs,
    rustdoc::all,
    unused_imports,
    unreachable_pub,
    reason = "generated: its form is progenitor's, and documented as far as the document is"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/verify_v2/mod.rs"));
}
