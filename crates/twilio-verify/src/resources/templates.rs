//! Templates: the texts of messages that contain codes.

use twilio_verify_api::requests::ListTemplates;

use crate::client::client::Client;

/// Templates of messages, Twilio's own and the account's: list.
///
/// Returned by [`Client::templates`]. A service has a default template, and a verification may name
/// another.
#[derive(Clone, Debug)]
pub struct Templates(Client);

impl Client {
    /// Returns the templates of messages: list.
    pub fn templates(&self) -> Templates {
        Templates(self.clone())
    }
}

impl Templates {
    /// Lists the templates that the account may use.
    pub fn list(&self) -> ListTemplates<Client> {
        ListTemplates::new(self.0.clone())
    }
}
