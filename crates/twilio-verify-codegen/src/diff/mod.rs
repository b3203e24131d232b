//! What changes between two documents, and which changes are breaking.
//!
//! ```
//! # fn main() -> Result<(), twilio_verify_codegen::Error> {
//! # let old = r#"{"openapi":"3.0.1","info":{"title":"T","version":"1"},"paths":{}}"#;
//! # let new = old;
//! use twilio_verify_codegen::Input;
//! use twilio_verify_codegen::diff::{Api, compare};
//!
//! let diff = compare(&Api::read(&Input::new(old))?, &Api::read(&Input::new(new))?);
//! assert!(diff.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! Every change is judged for two audiences:
//!
//! - **Rust**: users of the facade. Optional parameters are setters, required ones arguments; enums
//!   keep unknown values; structs of responses are `non_exhaustive` and all their fields optional.
//!   Limits are not part of a type.
//! - **the wire**: clients that use the API by HTTP. What they send has to be accepted and what
//!   they read has to be there; as Rust users they accept a null, a missing field or another value.
//!
//! A change is *breaking* if code or a request that worked may stop working, and *additive* if not.
//! It has no verdict (–) for an audience that can't see it. A type that is both sent and received
//! has the worse of both verdicts; one that no operation uses has Rust's verdict for responses.
//!
//! | Change | sent: Rust | sent: wire | received: Rust | received: wire | Because |
//! | --- | --- | --- | --- | --- | --- |
//! | title | – | – | – | – | neither code nor requests hold it |
//! | version | – | additive | – | additive | clients send it in the header `api-version`, for the record |
//! | servers added | – | additive | – | additive | the old ones still work |
//! | servers changed | – | breaking | – | breaking | old clients use a server that may be gone; the facade's base URL is its own |
//! | security added | – | additive | – | additive | the old ways still work |
//! | security changed | – | breaking | – | breaking | old clients authenticate in another way; credentials are the facade's business |
//! | operation added | additive | additive | additive | additive | no client calls it yet |
//! | operation removed | breaking | breaking | breaking | breaking | a method is gone, a URL returns 404 |
//! | operation renamed | breaking | – | breaking | – | methods and types have its name; the URL is the same |
//! | operation moved | – | breaking | – | breaking | the method stays, the URL is gone |
//! | path parameter renamed | additive | – | additive | – | an argument has another name, which callers do not write |
//! | parameter moved | – | breaking | – | breaking | old clients send it where it is ignored; in Rust it is a setter, either way |
//! | content type | – | breaking | – | breaking | old clients send what is not read; in Rust it does not show |
//! | status added | – | additive | – | additive | a success all the same |
//! | status changed | – | breaking | – | breaking | clients that look for the old status fail; the Rust client takes any that is declared |
//! | declared errors | – | additive | – | additive | any status may be an error, declared or not |
//! | deprecation | additive | additive | additive | additive | works as before |
//! | type added | additive | – | additive | – | it is not used yet; its fields and values aren't listed |
//! | type removed | breaking | – | breaking | – | code that names it doesn't compile |
//! | type renamed | breaking | – | breaking | – | code that names it doesn't compile |
//! | component renamed | – | – | – | – | the document's own name is not part of the API; the overlay's targets may need a change |
//! | Rust type replaced | breaking | – | breaking | – | another type under the same name |
//! | SID letters | breaking | breaking | breaking | breaking | what was a SID is rejected, in Rust before it is sent |
//! | value added | additive | additive | additive | additive | open enums keep what they don't know, and Twilio adds values without notice |
//! | value removed | breaking | breaking | breaking | additive | a variant is gone; a request with the value is rejected, a response without it breaks nothing |
//! | variant renamed | breaking | – | breaking | – | code that names it doesn't compile |
//! | keeps unnamed fields | additive | – | additive | – | the struct is `non_exhaustive` |
//! | drops unnamed fields | breaking | – | breaking | – | code that reads them doesn't compile |
//! | added | additive | additive | additive | additive | a setter, a field of a `non_exhaustive` struct; servers and readers ignore what is missing |
//! | added, required | breaking | breaking | additive | additive | a constructor takes one more argument, old requests are rejected; a response only grows |
//! | removed | breaking | breaking | breaking | breaking | a setter or field is gone; what old clients send has no effect, what they read isn't there |
//! | Rust name | breaking | – | breaking | – | code that names it doesn't compile |
//! | type | breaking | breaking | breaking | breaking | another type in a signature; on the wire, where Rust's type has changed, it is as bad as what changed there, or nothing |
//! | became required | breaking | breaking | – | additive | a setter becomes an argument, old requests are rejected; in Rust all fields of responses are optional |
//! | became optional | breaking | additive | – | additive | an argument becomes a setter; readers accept that it is missing |
//! | may be null | – | additive | – | additive | requests may say more; readers accept null |
//! | may no longer be null | – | breaking | – | additive | a request with null is rejected; readers no longer meet it |
//! | default | – | additive | – | additive | what is left out means something else |
//! | tightened | – | breaking | – | additive | old requests may be rejected; a response still fits |
//! | loosened | – | additive | – | additive | requests may say more; readers accept other values |
//! | changed | – | breaking | – | additive | not decidable, so the worse is assumed of requests: a pattern, a `multipleOf`, an unknown keyword; readers accept other values |
//!
//! Some verdicts depend on the place:
//!
//! - A change of null or of a default that makes the type an `Option` for Rust users, or no longer
//!   one, is breaking in Rust. This concerns a count of a response (`default: 0`), and a required
//!   field of a request.
//! - Another type for Rust users is one change, whatever keywords cause it, such as a pattern that
//!   makes a text a SID. An integer is the same type with the format `int64` and without, as a
//!   number is with `double`: that is documentation.
//! - A change of a response header that may be missing is additive: nobody can rely on it. The
//!   headers `Access-Control-*` tell browsers what a page may do: they are documentation.
//! - What Rust users don't see (the `meta` of a page, the contents of an object that a form holds as
//!   JSON) is judged on the wire alone.
//! - Operations are matched by their `operationId`, or else by method and path. Types are matched by
//!   their names in Rust or in the document, by the letters of a SID, or by their place if at least
//!   half of their contents are the same. So moving or renaming is one change.
//!
//! Changes of descriptions, examples, titles, tags, extensions and the order of things are not
//! listed: [`Diff::documentation`] counts their places.

mod api;
mod change;
mod compare;
mod comparison;
mod entry;
mod keywords;
mod operations;
mod reader;
mod renames;
mod schemas;
mod severity;
#[cfg(test)]
mod tests;
mod type_reader;
mod types;

pub use api::Api;
pub use change::Change;
pub use compare::compare;
pub use entry::{Diff, Entry};
pub use severity::{Direction, Severity};
