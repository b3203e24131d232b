//! `/v2/Services/{ServiceSid}/Entities/{Identity}/Factors`: the factors with which an entity proves its identity.

use std::ops::RangeInclusive;

use chrono::TimeDelta;
use data_encoding::BASE32_NOPAD_NOCASE;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use twilio_verify::WebhookEventType;

use crate::operations::identity::access_tokens;
use crate::operations::identity::entities;
use crate::records::entity::Entity;

use crate::contract::code::Code;
use crate::contract::error::ApiError;
use crate::operations::calls::call::Call;
use crate::operations::calls::list;
use crate::operations::calls::response::ApiResponse;
use crate::operations::identity::devices::{NewDevice, check_token};
use crate::state::pending::Created;
use crate::tables::page::Order;

use crate::records::identity::device::DeviceUpdate;
use crate::records::identity::factor::{Factor, FactorKind, FactorStatus, FactorType, json_text};
use crate::records::identity::totp::{Totp, TotpConfig};
use crate::tables::draw::Draw;

impl Factor {
    /// Creates an unverified factor.
    pub(crate) fn new(
        call: &mut Call<'_>,
        entity: Entity,
        friendly_name: String,
        kind: FactorKind,
        metadata: Option<Map<String, Value>>,
    ) -> Self {
        Self {
            sid: call.account.draw.sid(),
            service_sid: entity.service_sid,
            entity_sid: entity.sid,
            identity: entity.identity,
            friendly_name,
            status: FactorStatus::Unverified,
            wrong_codes: 0,
            kind,
            metadata,
            date_created: call.date(),
            date_updated: call.date(),
        }
    }

    /// Returns the resource without secrets.
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
                FactorKind::Push(device) => device.config(),
                FactorKind::Totp(totp) => totp.config(),
                FactorKind::Passkeys(passkey) => passkey.config(),
            },
            "metadata": self.metadata,
            "url": format!("{entity}/Factors/{}", self.sid),
        })
    }
}

/// The maximum number of push factors and of TOTP factors of an entity, and of factors of either type that are created
/// in a day (documented by Twilio).
const MAX_PUSH: usize = 20;
const MAX_TOTP: usize = 100;
const MAX_CREATIONS: usize = 100;
const DAY: TimeDelta = TimeDelta::days(1);

/// The maximum number of wrong codes for an unverified factor (documented by Twilio).
const MAX_WRONG_CODES: u32 = 5;

/// The lengths of a name, and of an `AuthPayload`, in characters (documented by Twilio).
const NAME_LENGTHS: RangeInclusive<usize> = 1..=64;
const CODE_LENGTHS: RangeInclusive<usize> = 3..=8;
const TOKEN_LENGTHS: RangeInclusive<usize> = 1..=5456;

/// The maximum length of metadata and hidden details, as JSON (documented by Twilio).
const METADATA_LENGTH: usize = 1024;

/// Checks an object of the caller's own data: its values must be strings.
pub(crate) fn check_metadata(
    name: &str,
    metadata: Option<&Map<String, Value>>,
) -> Result<(), ApiError> {
    let fits = |metadata: &Map<String, Value>| {
        metadata.values().all(Value::is_string)
            && json_text(metadata).chars().count() <= METADATA_LENGTH
    };
    match metadata.is_none_or(fits) {
        true => Ok(()),
        false => Err(ApiError::invalid_parameter(name)),
    }
}

fn check_name(name: &str) -> Result<(), ApiError> {
    match NAME_LENGTHS.contains(&name.chars().count()) {
        true => Ok(()),
        false => Err(ApiError::invalid_parameter("FriendlyName")),
    }
}

/// Checks the length of the code or token that proves a factor.
pub(crate) fn check_payload(kind: &FactorKind, payload: &str) -> Result<(), ApiError> {
    let lengths = match kind {
        FactorKind::Totp(_) => CODE_LENGTHS,
        FactorKind::Push(_) | FactorKind::Passkeys(_) => TOKEN_LENGTHS,
    };
    match lengths.contains(&payload.chars().count()) {
        true => Ok(()),
        false => Err(ApiError::invalid_parameter("AuthPayload")),
    }
}

/// Checks that an entity may have another factor, and that none of its factors has the same binding.
fn check_new(call: &mut Call<'_>, entity: &Entity, kind: &FactorKind) -> Result<(), ApiError> {
    let factors = call.account.factors.iter().map(|(_, factor)| factor);
    let own: Vec<&FactorKind> = factors
        .filter(|factor| factor.entity_sid == entity.sid)
        .map(|factor| &factor.kind)
        .collect();
    let count = own.iter().filter(|own| own.factor_type() == kind.factor_type()).count();
    let most = if kind.factor_type() == FactorType::Push { MAX_PUSH } else { MAX_TOTP };
    if own.iter().any(|own| own.has_binding_of(kind)) {
        return Err(Code::FactorExists.into());
    }
    if count >= most {
        return Err(Code::MaxFactors.into());
    }
    let created = &mut call.account.pending.created;
    let key = Created::FactorsOf(entity.sid);
    match created.full_for(&key, MAX_CREATIONS, DAY, call.request.now) {
        Some(_) => Err(Code::MaxFactorCreations.into()),
        None => Ok(()),
    }
}

/// Stores a new factor. The response has the binding and the options, which are shown only once.
pub(crate) fn add(
    call: &mut Call<'_>,
    factor: Factor,
    binding: Value,
    options: Value,
) -> Result<ApiResponse, ApiError> {
    let mut body = factor.body(call);
    body["binding"] = binding;
    body["options"] = options;
    let created = &mut call.account.pending.created;
    created.count(Created::FactorsOf(factor.entity_sid), DAY, call.request.now);
    call.account.events.push(factor.event(WebhookEventType::FactorCreated));
    call.account.factors.insert(factor);
    ApiResponse::created(&body)
}

/// The length of a generated secret: that of a SHA-1 hash, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;

/// The optional secret of a new TOTP factor, in Base32.
#[derive(Deserialize)]
struct NewTotp {
    #[serde(rename = "Binding.Secret")]
    secret: Option<String>,
}

impl NewTotp {
    fn secret(self, draw: &mut Draw) -> Result<Vec<u8>, ApiError> {
        match self.secret {
            None => Ok(draw.bytes(SECRET_BYTES)),
            Some(secret) => BASE32_NOPAD_NOCASE
                .decode(secret.trim_end_matches('=').as_bytes())
                .ok()
                .filter(|secret| !secret.is_empty())
                .ok_or_else(|| ApiError::invalid_parameter("Binding.Secret")),
        }
    }
}

/// Returns the factor in the path, or an error if the entity has no such factor.
fn of_path<'c>(call: &'c Call<'_>) -> Result<&'c Factor, ApiError> {
    let entity = entities::of_path(call)?;
    let factor = call.account.factors.get(&call.key("Sid")?);
    factor.filter(|factor| factor.entity_sid == entity.sid).ok_or_else(|| call.not_found())
}

pub(crate) fn create(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
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
    let Parameters { friendly_name, factor_type, metadata } = call.read()?;
    check_name(&friendly_name)?;
    check_metadata("Metadata", metadata.as_ref())?;
    let (kind, binding) = match factor_type {
        FactorType::Push => {
            let device = call.read::<NewDevice>()?.check()?;
            let binding = device.binding();
            (FactorKind::Push(device), binding)
        }
        FactorType::Totp => {
            let (new, config): (NewTotp, TotpConfig) = (call.read()?, call.read()?);
            let service = call.account.services.get(&service_sid);
            let service = service.ok_or_else(|| ApiError::not_found(call.requested))?;
            let service = &service.settings;
            let secret = new.secret(&mut call.account.draw)?;
            let totp = Totp::new(secret, &config, service);
            let binding = totp.binding(service.totp_issuer(), &friendly_name);
            (FactorKind::Totp(totp), binding)
        }
        // Passkeys have their own operation.
        FactorType::Passkeys => return Err(ApiError::invalid_parameter("FactorType")),
    };
    let entity = call.account.entities.get(&(service_sid, identity.clone())).cloned();
    if let Some(entity) = &entity {
        check_new(call, entity, &kind)?;
    }
    let name = access_tokens::redeem(call, service_sid, &identity, factor_type)?;
    let name = name.unwrap_or(friendly_name);
    let entity = entity.unwrap_or_else(|| entities::named(call, service_sid, &identity));
    let factor = Factor::new(call, entity, name, kind, metadata);
    add(call, factor, binding, Value::Null)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let entity = entities::of_path(call)?.sid;
    list::table_page(
        call,
        "factors",
        &call.account.factors,
        Order::NewestFirst,
        |factor| factor.entity_sid == entity,
        |factor| factor.body(call),
    )
}

pub(crate) fn fetch(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    ApiResponse::ok(&of_path(call)?.body(call))
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Parameters {
        auth_payload: Option<String>,
        friendly_name: Option<String>,
    }

    let mut factor = of_path(call)?.clone();
    let was_verified = factor.is_verified();
    let parameters: Parameters = call.read()?;
    if let Some(name) = parameters.friendly_name {
        check_name(&name)?;
        factor.friendly_name = name;
    }
    match &mut factor.kind {
        FactorKind::Push(device) => {
            let changes: DeviceUpdate = call.read()?;
            check_token(changes.notification_token.as_deref())?;
            device.change(changes);
        }
        FactorKind::Totp(totp) => totp.change(&call.read::<TotpConfig>()?),
        FactorKind::Passkeys(_) => {}
    }
    if let Some(payload) = parameters.auth_payload {
        check_payload(&factor.kind, &payload)?;
        let is_proved = match &mut factor.kind {
            FactorKind::Push(device) if !device.proves(factor.sid, &payload, call.now) => {
                return Err(Code::FactorFailed.into());
            }
            FactorKind::Push(_) => true,
            FactorKind::Totp(_) if !was_verified && factor.wrong_codes >= MAX_WRONG_CODES => {
                return Err(Code::MaxFactorTries.into());
            }
            FactorKind::Totp(totp) => totp.accept(&payload, call.now),
            FactorKind::Passkeys(_) => {
                return Err(ApiError::invalid_request(
                    "passkeys are verified at Passkeys/VerifyFactor",
                ));
            }
        };
        // A wrong code is not an error: the factor keeps its status.
        match is_proved {
            true => factor.status = FactorStatus::Verified,
            false => factor.wrong_codes = factor.wrong_codes.saturating_add(1),
        }
    }
    factor.date_updated = call.date();
    if factor.is_verified() && !was_verified {
        let event = factor.event(WebhookEventType::FactorVerified);
        call.account.events.push(event);
    }
    replace(call, factor)
}

/// Stores a changed factor, and responds with it.
pub(crate) fn replace(call: &mut Call<'_>, factor: Factor) -> Result<ApiResponse, ApiError> {
    let body = factor.body(call);
    if let Some(stored) = call.account.factors.get_mut(&factor.sid) {
        *stored = factor;
    }
    ApiResponse::ok(&body)
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let sid = of_path(call)?.sid;
    if let Some(factor) = call.account.factors.remove(&sid) {
        let event = factor.event(WebhookEventType::FactorDeleted);
        call.account.events.push(event);
    }
    Ok(ApiResponse::deleted())
}
