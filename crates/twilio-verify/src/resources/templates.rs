//! Templates: the texts of messages that carry codes.

use twilio_verify_api::types::Template;
use twilio_verify_api::{Page, Request};

use crate::client::client::Client;
use crate::error::Error;
use crate::request::check;
use crate::request::macros::{list, request};
use crate::request::paging::Range;

/// Templates of messages, Twilio's own and the account's: list.
///
/// From [`Client::templates`]. A service has a default one, and a verification
/// may name another.
#[derive(Clone, Debug)]
pub struct Templates {
    client: Client,
}

impl Client {
    /// Templates of messages: list.
    pub fn templates(&self) -> Templates {
        Templates {
            client: self.clone(),
        }
    }
}

impl Templates {
    /// Lists the templates that the account may use.
    ///
    /// ```no_run
    /// # async fn example(client: twilio_verify::Client) -> Result<(), twilio_verify::Error> {
    /// let mut items = client.templates().list().items();
    /// while let Some(template) = items.try_next().await? {
    ///     for (locale, translation) in &template.translations {
    ///         println!("{:?} in {locale}: {:?}", template.sid, translation.text);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> ListTemplates {
        ListTemplates {
            client: self.client.clone(),
            friendly_name: None,
            range: Range::default(),
        }
    }
}

/// A list of templates, to be read. From [`Templates::list`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `pages` or `items` are read"]
pub struct ListTemplates {
    client: Client,
    friendly_name: Option<String>,
    range: Range,
}

impl ListTemplates {
    /// Only templates of this name. Default: all of them.
    pub fn friendly_name(mut self, name: impl Into<String>) -> Self {
        self.friendly_name = Some(name.into());
        self
    }

    list!(Template);

    fn first(&self) -> Result<Request<Page<Template>>, Error> {
        if let Some(name) = &self.friendly_name {
            check::value("friendly_name", name)?;
        }
        let page_size = self.range.page_size()?;
        request!(
            self.client,
            list_verification_template(self.friendly_name.as_deref(), None, page_size, None)
        )
    }
}
