//! Webhooks: where the events of factors and challenges are sent.

use twilio_verify_api::IntoValue;
use twilio_verify_api::requests::{
    CreateWebhook, DeleteWebhook, FetchWebhook, ListWebhooks, UpdateWebhook,
};
use twilio_verify_api::types::{Webhook, WebhookSid};

use crate::client::client::Client;
use crate::contexts::ServiceContext;
use crate::error::Error;

/// Webhooks of a service: create, list, fetch, update, delete.
///
/// Returned by [`ServiceContext::webhooks`].
#[derive(Clone, Debug)]
pub struct Webhooks(ServiceContext);

impl ServiceContext {
    /// Returns the webhooks of the service: create, list, fetch, update, delete.
    pub fn webhooks(&self) -> Webhooks {
        Webhooks(self.clone())
    }
}

impl Webhooks {
    /// Creates a webhook, which sends events to an absolute URL, `https` or `http`. The events are
    /// one or more of `factor.created`, `factor.verified`, `factor.deleted`, `challenge.approved`
    /// and `challenge.denied`, or `*` for all. The name is for people, and should hold no personal
    /// data.
    pub fn create<T: Into<String>>(
        &self,
        friendly_name: impl Into<String>,
        event_types: impl IntoIterator<Item = T>,
        url: impl Into<String>,
    ) -> CreateWebhook<Client> {
        let (client, service) = self.0.parts();
        let event_types = event_types.into_iter().map(Into::into).collect();
        CreateWebhook::new(client, service, friendly_name, event_types, url)
    }

    /// Lists the service's webhooks.
    pub fn list(&self) -> ListWebhooks<Client> {
        let (client, service) = self.0.parts();
        ListWebhooks::new(client, service)
    }

    /// Fetches one webhook.
    ///
    /// # Errors
    ///
    /// Returns an [`is_not_found`](Error::is_not_found) error if there is no such webhook.
    pub async fn fetch(&self, sid: impl IntoValue<WebhookSid>) -> Result<Webhook, Error> {
        let (client, service) = self.0.parts();
        FetchWebhook::new(client, service, sid).send().await
    }

    /// Changes a webhook. Values that are not set stay unchanged.
    pub fn update(&self, sid: impl IntoValue<WebhookSid>) -> UpdateWebhook<Client> {
        let (client, service) = self.0.parts();
        UpdateWebhook::new(client, service, sid)
    }

    /// Deletes a webhook: its URL receives no further events.
    ///
    /// # Errors
    ///
    /// The same as [`fetch`](Self::fetch).
    pub async fn delete(&self, sid: impl IntoValue<WebhookSid>) -> Result<(), Error> {
        let (client, service) = self.0.parts();
        DeleteWebhook::new(client, service, sid).send().await
    }
}
