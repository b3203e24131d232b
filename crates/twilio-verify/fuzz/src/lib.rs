//! What must hold of any input: the functions that the fuzz targets call.
//!
//! Each one panics if an invariant is broken, and returns whether the input was
//! accepted. `replay.rs` includes this file, and replays the corpus in every
//! run of the tests of `twilio-verify`.

mod date;
mod error_body;
mod page;
mod page_url;
mod private;
mod response;
mod retry_after;
mod signature;

pub use date::dates;
pub use error_body::error_bodies;
pub use page::pages;
pub use page_url::page_urls;
pub use response::responses;
pub use retry_after::retry_after;
pub use signature::signatures;

/// The first line, if it is a text, and all that follows.
fn line(data: &[u8]) -> (&str, &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n');
    let (line, rest) = match end {
        Some(end) => (&data[..end], &data[end + 1..]),
        None => (data, &[][..]),
    };
    (std::str::from_utf8(line).unwrap_or_default(), rest)
}
