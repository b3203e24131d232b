//! Templates: the texts of messages that carry codes.

use twilio_verify_api::requests::ListTemplates;

use crate::client::client::Client;

/// Templates of messages, Twilio's own and the account's: list.
///
/// From [`Client::templates`]. A service has a default one, and a verification may name another.
#[derive(Clone, Debug)]
pub struct Templates(Client);

impl Client {
    /// Templates of messages: list.
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
