//! Forms: which fields the requests for a kind of factor have.

use twilio_verify_api::types::{Form, FormType};

use crate::client::client::Client;
use crate::error::Error;
use crate::request::check;
use crate::request::macros::call;

/// Forms, for applications that build theirs from Twilio's descriptions:
/// fetch.
///
/// From [`Client::forms`].
#[derive(Clone, Debug)]
pub struct Forms {
    client: Client,
}

impl Client {
    /// Forms of factors: fetch.
    pub fn forms(&self) -> Forms {
        Forms {
            client: self.clone(),
        }
    }
}

impl Forms {
    /// Fetches the form of one kind.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](Error::is_not_found) if there is no such form. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    ///
    /// ```no_run
    /// # async fn example(client: twilio_verify::Client) -> Result<(), twilio_verify::Error> {
    /// use twilio_verify::FormType;
    ///
    /// let form = client.forms().fetch(FormType::FormPush).await?;
    /// for (request, schema) in &form.forms {
    ///     println!("{request} must have {:?}", schema.required);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn fetch(&self, form_type: FormType) -> Result<Form, Error> {
        check::segment("form_type", form_type.as_str())?;
        call!(self.client, fetch_form(&form_type))
    }
}
