//! `/v2/Services/{ServiceSid}/Passkeys`: factors and challenges with WebAuthn.
//!
//! A browser's values are checked: their format, the type, the challenge, the origin and the passkey. The
//! authenticator's data and its signature are not checked, so that a test can make them up without an authenticator.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};
use twilio_verify::WebhookEventType;

use crate::operations::identity::challenges;

use crate::records::identity::decision::Reason;

use crate::operations::calls::response::ApiResponse;
use crate::operations::identity::{entities, factors};
use crate::records::identity::decision::Decision;
use crate::records::identity::factor::Factor;
use crate::state::challenges::announce;
use crate::time::clock::shifted;

use crate::contract::code::Code;
use crate::contract::error::ApiError;

use crate::operations::calls::call::Call;
use crate::records::identity::challenge::Challenge;
use crate::records::identity::factor::FactorKind;
use crate::records::identity::factor::FactorStatus;
use crate::records::identity::factor::FactorType;
use crate::records::identity::passkey::Passkey;
use crate::records::identity::passkey::PasskeyConfig;
use crate::records::identity::passkey::PasskeyRequest;
use crate::records::identity::passkey::RelyingParty;
use crate::records::service::ServiceSettings;
use crate::values::sid::EntitySid;
use crate::values::sid::FactorSid;

/// How long a browser may take to create a passkey (as in the document's example).
const CREATION_LIFE: TimeDelta = TimeDelta::minutes(10);
const CHALLENGE_BYTES: usize = 32;
/// The minimum length of authenticator data in WebAuthn: a hash, flags and a counter.
const AUTHENTICATOR_DATA_BYTES: usize = 37;

/// The settings in a request.
#[derive(Default, Deserialize)]
struct NewConfig {
    #[serde(default)]
    relying_party: NewRelyingParty,
    authenticator_attachment: Option<String>,
    discoverable_credentials: Option<String>,
    user_verification: Option<String>,
}

#[derive(Default, Deserialize)]
struct NewRelyingParty {
    id: Option<String>,
    name: Option<String>,
    origins: Option<Vec<String>>,
}

impl NewConfig {
    /// Returns the settings of a passkey; the service's settings are the defaults.
    fn over(self, service: &ServiceSettings) -> Result<PasskeyConfig, ApiError> {
        let id = self.relying_party.id;
        let id = id.or_else(|| service.passkeys_relying_party_id.clone());
        let id = id
            .filter(|id| !id.is_empty())
            .ok_or_else(|| ApiError::missing_parameter("config.relying_party.id"))?;
        let name = self.relying_party.name;
        let name = name.or_else(|| service.passkeys_relying_party_name.clone());
        let origins = self.relying_party.origins;
        let origins = origins.or_else(|| service.passkeys_origins());
        let or = |own: Option<String>, service: &str| own.unwrap_or_else(|| service.to_owned());
        Ok(PasskeyConfig {
            relying_party: RelyingParty {
                name: name.unwrap_or_else(|| service.friendly_name().to_owned()),
                origins: origins.unwrap_or_else(|| vec![format!("https://{id}")]),
                id,
            },
            authenticator_attachment: or(
                self.authenticator_attachment,
                service.passkeys_authenticator_attachment(),
            ),
            discoverable_credentials: or(
                self.discoverable_credentials,
                service.passkeys_discoverable_credentials(),
            ),
            user_verification: or(self.user_verification, service.passkeys_user_verification()),
        })
    }
}

/// The client data that a browser returns.
#[derive(Deserialize)]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
}

impl ClientData {
    /// Reads client data from base64url, and checks its type.
    fn read(text: &str, kind: &str) -> Result<Self, ApiError> {
        let name = "response.clientDataJSON";
        let json = bytes(name, text)?;
        let data: Self =
            serde_json::from_slice(&json).map_err(|_| ApiError::invalid_parameter(name))?;
        match data.kind == kind {
            true => Ok(data),
            false => Err(ApiError::invalid_request("clientDataJSON has another type")),
        }
    }
}

/// Decodes a parameter in base64url without padding, as in WebAuthn. An empty one is invalid.
fn bytes(name: &str, text: &str) -> Result<Vec<u8>, ApiError> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok();
    bytes.filter(|bytes| !bytes.is_empty()).ok_or_else(|| ApiError::invalid_parameter(name))
}

/// Encodes the owner of a passkey as authenticators store it.
fn user_handle(entity_sid: EntitySid) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(entity_sid.to_string())
}

/// Returns the passkeys of the factors that pass a filter.
fn passkeys<'c>(
    call: &'c Call<'_>,
    among: impl Fn(&Factor) -> bool + 'c,
) -> impl Iterator<Item = (&'c Factor, &'c Passkey)> {
    let factors = call.account.factors.iter().map(|(_, factor)| factor);
    factors.filter_map(move |factor| match &factor.kind {
        FactorKind::Passkeys(passkey) if among(factor) => Some((factor, passkey)),
        _ => None,
    })
}

pub(crate) fn create_factor(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    #[derive(Deserialize)]
    struct Parameters {
        friendly_name: String,
        identity: String,
        #[serde(default)]
        config: NewConfig,
    }

    let service_sid = call.service()?;
    let parameters: Parameters = call.read()?;
    entities::check_identity("identity", &parameters.identity)?;
    let service = call.account.services.get(&service_sid);
    let service = service.ok_or_else(|| call.not_found())?;
    let config = parameters.config.over(&service.settings)?;
    let entity = entities::named(call, service_sid, &parameters.identity);
    // The challenge is the SID in base64url, as Twilio documents it.
    let sid: FactorSid = call.account.draw.sid();
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(sid.to_string());

    let owned = passkeys(call, |factor| factor.entity_sid == entity.sid);
    let exclude: Vec<Value> = owned.filter_map(|(_, passkey)| passkey.descriptor()).collect();
    let mut selection = json!({
        "residentKey": config.discoverable_credentials,
        "requireResidentKey": config.discoverable_credentials == "required",
        "userVerification": config.user_verification,
    });
    if config.authenticator_attachment != "any" {
        selection["authenticatorAttachment"] = config.authenticator_attachment.clone().into();
    }
    let options = json!({ "publicKey": {
        "rp": { "id": config.relying_party.id, "name": config.relying_party.name },
        "user": {
            "id": user_handle(entity.sid),
            "name": entity.identity,
            "displayName": parameters.friendly_name,
        },
        "challenge": challenge,
        // These are ES256 and RS256.
        "pubKeyCredParams": [
            { "type": "public-key", "alg": -7 },
            { "type": "public-key", "alg": -257 },
        ],
        "timeout": CREATION_LIFE.num_milliseconds(),
        "excludeCredentials": exclude,
        "authenticatorSelection": selection,
        "attestation": "none",
    } });
    let passkey = Passkey {
        config,
        challenge,
        expiration_date: shifted(call.date(), CREATION_LIFE),
        credential_id: None,
        transports: Vec::new(),
    };
    let kind = FactorKind::Passkeys(passkey);
    let factor = Factor { sid, ..Factor::new(call, entity, parameters.friendly_name, kind, None) };
    factors::add(call, factor, Value::Null, options)
}

pub(crate) fn verify_factor(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Parameters {
        id: Option<String>,
        raw_id: Option<String>,
        authenticator_attachment: Option<String>,
        response: Attestation,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Attestation {
        attestation_object: Option<String>,
        #[serde(rename = "clientDataJSON")]
        client_data: Option<String>,
        #[serde(default)]
        transports: Vec<String>,
    }

    let service_sid = call.service()?;
    let Parameters { id, raw_id, authenticator_attachment, response } = call.read()?;
    let required =
        |value: Option<String>, name| value.ok_or_else(|| ApiError::missing_parameter(name));
    let id = required(id, "id")?;
    check_id(&id, raw_id.as_deref().unwrap_or(&id))?;
    let attestation = required(response.attestation_object, "response.attestationObject")?;
    bytes("response.attestationObject", &attestation)?;
    let client_data = required(response.client_data, "response.clientDataJSON")?;
    let client_data = ClientData::read(&client_data, "webauthn.create")?;

    let now = call.now;
    let unverified = |factor: &Factor| factor.service_sid == service_sid && !factor.is_verified();
    let found = passkeys(call, unverified)
        .find(|(_, passkey)| passkey.challenge == client_data.challenge)
        .filter(|(_, passkey)| now < passkey.expiration_date);
    let (factor, passkey) =
        found.ok_or_else(|| ApiError::invalid_request("no pending passkey has this challenge"))?;
    if !passkey.allows(&client_data.origin) {
        return Err(ApiError::invalid_request("the origin is not one of the relying party's"));
    }
    if authenticator_attachment.is_some_and(|attachment| !passkey.takes(&attachment)) {
        return Err(ApiError::invalid_request("the authenticator has another attachment"));
    }
    let is_known = passkeys(call, |factor| factor.service_sid == service_sid)
        .any(|(_, passkey)| passkey.credential_id.as_ref() == Some(&id));
    if is_known {
        return Err(ApiError::invalid_request("the passkey is already registered"));
    }
    let (mut factor, mut passkey) = (factor.clone(), passkey.clone());
    passkey.credential_id = Some(id);
    passkey.transports = response.transports;
    factor.kind = FactorKind::Passkeys(passkey);
    factor.status = FactorStatus::Verified;
    factor.date_updated = call.date();
    let event = factor.event(WebhookEventType::FactorVerified);
    call.account.events.push(event);
    factors::replace(call, factor)
}

/// Checks the identifier of a passkey, which appears twice in the request.
fn check_id(id: &str, raw_id: &str) -> Result<(), ApiError> {
    bytes("id", id)?;
    match id == raw_id {
        true => Ok(()),
        false => Err(ApiError::invalid_parameter("rawId")),
    }
}

pub(crate) fn create_challenge(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    #[derive(Deserialize)]
    struct Parameters {
        identity: Option<String>,
        factor_sid: Option<FactorSid>,
    }

    let service_sid = call.service()?;
    let Parameters { identity, factor_sid } = call.read()?;
    // A challenge that any passkey may answer has no owner.
    let is_open = identity.is_none() && factor_sid.is_none();
    let wanted = passkeys(call, |factor| {
        factor.service_sid == service_sid
            && identity.as_ref().is_none_or(|identity| factor.identity == *identity)
            && factor_sid.is_none_or(|sid| factor.sid == sid)
    });
    let wanted: Vec<(&Factor, &Passkey)> = wanted.collect();
    let verified = wanted.iter().find(|(factor, _)| factor.is_verified());
    let settings = call.account.services.get(&service_sid);
    let settings = &settings.ok_or_else(|| call.not_found())?.settings;
    let (config, owner) = match verified {
        Some((factor, passkey)) => {
            let owner = (!is_open).then(|| (factor.entity_sid, factor.identity.clone()));
            (passkey.config.clone(), owner)
        }
        None if is_open => (NewConfig::default().over(settings)?, None),
        None if wanted.is_empty() => {
            return Err(ApiError::invalid_request("the service has no such passkey"));
        }
        None => return Err(Code::FactorUnverified.into()),
    };
    let allowed = wanted.iter().filter(|_| !is_open);
    let allowed: Vec<Value> = allowed.filter_map(|(_, passkey)| passkey.descriptor()).collect();

    let bytes = BASE64_URL_SAFE_NO_PAD.encode(call.account.draw.bytes(CHALLENGE_BYTES));
    let options = json!({ "publicKey": {
        "challenge": bytes,
        "rpId": config.relying_party.id,
        "timeout": challenges::DEFAULT_LIFE.num_milliseconds(),
        "userVerification": config.user_verification,
        "allowCredentials": allowed,
    } });
    let mut challenge = Challenge::new(call, service_sid, FactorType::Passkeys);
    (challenge.entity_sid, challenge.identity) = owner.unzip();
    challenge.factor_sid = factor_sid;
    challenge.request = Some(PasskeyRequest { challenge: bytes, options });
    let body = with_options(call, &challenge);
    challenges::add(call, challenge);
    ApiResponse::created(&body)
}

fn with_options(call: &Call<'_>, challenge: &Challenge) -> Value {
    let mut body = challenge.body(call);
    body["options"] = json!(challenge.request.as_ref().map(|request| &request.options));
    body
}

pub(crate) fn approve_challenge(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Parameters {
        id: String,
        raw_id: String,
        authenticator_attachment: String,
        response: Assertion,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Assertion {
        authenticator_data: String,
        #[serde(rename = "clientDataJSON")]
        client_data: String,
        signature: String,
        user_handle: Option<String>,
    }

    let service_sid = call.service()?;
    let Parameters { id, raw_id, authenticator_attachment, response } = call.read()?;
    check_id(&id, &raw_id)?;
    let name = "response.authenticatorData";
    if bytes(name, &response.authenticator_data)?.len() < AUTHENTICATOR_DATA_BYTES {
        return Err(ApiError::invalid_parameter(name));
    }
    bytes("response.signature", &response.signature)?;
    let client_data = ClientData::read(&response.client_data, "webauthn.get")?;

    let is_meant = |challenge: &Challenge| {
        let request = challenge.request.as_ref();
        challenge.service_sid == service_sid
            && request.is_some_and(|request| request.challenge == client_data.challenge)
    };
    let mut challenge = call
        .account
        .challenges
        .iter()
        .map(|(_, challenge)| challenge)
        .find(|challenge| is_meant(challenge))
        .cloned()
        .ok_or_else(|| ApiError::invalid_request("no challenge has this value"))?;
    challenges::check_pending(&challenge)?;

    let owner = challenge.entity_sid;
    let may_answer = |factor: &Factor| {
        factor.service_sid == service_sid
            && factor.is_verified()
            && owner.is_none_or(|owner| factor.entity_sid == owner)
    };
    let (factor, passkey) = passkeys(call, may_answer)
        .find(|(_, passkey)| passkey.credential_id.as_ref() == Some(&id))
        .ok_or(Code::ChallengeFailed)?;
    let handle = user_handle(factor.entity_sid);
    let fits = challenge.factor_sid.is_none_or(|sid| sid == factor.sid)
        && passkey.allows(&client_data.origin)
        && passkey.takes(&authenticator_attachment)
        && response.user_handle.is_none_or(|own| own == handle);
    if !fits {
        return Err(Code::ChallengeFailed.into());
    }
    challenge.entity_sid = Some(factor.entity_sid);
    challenge.identity = Some(factor.identity.clone());
    challenge.factor_sid = Some(factor.sid);
    challenge.respond(Decision::Approved, Reason::None, call.date());
    announce(call.account, &challenge);
    challenges::replace(call, &challenge);
    ApiResponse::ok(&with_options(call, &challenge))
}
