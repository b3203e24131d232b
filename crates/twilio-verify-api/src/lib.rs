//! The typed client of Twilio Verify v2, generated at build time from
//! `openapi/verify_v2.json` and `openapi/overlay.json`.
//!
//! This crate is the raw layer under `twilio-verify`, which is the one to
//! depend on: positional signatures here change whenever the document gains
//! an optional parameter.

mod check;
mod client;
mod country;
mod date;
mod extra;
mod form;
mod json_text;
pub mod lenient;
mod open_enum;
mod operation;
mod page;
mod redacted;
mod request;
mod resource;
mod sid;

/// What the generated code imports from its generator's support crate, with
/// what that can't do shadowed.
pub mod progenitor {
    pub use progenitor_client::{QueryParam, encode_path};

    pub use crate::form::RequestBuilderExt;
}

pub use check::{Check, Invalid};
pub use client::Client;
pub use country::{Country, CountryError};
pub use date::{GmtDateTime, parse_date};
pub use extra::Extra;
pub use generated::{OPERATIONS, RESOURCES, types};
pub use json_text::JsonText;
pub use open_enum::UnknownValueError;
pub use operation::Operation;
pub use page::{ListItem, Meta, Page};
pub use redacted::Redacted;
pub use request::{Request, RequestError};
pub use resource::Resource;
pub use sid::{ApiKeySid, Sid, SidError};

// For the generated code.
pub(crate) use open_enum::open_enum;
pub(crate) use sid::sid;

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
