//! Forms: the fields of the requests for one type of factor.

use twilio_verify_api::IntoValue;
use twilio_verify_api::requests::FetchForm;
use twilio_verify_api::types::{Form, FormType};

use crate::client::client::Client;
use crate::error::Error;

/// Forms, for applications that build their own from Twilio's descriptions: fetch.
///
/// Returned by [`Client::forms`].
#[derive(Clone, Debug)]
pub struct Forms(Client);

impl Client {
    /// Returns the forms of factors: fetch.
    pub fn forms(&self) -> Forms {
        Forms(self.clone())
    }
}

impl Forms {
    /// Fetches the form of one type.
    ///
    /// # Errors
    ///
    /// Returns an [`is_not_found`](Error::is_not_found) error if there is no such form.
    pub async fn fetch(&self, form_type: impl IntoValue<FormType>) -> Result<Form, Error> {
        FetchForm::new(self.0.clone(), form_type).send().await
    }
}
