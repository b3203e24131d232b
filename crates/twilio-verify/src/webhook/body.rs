//! What the body of a webhook is.

use std::borrow::Cow;

use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// Whether the headers say that the body is a form.
///
/// The header isn't signed. What is made of it is safe all the same: a form
/// read as JSON lacks the hash of its body, and JSON read as a form has
/// parameters that were not signed.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| {
            kind.trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
}

/// The parameters of a form, in their order.
///
/// Signatures and events are read by this one function, so that what was
/// validated is what is parsed.
pub(super) fn parameters(form: &[u8]) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    url::form_urlencoded::parse(form)
}
