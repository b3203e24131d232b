//! Webhooks: where the events of factors and challenges are sent.

use twilio_verify_api::types::{
    CreateWebhookRequest, UpdateWebhookRequest, Webhook, WebhookSid, WebhookStatus, WebhookVersion,
};
use twilio_verify_api::{Page, Request};

use crate::contexts::ServiceContext;
use crate::error::Error;
use crate::request::check;
use crate::request::macros::{call, list, request, setters};
use crate::request::paging::Range;

/// Webhooks of a service: create, list, fetch, update, delete.
///
/// From [`ServiceContext::webhooks`].
#[derive(Clone, Debug)]
pub struct Webhooks {
    service: ServiceContext,
}

impl ServiceContext {
    /// Webhooks: create, list, fetch, update, delete.
    pub fn webhooks(&self) -> Webhooks {
        Webhooks {
            service: self.clone(),
        }
    }
}

impl Webhooks {
    /// Has events sent to an absolute URL, `https` or `http`. The events are
    /// one or more of `factor.created`, `factor.verified`, `factor.deleted`,
    /// `challenge.approved` and `challenge.denied`, or `*` for all. The name
    /// is for people, and should hold no personal data.
    ///
    /// ```no_run
    /// # async fn example(client: twilio_verify::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let verify = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?);
    /// let events = ["challenge.approved", "challenge.denied"];
    /// verify
    ///     .webhooks()
    ///     .create("Challenges", events, "https://hooks.example.com/verify")
    ///     .send()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create<T: Into<String>>(
        &self,
        friendly_name: impl Into<String>,
        event_types: impl IntoIterator<Item = T>,
        url: impl Into<String>,
    ) -> CreateWebhook {
        let event_types = event_types.into_iter().map(Into::into).collect();
        CreateWebhook {
            service: self.service.clone(),
            body: CreateWebhookRequest::new(event_types, friendly_name, url),
        }
    }

    /// Lists the service's webhooks.
    pub fn list(&self) -> ListWebhooks {
        ListWebhooks {
            service: self.service.clone(),
            range: Range::default(),
        }
    }

    /// Fetches one webhook.
    ///
    /// # Errors
    ///
    /// [`is_not_found`](Error::is_not_found) if there is no such webhook. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn fetch(&self, sid: WebhookSid) -> Result<Webhook, Error> {
        check::sid("sid", &sid)?;
        call!(
            self.service.client,
            fetch_webhook(self.service.sid()?, &sid)
        )
    }

    /// Changes a webhook. What isn't set stays as it is.
    pub fn update(&self, sid: WebhookSid) -> UpdateWebhook {
        UpdateWebhook {
            service: self.service.clone(),
            sid,
            event_types: None,
            body: UpdateWebhookRequest::new(),
        }
    }

    /// Deletes a webhook: nothing more is sent to its URL.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch).
    pub async fn delete(&self, sid: WebhookSid) -> Result<(), Error> {
        check::sid("sid", &sid)?;
        call!(
            self.service.client,
            delete_webhook(self.service.sid()?, &sid)
        )
    }
}

/// The settings that webhooks are created with and can be changed to.
macro_rules! webhook_settings {
    () => {
        setters! {
            /// Whether events are sent at present. Default of new webhooks:
            /// they are.
            value status: WebhookStatus;
            /// The shape of events: `v2` has all fields, `v1` is older and has
            /// fewer. Default of new webhooks: `v2`.
            value version: WebhookVersion;
        }

        fn check_settings(&self) -> Result<(), Error> {
            if let Some(status) = &self.body.status {
                check::value("status", status.as_str())?;
            }
            if let Some(version) = &self.body.version {
                check::value("version", version.as_str())?;
            }
            Ok(())
        }
    };
}

/// A webhook, to be created. From [`Webhooks::create`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct CreateWebhook {
    service: ServiceContext,
    body: CreateWebhookRequest,
}

impl CreateWebhook {
    webhook_settings!();

    /// Creates the webhook.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the name is empty, if there are no events, or if
    /// the URL is not absolute. See [`ErrorKind`](crate::ErrorKind) for the
    /// others.
    pub async fn send(self) -> Result<Webhook, Error> {
        check::names("event_types", &self.body.event_types)?;
        check::url("url", self.body.webhook_url.expose())?;
        self.check_settings()?;
        check::body(&self.body)?;
        call!(
            self.service.client,
            create_webhook(self.service.sid()?, &self.body)
        )
    }
}

/// A webhook, to be changed. From [`Webhooks::update`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `send`"]
pub struct UpdateWebhook {
    service: ServiceContext,
    sid: WebhookSid,
    event_types: Option<Vec<String>>,
    body: UpdateWebhookRequest,
}

impl UpdateWebhook {
    setters! {
        /// A name for people. It should hold no personal data.
        text friendly_name;
        /// Where events are sent: an absolute URL, `https` or `http`.
        text url => webhook_url;
    }
    webhook_settings!();

    /// The events that are sent, in place of all former ones: one or more, as
    /// in [`Webhooks::create`].
    pub fn event_types<T: Into<String>>(
        mut self,
        event_types: impl IntoIterator<Item = T>,
    ) -> Self {
        self.event_types = Some(event_types.into_iter().map(Into::into).collect());
        self
    }

    /// Changes the webhook.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if there are no events, or if the URL is not
    /// absolute. [`is_not_found`](Error::is_not_found) if there is no such
    /// webhook. See [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn send(mut self) -> Result<Webhook, Error> {
        check::sid("sid", &self.sid)?;
        if let Some(event_types) = self.event_types.take() {
            check::names("event_types", &event_types)?;
            self.body.event_types = event_types;
        }
        if let Some(url) = &self.body.webhook_url {
            check::url("url", url.expose())?;
        }
        self.check_settings()?;
        check::body(&self.body)?;
        call!(
            self.service.client,
            update_webhook(self.service.sid()?, &self.sid, &self.body)
        )
    }
}

/// A list of webhooks, to be read. From [`Webhooks::list`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `pages` or `items` are read"]
pub struct ListWebhooks {
    service: ServiceContext,
    range: Range,
}

impl ListWebhooks {
    list!(Webhook, service);

    fn first(&self) -> Result<Request<Page<Webhook>>, Error> {
        let page_size = self.range.page_size()?;
        request!(
            self.service.client,
            list_webhook(self.service.sid()?, None, page_size, None)
        )
    }
}
