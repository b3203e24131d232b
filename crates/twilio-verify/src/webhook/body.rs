//! The body of a webhook.

use std::borrow::Cow;

use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// Whether the headers say that the body is a form.
///
/// The header isn't signed, but a wrong one does no harm: a form read as JSON lacks the hash of its
/// body, and JSON read as a form has parameters that were not signed.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next());
    kind.is_some_and(|kind| {
        let kind = kind.trim();
        kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}

/// The parameters of a form, in their order. Used for signatures and for events, so that what is
/// parsed is what was validated.
pub(super) fn parameters(form: &[u8]) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    url::form_urlencoded::parse(form)
}
