//! Forms as Twilio reads them.

use reqwest::RequestBuilder;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::Serialize;
use serde_html_form::ser::Error;

/// Writes a form: a list is its key repeated, where the generator's own way
/// is to fail.
pub trait RequestBuilderExt: Sized {
    /// Sets the body and its type.
    ///
    /// # Errors
    ///
    /// When the body is of a type that no form can hold.
    fn form_urlencoded<T: Serialize + ?Sized>(self, body: &T) -> Result<Self, Error>;
}

impl RequestBuilderExt for RequestBuilder {
    fn form_urlencoded<T: Serialize + ?Sized>(self, body: &T) -> Result<Self, Error> {
        let text = serde_html_form::to_string(body)?;
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        Ok(self.header(CONTENT_TYPE, kind).body(text))
    }
}
