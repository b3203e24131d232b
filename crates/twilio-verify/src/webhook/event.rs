//! The events that webhooks report.

use std::error::Error;
use std::fmt;

use chrono::{DateTime, Utc};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use twilio_verify_api::lenient::Lenient;
use twilio_verify_api::types::{
    AccountSid, ChallengeSid, EntitySid, FactorSid, FactorType, ServiceSid,
};
use twilio_verify_api::{Extra, Redacted};

use super::body::{is_form, parameters};
use super::event_type::WebhookEventType;

/// The event that a webhook reports: a change of a factor or a challenge.
///
/// Twilio documents these fields: `uuid`, `type`, `account_sid`, `service_sid`, `entity_identity`,
/// `factor_sid` and `factor_type`. **The names of the others are assumed.** The body is read
/// leniently: any field but `type` may be missing, and a field that is unknown or of another type is
/// kept in [`extra`](Self::extra).
///
/// Validate a webhook with a [`WebhookValidator`](crate::WebhookValidator) before you trust it.
/// `Debug` shows neither names nor metadata. The event serializes with all of them, to the object
/// that [`from_json`](Self::from_json) reads: to store an event, or to forward it.
///
/// ```
/// use twilio_verify::{WebhookEvent, WebhookEventType};
///
/// let event = WebhookEvent::from_form(
///     b"type=challenge.denied&challenge_sid=YCaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa&entity_identity=ff483d1f",
/// )?;
/// match event.event_type {
///     WebhookEventType::ChallengeApproved => println!("let them in"),
///     WebhookEventType::ChallengeDenied => println!("don't"),
///     other => println!("nothing to do for {other}"),
/// }
/// # Ok::<(), twilio_verify::WebhookEventError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WebhookEvent {
    /// The type of the event: `type`.
    #[serde(rename = "type")]
    pub event_type: WebhookEventType,
    /// The id of the event, which Twilio may send more than once: `uuid`, or `uid`.
    #[serde(rename = "uuid", skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// The account that owns the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_sid: Option<AccountSid>,
    /// The service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_sid: Option<ServiceSid>,
    /// The entity that owns the factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity_sid: Option<EntitySid>,
    /// The entity's identity: `entity_identity`, or `identity`.
    #[serde(rename = "entity_identity", skip_serializing_if = "Option::is_none")]
    pub identity: Option<Redacted<String>>,
    /// The factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor_sid: Option<FactorSid>,
    /// The kind of factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor_type: Option<FactorType>,
    /// The factor's friendly name: `friendly_name` or `factor_friendly_name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub friendly_name: Option<Redacted<String>>,
    /// The challenge; `None` in the event of a factor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge_sid: Option<ChallengeSid>,
    /// When the factor or challenge was created, in GMT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_created: Option<DateTime<Utc>>,
    /// When the factor or challenge last changed, in GMT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_updated: Option<DateTime<Utc>>,
    /// Your own data about the factor or challenge: `metadata`, `factor_metadata` or
    /// `challenge_metadata`. A string that holds JSON is parsed, because a form can only hold
    /// strings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Redacted<Value>>,
    /// All other fields. A parameter that occurs more than once in a form is an array here,
    /// whatever its name.
    #[serde(flatten)]
    pub extra: Extra,
}

impl WebhookEvent {
    /// Reads the body of a webhook: as a form if `Content-Type` says so, otherwise as JSON.
    ///
    /// # Errors
    ///
    /// See [`WebhookEventError`].
    pub fn parse(headers: &HeaderMap, body: &[u8]) -> Result<Self, WebhookEventError> {
        if is_form(headers) { Self::from_form(body) } else { Self::from_json(body) }
    }

    /// Reads a form, or the query of a webhook that is sent with `GET`.
    ///
    /// # Errors
    ///
    /// Returns [`NoType`](WebhookEventError::NoType) if the form doesn't have exactly one `type`.
    pub fn from_form(form: &[u8]) -> Result<Self, WebhookEventError> {
        let mut fields = Map::new();
        // Any of the values may be the right one.
        let mut repeated = Map::new();
        for (name, value) in parameters(form) {
            let name = name.into_owned();
            let value = Value::String(value.into_owned());
            if let Some(Value::Array(values)) = repeated.get_mut(&name) {
                values.push(value);
            } else if let Some(first) = fields.remove(&name) {
                repeated.insert(name, Value::Array(vec![first, value]));
            } else {
                fields.insert(name, value);
            }
        }
        Self::from_fields(fields, repeated)
    }

    /// Reads a JSON object.
    ///
    /// # Errors
    ///
    /// Returns [`NotAnObject`](WebhookEventError::NotAnObject) if it is not a JSON object, or
    /// [`NoType`](WebhookEventError::NoType) if it has no `type`.
    pub fn from_json(json: &[u8]) -> Result<Self, WebhookEventError> {
        let fields = serde_json::from_slice(json).map_err(|_| WebhookEventError::NotAnObject)?;
        Self::from_fields(fields, Map::new())
    }

    fn from_fields(
        fields: Map<String, Value>,
        repeated: Map<String, Value>,
    ) -> Result<Self, WebhookEventError> {
        let mut fields = Fields(fields);
        let event_type: String = fields.take(&["type"]).ok_or(WebhookEventError::NoType)?;
        if event_type.is_empty() {
            return Err(WebhookEventError::NoType);
        }
        Ok(Self {
            event_type: event_type.into(),
            uid: fields.take(&["uuid", "uid"]),
            account_sid: fields.take(&["account_sid"]),
            service_sid: fields.take(&["service_sid"]),
            entity_sid: fields.take(&["entity_sid"]),
            identity: fields.take(&["entity_identity", "identity"]),
            factor_sid: fields.take(&["factor_sid"]),
            factor_type: fields.take(&["factor_type"]),
            friendly_name: fields.take(&["friendly_name", "factor_friendly_name"]),
            challenge_sid: fields.take(&["challenge_sid"]),
            date_created: fields.take(&["date_created"]),
            date_updated: fields.take(&["date_updated"]),
            metadata: fields
                .take(&["metadata", "challenge_metadata", "factor_metadata"])
                .map(|value| Redacted::new(json(value))),
            extra: fields.rest(repeated),
        })
    }
}

/// The fields that have not been read yet.
struct Fields(Map<String, Value>);

impl Fields {
    /// Removes and returns the first of the named fields that can be read.
    fn take<T: for<'de> Lenient<'de>>(&mut self, names: &[&str]) -> Option<T> {
        for name in names {
            if let Some(value) = self.0.get(*name)
                && let Ok(Some(read)) = T::lenient(value)
            {
                self.0.remove(*name);
                return Some(read);
            }
        }
        None
    }

    fn rest(mut self, repeated: Map<String, Value>) -> Extra {
        self.0.extend(repeated);
        // This can't fail: any map can be read.
        Extra::deserialize(Value::Object(self.0)).unwrap_or_default()
    }
}

/// Returns the JSON object or array in a string, or else the value itself.
fn json(value: Value) -> Value {
    let Value::String(text) = &value else {
        return value;
    };
    match serde_json::from_str(text) {
        Ok(parsed @ (Value::Object(_) | Value::Array(_))) => parsed,
        _ => value,
    }
}

/// Why the body of a webhook can't be read as an event. It shows nothing of the body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookEventError {
    /// The body is not a JSON object.
    NotAnObject,
    /// There is no `type`, or it is not a single string.
    NoType,
}

impl fmt::Display for WebhookEventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAnObject => {
                "the body is not a JSON object: a form needs the header `Content-Type: \
                 application/x-www-form-urlencoded`, or WebhookEvent::from_form"
            }
            Self::NoType => {
                "there is no single `type`: the body is not that of a Verify webhook, or was \
                 already consumed"
            }
        })
    }
}

impl Error for WebhookEventError {}
