//! `/v2/Services/{ServiceSid}/Webhooks`: the URLs to which the events of a service are sent.

use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::contract::error::ApiError;
use crate::operations::calls::call::Call;
use crate::operations::calls::list;
use crate::operations::calls::response::ApiResponse;
use crate::tables::page::Order;

use crate::records::webhook::Webhook;
use crate::records::webhook::WebhookStatus;
use crate::records::webhook::{ALL, EVENTS, Version};

/// The parameters that a caller can set.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Parameters {
    friendly_name: Option<String>,
    event_types: Option<Vec<String>>,
    webhook_url: Option<String>,
    status: Option<WebhookStatus>,
    version: Option<Version>,
}

impl Webhook {
    fn body(&self, call: &Call<'_>) -> Value {
        json!({
            "sid": self.sid,
            "service_sid": self.service_sid,
            "account_sid": call.account_sid(),
            "friendly_name": self.friendly_name,
            "event_types": self.event_types,
            "status": self.status,
            "version": self.version,
            "webhook_url": self.url,
            "webhook_method": "POST",
            "date_created": self.date_created,
            "date_updated": self.date_updated,
            "url": call.url(format_args!(
                "/v2/Services/{}/Webhooks/{}",
                self.service_sid, self.sid
            )),
        })
    }
}

impl Parameters {
    /// Reads and checks the parameters. An empty name, a URL that is not absolute or not `http` or `https`, an empty
    /// list of events, and unknown events are invalid (assumed: the document states the valid values, not the error).
    fn read(call: &Call<'_>) -> Result<Self, ApiError> {
        let parameters: Self = call.read()?;
        let is_event = |name: &String| name == ALL || EVENTS.contains(&name.as_str());
        let is_events = |names: &Vec<String>| !names.is_empty() && names.iter().all(is_event);
        let is_url = |text: &String| {
            let url = Url::parse(text).ok();
            url.is_some_and(|url| matches!(url.scheme(), "http" | "https"))
        };
        for (name, good) in [
            ("FriendlyName", parameters.friendly_name.as_ref().map(|name| !name.is_empty())),
            ("EventTypes", parameters.event_types.as_ref().map(is_events)),
            ("WebhookUrl", parameters.webhook_url.as_ref().map(is_url)),
        ] {
            if good == Some(false) {
                return Err(ApiError::invalid_parameter(name));
            }
        }
        Ok(parameters)
    }
}

/// Returns the webhook in the path, or an error if it does not exist.
fn find<'a>(call: &'a Call<'_>) -> Result<&'a Webhook, ApiError> {
    let service = call.service()?;
    let found = call.account.webhooks.get(&call.key("Sid")?);
    found.filter(|webhook| webhook.service_sid == service).ok_or_else(|| call.not_found())
}

pub(crate) fn create(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let service_sid = call.service()?;
    let parameters = Parameters::read(call)?;
    let webhook = Webhook {
        sid: call.account.draw.sid(),
        service_sid,
        // The document requires a name, events and a URL, so they are never missing here.
        friendly_name: parameters.friendly_name.unwrap_or_default(),
        event_types: parameters.event_types.unwrap_or_default(),
        url: parameters.webhook_url.unwrap_or_default(),
        status: parameters.status.unwrap_or_default(),
        version: parameters.version.unwrap_or_default(),
        date_created: call.date(),
        date_updated: call.date(),
    };
    let body = webhook.body(call);
    call.account.webhooks.insert(webhook);
    ApiResponse::created(&body)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let service = call.service()?;
    list::table_page(
        call,
        "webhooks",
        &call.account.webhooks,
        Order::NewestFirst,
        |webhook| webhook.service_sid == service,
        |webhook| webhook.body(call),
    )
}

pub(crate) fn fetch(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    ApiResponse::ok(&find(call)?.body(call))
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let sid = find(call)?.sid;
    let (date, changes) = (call.date(), Parameters::read(call)?);
    if let Some(webhook) = call.account.webhooks.get_mut(&sid) {
        let set = |own: &mut String, new: Option<String>| {
            if let Some(new) = new {
                *own = new;
            }
        };
        set(&mut webhook.friendly_name, changes.friendly_name);
        set(&mut webhook.url, changes.webhook_url);
        if let Some(event_types) = changes.event_types {
            webhook.event_types = event_types;
        }
        webhook.status = changes.status.unwrap_or(webhook.status);
        webhook.version = changes.version.unwrap_or(webhook.version);
        webhook.date_updated = date;
    }
    fetch(call)
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let sid = find(call)?.sid;
    call.account.webhooks.remove(&sid);
    Ok(ApiResponse::deleted())
}
