//! Forms as Twilio reads them.

use progenitor_client::Error;
use reqwest::RequestBuilder;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;

/// Writes a form: a list is its key repeated, where the generator's own way
/// is to fail.
pub trait RequestBuilderExt<E> {
    /// Sets the body and its type.
    #[expect(
        clippy::result_large_err,
        reason = "the generated code expects the generator's own error"
    )]
    fn form_urlencoded<T: Serialize + ?Sized>(self, body: &T) -> Result<RequestBuilder, Error<E>>;
}

impl<E> RequestBuilderExt<E> for RequestBuilder {
    fn form_urlencoded<T: Serialize + ?Sized>(self, body: &T) -> Result<RequestBuilder, Error<E>> {
        let text = serde_html_form::to_string(body)
            .map_err(|error| Error::InvalidRequest(error.to_string()))?;
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        Ok(self.header(CONTENT_TYPE, kind).body(text))
    }
}
