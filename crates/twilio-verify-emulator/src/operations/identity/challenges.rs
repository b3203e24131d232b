//! `/v2/Services/{ServiceSid}/Entities/{Identity}/Challenges`: challenges that are answered with a factor.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::operations::identity::{entities, factors};
use crate::records::entity::Entity;
use crate::records::identity::factor::FactorKind;
use crate::records::identity::factor::FactorType;

use crate::app::variant::Variant;
use crate::contract::code::Code;
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
use crate::state::pending::Created;

/// The default and the maximum time in which a challenge can be answered (documented by Twilio).
pub(crate) const DEFAULT_LIFE: TimeDelta = TimeDelta::minutes(5);
const MAX_LIFE: TimeDelta = TimeDelta::minutes(60);

impl Challenge {
    /// Creates a pending challenge.
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
            wrong_codes: 0,
            notifications: 0,
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

/// The limits on creating challenges of a TOTP factor (documented by Twilio): the maximum, and the window in hours. The
/// first list is for codes of up to 4 digits.
const MAX_SHORT: &[(usize, u32)] = &[(10, 24)];
const MAX_LONG: &[(usize, u32)] = &[(50, 1), (100, 24)];
const SHORT_CODE: u32 = 4;

/// The maximum number of wrong codes for a challenge (documented by Twilio).
const MAX_WRONG_CODES: u32 = 5;

/// The limits of details, in characters and in fields (documented by Twilio).
const MESSAGE_LENGTH: usize = 256;
const FIELDS: usize = 20;
const LABEL_LENGTH: usize = 36;
const VALUE_LENGTH: usize = 128;

/// Counts the creation of a challenge of a factor, if it is within the limits. Pushes have no codes, and so no limits.
fn count_creation(
    call: &mut Call<'_>,
    factor: FactorSid,
    kind: &FactorKind,
) -> Result<(), ApiError> {
    let limits = match kind {
        FactorKind::Totp(totp) if totp.code_length() <= SHORT_CODE => MAX_SHORT,
        FactorKind::Totp(_) => MAX_LONG,
        FactorKind::Push(_) | FactorKind::Passkeys(_) => return Ok(()),
    };
    let (now, created) = (call.request.now, &mut call.account.pending.created);
    for (most, hours) in limits {
        let window = TimeDelta::hours((*hours).into());
        let key = Created::ChallengesOf(factor, *hours);
        if created.full_for(&key, *most, window, now).is_some() {
            return Err(Code::MaxChallenges.into());
        }
    }
    for (_, hours) in limits {
        let window = TimeDelta::hours((*hours).into());
        created.count(Created::ChallengesOf(factor, *hours), window, now);
    }
    Ok(())
}

/// Checks the details that a user is shown.
fn check_details(
    message: Option<&str>,
    fields: Option<&Vec<ChallengeField>>,
) -> Result<(), ApiError> {
    let fits = |text: &str, most: usize| text.chars().count() <= most;
    if message.is_some_and(|message| !fits(message, MESSAGE_LENGTH)) {
        return Err(ApiError::invalid_parameter("Details.Message"));
    }
    let are_good = |fields: &Vec<ChallengeField>| {
        let mut all = fields.iter();
        fields.len() <= FIELDS
            && all.all(|field| fits(&field.label, LABEL_LENGTH) && fits(&field.value, VALUE_LENGTH))
    };
    match fields.is_none_or(are_good) {
        true => Ok(()),
        false => Err(ApiError::invalid_parameter("Details.Fields")),
    }
}

/// Stores a new challenge.
pub(crate) fn add(call: &mut Call<'_>, challenge: Challenge) {
    call.account.pending.insert_challenge(&challenge);
    call.account.challenges.insert(challenge);
}

/// Returns the challenge in the path, or an error if the entity has no such challenge.
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
    check_details(parameters.message.as_deref(), parameters.fields.as_ref())?;
    factors::check_metadata("HiddenDetails", parameters.hidden_details.as_ref())?;
    let service = call.account.services.get(&entity.service_sid);
    let includes_date = service.is_some_and(|service| service.settings.push_include_date());
    let factor = call.account.factors.get(&parameters.factor_sid);
    let factor = factor
        .filter(|factor| factor.entity_sid == entity.sid)
        .ok_or_else(|| ApiError::invalid_request("FactorSid is not a factor of this entity"))?;
    if !factor.is_verified() {
        return Err(Code::FactorUnverified.into());
    }
    let mut kind = factor.kind.clone();
    match &kind {
        FactorKind::Push(_) if parameters.message.is_none() => {
            return Err(ApiError::missing_parameter("Details.Message"));
        }
        FactorKind::Passkeys(_) => {
            return Err(ApiError::invalid_request(
                "challenges of passkeys are created at Passkeys/Challenges",
            ));
        }
        FactorKind::Push(_) | FactorKind::Totp(_) => {}
    }
    let code = parameters.auth_payload.as_deref();
    if let Some(code) = code {
        factors::check_payload(&kind, code)?;
    }
    count_creation(call, parameters.factor_sid, &kind)?;
    let is_right = match (&mut kind, code) {
        (FactorKind::Totp(totp), Some(code)) => totp.accept(code, now),
        _ => false,
    };
    let is_wrong = !is_right && code.is_some() && kind.factor_type() == FactorType::Totp;
    let factor_type = kind.factor_type();
    if let Some(factor) = call.account.factors.get_mut(&parameters.factor_sid) {
        factor.kind = kind;
    }

    let mut challenge = Challenge::new(call, entity.service_sid, factor_type);
    challenge.entity_sid = Some(entity.sid);
    challenge.identity = Some(entity.identity);
    challenge.factor_sid = Some(parameters.factor_sid);
    challenge.expiration_date = expiration_date;
    challenge.hidden_details = parameters.hidden_details;
    challenge.wrong_codes = u32::from(is_wrong);
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
    factors::check_metadata("Metadata", parameters.metadata.as_ref())?;
    let payload =
        parameters.auth_payload.ok_or_else(|| ApiError::missing_parameter("AuthPayload"))?;
    check_pending(&challenge)?;
    let (date, now) = (call.date(), call.now);
    let factor = challenge.factor_sid.as_ref();
    let factor = factor.and_then(|sid| call.account.factors.get_mut(sid));
    let factor = factor.ok_or_else(|| ApiError::invalid_request("its factor is deleted"))?;
    factors::check_payload(&factor.kind, &payload)?;
    let response = match &mut factor.kind {
        FactorKind::Push(device) => device
            .response(challenge.sid, &payload, now)
            .map(|response| (response.status, response.responded_reason)),
        FactorKind::Totp(_) if challenge.wrong_codes >= MAX_WRONG_CODES => {
            return Err(Code::MaxChallengeTries.into());
        }
        FactorKind::Totp(totp) => {
            totp.accept(&payload, now).then_some((Decision::Approved, Reason::None))
        }
        FactorKind::Passkeys(_) => {
            return Err(ApiError::invalid_request(
                "challenges of passkeys are approved at Passkeys/ApproveChallenge",
            ));
        }
    };
    match response {
        Some((decision, reason)) => {
            challenge.respond(decision, reason, date);
            challenge.metadata = parameters.metadata;
            announce(call.account, &challenge);
        }
        None => {
            challenge.wrong_codes = challenge.wrong_codes.saturating_add(1);
            let is_code = challenge.factor_type == FactorType::Totp;
            if !is_code || call.app.settings.has(Variant::WrongTotpCodeForbidden) {
                replace(call, &challenge);
                return Err(Code::ChallengeFailed.into());
            }
        }
    }
    replace(call, &challenge);
    ApiResponse::ok(&challenge.body(call))
}

/// Checks that a challenge can still be answered.
pub(crate) fn check_pending(challenge: &Challenge) -> Result<(), ApiError> {
    match challenge.status {
        ChallengeStatus::Pending => Ok(()),
        ChallengeStatus::Expired => Err(Code::ChallengeExpired.into()),
        ChallengeStatus::Approved | ChallengeStatus::Denied => Err(Code::ChallengeAnswered.into()),
    }
}

/// Stores a changed challenge.
pub(crate) fn replace(call: &mut Call<'_>, challenge: &Challenge) {
    if let Some(stored) = call.account.challenges.get_mut(&challenge.sid) {
        stored.clone_from(challenge);
    }
}
