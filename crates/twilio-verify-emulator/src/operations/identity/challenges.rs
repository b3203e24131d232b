//! `/v2/Services/{ServiceSid}/Entities/{Identity}/Challenges`: challenges that are answered with a factor.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::operations::identity::entities;
use crate::records::entity::Entity;
use crate::records::identity::factor::FactorKind;
use crate::records::identity::factor::FactorType;

use crate::contract::error::ApiError;
use crate::operations::calls::call::Call;
use crate::operations::calls::list;
use crate::operations::calls::response::ApiResponse;
use crate::tables::page::Order;
use crate::time::clock::shifted;
use crate::values::sid::FactorSid;
use crate::values::sid::ServiceSid;

use crate::records::identity::challenge::Challenge;
use crate::records::identity::challenge::ChallengeDetails;
use crate::records::identity::challenge::ChallengeField;
use crate::records::identity::challenge::ChallengeStatus;
use crate::records::identity::decision::{Decision, Reason};
use crate::state::challenges::announce;

/// How long a challenge can be answered, by default and at most (documented by Twilio).
pub(crate) const DEFAULT_LIFE: TimeDelta = TimeDelta::minutes(5);
const MAX_LIFE: TimeDelta = TimeDelta::minutes(60);

impl Challenge {
    /// A new, pending challenge.
    pub(crate) fn new(
        call: &mut Call<'_>,
        service_sid: ServiceSid,
        factor_type: FactorType,
    ) -> Self {
        Self {
            sid: call.account.draw.sid(),
            service_sid,
            entity_sid: None,
            identity: None,
            factor_sid: None,
            factor_type,
            status: ChallengeStatus::Pending,
            responded_reason: Reason::None,
            details: None,
            hidden_details: None,
            metadata: None,
            date_created: call.date(),
            date_updated: call.date(),
            date_responded: None,
            expiration_date: shifted(call.date(), DEFAULT_LIFE),
            request: None,
        }
    }

    pub(crate) fn body(&self, call: &Call<'_>) -> Value {
        let url = self.identity.as_deref().map(|identity| {
            let entity = Entity::url(call, self.service_sid, identity);
            format!("{entity}/Challenges/{}", self.sid)
        });
        json!({
            "sid": self.sid,
            "account_sid": call.account_sid(),
            "service_sid": self.service_sid,
            "entity_sid": self.entity_sid,
            "identity": self.identity,
            "factor_sid": self.factor_sid,
            "date_created": self.date_created,
            "date_updated": self.date_updated,
            "date_responded": self.date_responded,
            "expiration_date": self.expiration_date,
            "status": self.status,
            "responded_reason": self.responded_reason,
            "details": self.details,
            "hidden_details": self.hidden_details,
            "metadata": self.metadata,
            "factor_type": self.factor_type,
            "links": url.as_ref().map(|url| json!({ "notifications": format!("{url}/Notifications") })),
            "url": url,
        })
    }
}

/// Stores a new challenge.
pub(crate) fn add(call: &mut Call<'_>, challenge: Challenge) {
    call.account.pending.insert_challenge(&challenge);
    call.account.challenges.insert(challenge);
}

/// The challenge of the path, which must be the entity's.
pub(crate) fn of_path<'c>(call: &'c Call<'_>, name: &str) -> Result<&'c Challenge, ApiError> {
    let entity = entities::of_path(call)?.sid;
    let challenge = call.account.challenges.get(&call.key(name)?);
    challenge
        .filter(|challenge| challenge.entity_sid == Some(entity))
        .ok_or_else(|| call.not_found())
}

pub(crate) fn create(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Parameters {
        factor_sid: FactorSid,
        expiration_date: Option<DateTime<Utc>>,
        #[serde(rename = "Details.Message")]
        message: Option<String>,
        #[serde(rename = "Details.Fields")]
        fields: Option<Vec<ChallengeField>>,
        hidden_details: Option<Map<String, Value>>,
        auth_payload: Option<String>,
    }

    let entity = entities::of_path(call)?.clone();
    let parameters: Parameters = call.read()?;
    let (date, now) = (call.date(), call.now);
    let expiration_date = match parameters.expiration_date {
        None => shifted(date, DEFAULT_LIFE),
        Some(expiration) if expiration <= now || expiration > shifted(now, MAX_LIFE) => {
            return Err(ApiError::invalid_parameter("ExpirationDate"));
        }
        Some(expiration) => expiration.trunc_subsecs(0),
    };
    let service = call.account.services.get(&entity.service_sid);
    let includes_date = service.is_some_and(|service| service.settings.push_include_date());
    let factor = call.account.factors.get_mut(&parameters.factor_sid);
    let factor = factor
        .filter(|factor| factor.entity_sid == entity.sid)
        .ok_or_else(|| ApiError::invalid_factor("FactorSid is not a factor of this entity"))?;
    if !factor.is_verified() {
        return Err(ApiError::factor_not_verified());
    }
    let is_right = match &mut factor.kind {
        FactorKind::Push(_) if parameters.message.is_none() => {
            return Err(ApiError::missing_parameter("Details.Message"));
        }
        FactorKind::Push(_) => false,
        FactorKind::Totp(totp) => {
            let code = parameters.auth_payload.as_deref();
            code.is_some_and(|code| totp.accept(code, now))
        }
        FactorKind::Passkeys(_) => {
            return Err(ApiError::invalid_factor(
                "challenges of passkeys are created at Passkeys/Challenges",
            ));
        }
    };
    let factor_type = factor.kind.factor_type();

    let mut challenge = Challenge::new(call, entity.service_sid, factor_type);
    challenge.entity_sid = Some(entity.sid);
    challenge.identity = Some(entity.identity);
    challenge.factor_sid = Some(parameters.factor_sid);
    challenge.expiration_date = expiration_date;
    challenge.hidden_details = parameters.hidden_details;
    if parameters.message.is_some() || parameters.fields.is_some() {
        challenge.details = Some(ChallengeDetails {
            message: parameters.message,
            fields: parameters.fields,
            date: includes_date.then_some(date),
        });
    }
    if is_right {
        challenge.respond(Decision::Approved, Reason::None, date);
        announce(call.account, &challenge);
    }
    let body = challenge.body(call);
    add(call, challenge);
    ApiResponse::created(&body)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Parameters {
        factor_sid: Option<FactorSid>,
        status: Option<ChallengeStatus>,
        order: Option<ListOrder>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum ListOrder {
        Asc,
        Desc,
    }

    let entity = Some(entities::of_path(call)?.sid);
    let parameters: Parameters = call.read()?;
    let order = match parameters.order {
        None | Some(ListOrder::Asc) => Order::OldestFirst,
        Some(ListOrder::Desc) => Order::NewestFirst,
    };
    list::table_page(
        call,
        "challenges",
        &call.account.challenges,
        order,
        |challenge| {
            let (status, factor) = (parameters.status, parameters.factor_sid);
            challenge.entity_sid == entity
                && status.is_none_or(|status| challenge.status == status)
                && factor.is_none_or(|factor| challenge.factor_sid == Some(factor))
        },
        |challenge| challenge.body(call),
    )
}

pub(crate) fn fetch(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    ApiResponse::ok(&of_path(call, "Sid")?.body(call))
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Parameters {
        auth_payload: Option<String>,
        metadata: Option<Map<String, Value>>,
    }

    let mut challenge = of_path(call, "Sid")?.clone();
    let parameters: Parameters = call.read()?;
    let payload =
        parameters.auth_payload.ok_or_else(|| ApiError::missing_parameter("AuthPayload"))?;
    if challenge.status != ChallengeStatus::Pending {
        return Err(ApiError::invalid_factor("the challenge is not pending"));
    }
    let (date, now) = (call.date(), call.now);
    let factor = challenge.factor_sid.as_ref();
    let factor = factor.and_then(|sid| call.account.factors.get_mut(sid));
    let factor = factor.ok_or_else(|| ApiError::invalid_factor("its factor is deleted"))?;
    let response = match &mut factor.kind {
        FactorKind::Push(device) => device
            .response(challenge.sid, &payload, now)
            .map(|response| (response.status, response.responded_reason)),
        FactorKind::Totp(totp) => {
            totp.accept(&payload, now).then_some((Decision::Approved, Reason::None))
        }
        FactorKind::Passkeys(_) => {
            return Err(ApiError::invalid_factor(
                "challenges of passkeys are approved at Passkeys/ApproveChallenge",
            ));
        }
    };
    let (decision, reason) = response.ok_or_else(ApiError::challenge_failed)?;
    challenge.respond(decision, reason, date);
    challenge.metadata = parameters.metadata;
    announce(call.account, &challenge);
    replace(call, &challenge);
    ApiResponse::ok(&challenge.body(call))
}

/// Stores a changed challenge.
pub(crate) fn replace(call: &mut Call<'_>, challenge: &Challenge) {
    if let Some(stored) = call.account.challenges.get_mut(&challenge.sid) {
        stored.clone_from(challenge);
    }
}
