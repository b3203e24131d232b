//! What changes between two documents, and for whom.
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
//! - **Rust**: users of the facade. Optional parameters are setters, required
//!   ones arguments; enums keep unknown values; structs of answers are
//!   `non_exhaustive` and all their fields optional. Limits are no part of a
//!   type.
//! - **the wire**: whoever speaks to the API by HTTP, as strict about answers
//!   as the document allows.
//!
//! A change is *breaking* if something that worked may stop working, *additive*
//! if not, and nothing (–) to an audience that can't see it. A type that is
//! both sent and received is judged by the graver of the two columns, one that
//! no operation uses by Rust's column for answers alone.
//!
//! | Change | sent: Rust | sent: wire | received: Rust | received: wire | Because |
//! | --- | --- | --- | --- | --- | --- |
//! | title | – | – | – | – | neither code nor requests hold it |
//! | version | – | additive | – | additive | clients send it in the header `api-version`, for the record |
//! | servers added | – | additive | – | additive | the old ones still answer |
//! | servers changed | – | breaking | – | breaking | old clients go where nobody may answer; the facade's base URL is its own |
//! | security added | – | additive | – | additive | the old ways still do |
//! | security changed | – | breaking | – | breaking | old clients authenticate otherwise; credentials are the facade's business |
//! | operation added | additive | additive | additive | additive | nobody calls it yet |
//! | operation removed | breaking | breaking | breaking | breaking | a method is gone, a URL answers with 404 |
//! | operation renamed | breaking | – | breaking | – | methods and types bear its name; the URL is the same |
//! | operation moved | – | breaking | – | breaking | the method stays, the URL goes |
//! | path parameter renamed | additive | – | additive | – | an argument is called otherwise, which no caller writes |
//! | parameter moved | – | breaking | – | breaking | old clients send it where nobody looks; in Rust it is a setter, either way |
//! | content type | – | breaking | – | breaking | old clients send what nobody reads; in Rust it shows nowhere |
//! | status added | – | additive | – | additive | a success all the same |
//! | status changed | – | breaking | – | breaking | clients that look for the old status fail; the Rust client takes any that is declared |
//! | declared errors | – | additive | – | additive | any status may be an error, declared or not |
//! | deprecation | additive | additive | additive | additive | works as before: a word to the wise |
//! | type added | additive | – | additive | – | nobody uses it yet; its fields and values aren't listed |
//! | type removed | breaking | – | breaking | – | code that names it doesn't compile |
//! | type renamed | breaking | – | breaking | – | code that names it doesn't compile |
//! | component renamed | – | – | – | – | the document's own name is nobody's; the overlay's targets may want a look |
//! | Rust type replaced | breaking | – | breaking | – | another type under the same name |
//! | SID letters | breaking | breaking | breaking | breaking | what was a SID is refused, in Rust before it is sent |
//! | value added | additive | additive | additive | additive | open enums keep what they don't know, and Twilio adds values without notice |
//! | value removed | breaking | breaking | breaking | additive | a variant is gone; a request with the value is refused, an answer without it harms nobody |
//! | variant renamed | breaking | – | breaking | – | code that names it doesn't compile |
//! | keeps unnamed fields | additive | – | additive | – | the struct is `non_exhaustive` |
//! | drops unnamed fields | breaking | – | breaking | – | code that reads them doesn't compile |
//! | added | additive | additive | additive | additive | a setter, a field of a `non_exhaustive` struct; servers and readers ignore what isn't there |
//! | added, required | breaking | breaking | additive | additive | a constructor takes one more argument, old requests are refused; an answer only grows |
//! | removed | breaking | breaking | breaking | breaking | a setter or field is gone; what old clients send does nothing, what they read isn't there |
//! | Rust name | breaking | – | breaking | – | code that names it doesn't compile |
//! | type | breaking | breaking | breaking | breaking | another type in a signature; on the wire, where Rust's type has changed, it is as grave as what changed there, or nothing |
//! | became required | breaking | breaking | – | additive | a setter becomes an argument, old requests are refused; in Rust all fields of answers are optional |
//! | became optional | breaking | additive | – | breaking | an argument becomes a setter; readers may miss it |
//! | may be null | – | additive | – | breaking | requests may say more; readers may meet null, Rust ones are ready |
//! | may no longer be null | – | breaking | – | additive | a request with null is refused; readers meet it no more |
//! | default | – | additive | – | additive | noted: what is left out means something else |
//! | tightened | – | breaking | – | additive | old requests may be refused; an answer keeps its promise |
//! | loosened | – | additive | – | breaking | requests may say more; an answer promises less |
//! | changed | – | breaking | – | breaking | nobody can say, so the worse is assumed: a pattern, a `multipleOf`, a keyword that isn't known |
//!
//! What only the place can tell:
//!
//! - Where another rule of null or of a default makes an `Option` of what Rust
//!   users see, or none of an `Option`, that is breaking in Rust. So it is for
//!   a count of an answer (`default: 0`), and a required field of a request.
//! - Where Rust users see another type, that is one change, whatever keywords
//!   have made it so: a pattern that makes a text a SID, say.
//! - What Rust users don't see (the `meta` of a page, what is within an object
//!   that a form holds as JSON) is judged on the wire alone.
//! - Operations are the same by their `operationId`, or else by method and
//!   path; types by their names in Rust or in the document, by the letters of
//!   a SID, or by the place where they stand if they hold much the same.
//!   So what is moved or renamed is one change.
//!
//! Descriptions, examples, titles, tags, extensions and the order in which
//! things stand are no change: [`Diff::documentation`] counts the places.

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
