//! `/v2/Services/{ServiceSid}/Entities/{Identity}/Factors`: what an entity proves its identity with.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use twilio_verify::WebhookEventType;

use crate::operations::identity::access_tokens;
use crate::operations::identity::entities;
use crate::operations::identity::entities::Entity;
use crate::operations::identity::passkeys::Passkey;
use crate::records::device::Device;
use crate::records::totp;
use crate::records::totp::Totp;
use crate::operations::calls::call::{Answer, Call};
use crate::contract::error::ApiError;
use crate::operations::calls::list;
use crate::operations::calls::list::Order;
use crate::values::sid::{EntitySid, FactorSid, ServiceSid};
use crate::records::event::Event;
use crate::tables::parent::Parent;
use crate::tables::table::Record;

/// Whether a factor was proved to work.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Unverified,
    Verified,
}

/// The kind of a factor.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FactorType {
    Push,
    Totp,
    Passkeys,
}

impl FactorType {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Totp => "totp",
            Self::Passkeys => "passkeys",
        }
    }
}

/// What a factor is, and what proves that one has it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Push(Device),
    Totp(Totp),
    Passkeys(Passkey),
}

impl Kind {
    pub(crate) fn factor_type(&self) -> FactorType {
        match self {
            Self::Push(_) => FactorType::Push,
            Self::Totp(_) => FactorType::Totp,
            Self::Passkeys(_) => FactorType::Passkeys,
        }
    }
}

/// A factor. It has no `Debug`, as it holds secrets and personal data.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Factor {
    pub(crate) sid: FactorSid,
    pub(crate) service_sid: ServiceSid,
    pub(crate) entity_sid: EntitySid,
    pub(crate) identity: String,
    pub(crate) friendly_name: String,
    pub(crate) status: Status,
    pub(crate) kind: Kind,
    pub(crate) metadata: Option<Map<String, Value>>,
    pub(crate) date_created: DateTime<Utc>,
    pub(crate) date_updated: DateTime<Utc>,
}

impl Record for Factor {
    type Key = FactorSid;

    fn key(&self) -> FactorSid {
        self.sid
    }

    fn is_within(&self, parent: &Parent) -> bool {
        match parent {
            Parent::Service(sid) => self.service_sid == *sid,
            Parent::Entity(sid) => self.entity_sid == *sid,
            Parent::RateLimit(_) => false,
        }
    }
}

impl Factor {
    /// A factor that is yet to be verified.
    pub(crate) fn new(
        call: &mut Call<'_>,
        entity: Entity,
        friendly_name: String,
        kind: Kind,
        metadata: Option<Map<String, Value>>,
    ) -> Self {
        Self {
            sid: call.state.draw.sid(),
            service_sid: entity.service_sid,
            entity_sid: entity.sid,
            identity: entity.identity,
            friendly_name,
            status: Status::Unverified,
            kind,
            metadata,
            date_created: call.date(),
            date_updated: call.date(),
        }
    }

    /// That something happened to the factor, for webhooks.
    pub(crate) fn event(&self, event_type: WebhookEventType) -> Event {
        Event {
            event_type,
            service_sid: self.service_sid,
            entity_sid: self.entity_sid,
            identity: self.identity.clone(),
            factor_sid: self.sid,
            factor_type: self.kind.factor_type().as_str().into(),
            factor_friendly_name: self.friendly_name.clone(),
            factor_metadata: self.metadata.as_ref().map(json_text),
            challenge: None,
            date_created: self.date_created,
            date_updated: self.date_updated,
        }
    }

    pub(crate) fn is_verified(&self) -> bool {
        self.status == Status::Verified
    }

    /// What every answer tells of it; nothing that is secret.
    pub(crate) fn body(&self, call: &Call<'_>) -> Value {
        let entity = Entity::url(call, self.service_sid, &self.identity);
        json!({
            "sid": self.sid,
            "account_sid": call.account_sid(),
            "service_sid": self.service_sid,
            "entity_sid": self.entity_sid,
            "identity": self.identity,
            "date_created": self.date_created,
            "date_updated": self.date_updated,
            "friendly_name": self.friendly_name,
            "status": self.status,
            "factor_type": self.kind.factor_type(),
            "config": match &self.kind {
                Kind::Push(device) => device.config(),
                Kind::Totp(totp) => totp.config(),
                Kind::Passkeys(passkey) => passkey.config(),
            },
            "metadata": self.metadata,
            "url": format!("{entity}/Factors/{}", self.sid),
        })
    }
}

/// A JSON object as text.
pub(crate) fn json_text(object: &Map<String, Value>) -> String {
    Value::from(object.clone()).to_string()
}

/// Keeps a new factor, and answers with what it is told of this once.
pub(crate) fn add(
    call: &mut Call<'_>,
    factor: Factor,
    binding: Value,
    options: Value,
) -> Result<Answer, ApiError> {
    let mut body = factor.body(call);
    body["binding"] = binding;
    body["options"] = options;
    call.state
        .events
        .push(factor.event(WebhookEventType::FactorCreated));
    call.state.factors.insert(factor);
    Answer::created(&body)
}

/// The factor of the path, which must be the entity's.
fn of_path<'c>(call: &'c Call<'_>) -> Result<&'c Factor, ApiError> {
    let entity = entities::of_path(call)?;
    let factor = call.state.factors.get(&call.key("Sid")?);
    factor
        .filter(|factor| factor.entity_sid == entity.sid)
        .ok_or_else(|| call.not_found())
}

pub(crate) fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Parameters {
        friendly_name: String,
        factor_type: FactorType,
        metadata: Option<Map<String, Value>>,
    }

    let service_sid = call.service()?;
    let identity = call.segment("Identity").to_owned();
    entities::check_identity("Identity", &identity)?;
    let Parameters {
        friendly_name,
        factor_type,
        metadata,
    } = call.read()?;
    let (kind, binding) = match factor_type {
        FactorType::Push => {
            let device = Device::new(call.read()?)?;
            let binding = device.binding();
            (Kind::Push(device), binding)
        }
        FactorType::Totp => {
            let (secret, settings) = (call.read()?, call.read()?);
            let service = call.state.services.get(&service_sid);
            let service = service.ok_or_else(|| ApiError::not_found(call.requested))?;
            let service = &service.settings;
            let totp = Totp::new(secret, &settings, service, &mut call.state.draw)?;
            let binding = totp.binding(service.totp_issuer(), &friendly_name);
            (Kind::Totp(totp), binding)
        }
        // They have an operation of their own.
        FactorType::Passkeys => return Err(ApiError::invalid_parameter("FactorType")),
    };
    let name = access_tokens::redeem(call, factor_type)?.unwrap_or(friendly_name);
    let entity = entities::named(call, service_sid, &identity);
    let factor = Factor::new(call, entity, name, kind, metadata);
    add(call, factor, binding, Value::Null)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let entity = entities::of_path(call)?.sid;
    list::page(
        call,
        "factors",
        &call.state.factors,
        Order::NewestFirst,
        |factor| factor.entity_sid == entity,
        |factor| factor.body(call),
    )
}

pub(crate) fn fetch(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    Answer::ok(&of_path(call)?.body(call))
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Parameters {
        auth_payload: Option<String>,
        friendly_name: Option<String>,
    }

    let mut factor = of_path(call)?.clone();
    let was_verified = factor.is_verified();
    let parameters: Parameters = call.read()?;
    match &mut factor.kind {
        Kind::Push(device) => device.change(call.read()?),
        Kind::Totp(totp) => totp.change(&call.read::<totp::Settings>()?),
        Kind::Passkeys(_) => {}
    }
    if let Some(payload) = parameters.auth_payload {
        let proved = match &mut factor.kind {
            Kind::Push(device) => device.proves(factor.sid, &payload, call.now),
            Kind::Totp(totp) => totp.accept(&payload, call.now),
            Kind::Passkeys(_) => {
                return Err(ApiError::unfit_factor(
                    "a passkey is verified at Passkeys/VerifyFactor",
                ));
            }
        };
        if !proved {
            return Err(ApiError::unfit_factor("AuthPayload is wrong"));
        }
        factor.status = Status::Verified;
    }
    if let Some(name) = parameters.friendly_name {
        factor.friendly_name = name;
    }
    factor.date_updated = call.date();
    if factor.is_verified() && !was_verified {
        let event = factor.event(WebhookEventType::FactorVerified);
        call.state.events.push(event);
    }
    keep(call, factor)
}

/// Keeps a factor as it was changed, and answers with it.
pub(crate) fn keep(call: &mut Call<'_>, factor: Factor) -> Result<Answer, ApiError> {
    let body = factor.body(call);
    if let Some(kept) = call.state.factors.get_mut(&factor.sid) {
        *kept = factor;
    }
    Answer::ok(&body)
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let sid = of_path(call)?.sid;
    if let Some(factor) = call.state.factors.remove(&sid) {
        let event = factor.event(WebhookEventType::FactorDeleted);
        call.state.events.push(event);
    }
    Ok(Answer::deleted())
}
