//! `/v2/Services/{ServiceSid}/AccessTokens`: what lets a device register itself as a push factor.
//!
//! The token is a JSON Web Token, signed with HS256 by the account's auth token. Its claims are assumed: `jti` (its
//! SID), `iss` and `sub` (the account), `iat`, `nbf`, `exp`, and `grants`, which names what may be created.

use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::entities;
use super::factors::FactorType;
use crate::call::{Answer, Call};
use crate::error::ApiError;
use crate::jwt;
use crate::sid::{AccessTokenSid, ServiceSid};
use crate::state::{Parent, Record};

/// For how many seconds a token is valid (documented by Twilio).
const DEFAULT_TTL: u32 = 300;

/// What a token is made of. The token itself is not kept: it can be signed again.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct AccessToken {
    sid: AccessTokenSid,
    service_sid: ServiceSid,
    identity: String,
    factor_type: FactorType,
    factor_friendly_name: Option<String>,
    ttl: u32,
    date_created: DateTime<Utc>,
}

impl Record for AccessToken {
    type Key = AccessTokenSid;

    fn key(&self) -> AccessTokenSid {
        self.sid
    }

    fn is_within(&self, parent: &Parent) -> bool {
        matches!(parent, Parent::Service(sid) if self.service_sid == *sid)
    }
}

impl AccessToken {
    fn token(&self, call: &Call<'_>) -> String {
        let begin = self.date_created.timestamp();
        let resource = format!(
            "/Services/{}/Entities/{}/Factors",
            self.service_sid, self.identity
        );
        jwt::sign(
            json!({ "typ": "JWT" }),
            &json!({
                "jti": self.sid,
                "iss": call.account_sid(),
                "sub": call.account_sid(),
                "iat": begin,
                "nbf": begin,
                "exp": begin + i64::from(self.ttl),
                "grants": { "api": { "verify_v2": [{ "act": ["create"], "res": resource }] } },
            }),
            call.app.settings.auth_token.expose_secret().as_bytes(),
        )
    }

    fn body(&self, call: &Call<'_>) -> Value {
        json!({
            "sid": self.sid,
            "account_sid": call.account_sid(),
            "service_sid": self.service_sid,
            "entity_identity": self.identity,
            "factor_type": self.factor_type,
            "factor_friendly_name": self.factor_friendly_name,
            "token": self.token(call),
            "url": call.url(format_args!("/v2/Services/{}/AccessTokens/{}", self.service_sid, self.sid)),
            "ttl": self.ttl,
            "date_created": self.date_created,
        })
    }
}

pub(crate) fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Parameters {
        identity: String,
        factor_type: FactorType,
        factor_friendly_name: Option<String>,
        ttl: Option<u32>,
    }

    let service_sid = call.service()?;
    let parameters: Parameters = call.read()?;
    entities::check_identity("Identity", &parameters.identity)?;
    let token = AccessToken {
        sid: call.state.draw.sid(),
        service_sid,
        identity: parameters.identity,
        factor_type: parameters.factor_type,
        factor_friendly_name: parameters.factor_friendly_name,
        ttl: parameters.ttl.unwrap_or(DEFAULT_TTL),
        date_created: call.date(),
    };
    let body = token.body(call);
    call.state.access_tokens.insert(token);
    Answer::created(&body)
}

pub(crate) fn fetch(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let service_sid = call.service()?;
    let token = call.state.access_tokens.get(&call.key("Sid")?);
    let token = token.filter(|token| token.service_sid == service_sid);
    Answer::ok(&token.ok_or_else(|| call.not_found())?.body(call))
}
