//! `/v2/Services/{ServiceSid}/AccessTokens`: tokens by which a device registers itself as a push factor.
//!
//! The token is a JSON Web Token, signed with HS256 by the account's auth token. Its claims are assumed: `jti` (its
//! SID), `iss` and `sub` (the account), `iat`, `nbf`, `exp`, and `grants`, which lists what may be created.
//!
//! A device uses it once, in place of the account's credentials, as the password of the user `token` (assumed).

use chrono::TimeDelta;
use http::Method;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

use crate::app::shared::Shared;
use crate::contract::error::ApiError;
use crate::operations::calls::call::Call;
use crate::operations::calls::response::ApiResponse;
use crate::operations::identity::entities;
use crate::records::identity::factor::FactorType;
use crate::records::identity::jwt;
use crate::time::clock::shifted;
use crate::values::sid::AccessTokenSid;

use crate::records::identity::access_token::AccessToken;

/// How many seconds a token is valid (documented by Twilio).
const DEFAULT_TTL: u32 = 300;

/// The access token that authorizes a request without the account's credentials.
pub(crate) fn granting(
    app: &Shared,
    method: &Method,
    path: &str,
    token: &str,
) -> Option<AccessTokenSid> {
    let sid = jwt::unverified::<Claims>(token)?.jti;
    let now = app.settings.clock.now();
    let account = app.account();
    let own = account.access_tokens.get(&sid)?;
    let is_valid =
        !own.is_used && now < shifted(own.date_created, TimeDelta::seconds(own.ttl.into()));
    // The signed token is known here: comparing it checks the signature too.
    let is_own = own.token(app).as_bytes().ct_eq(token.as_bytes());
    let is_granted = method == Method::POST && path.strip_prefix("/v2") == Some(&own.resource());
    (is_valid && is_granted && bool::from(is_own)).then_some(sid)
}

impl AccessToken {
    /// The path, below `/v2`, of the list to which a factor may be added.
    fn resource(&self) -> String {
        format!("/Services/{}/Entities/{}/Factors", self.service_sid, self.identity)
    }

    fn token(&self, app: &Shared) -> String {
        let begin = self.date_created.timestamp();
        jwt::sign(
            json!({ "typ": "JWT" }),
            &json!({
                "jti": self.sid,
                "iss": app.settings.account_sid,
                "sub": app.settings.account_sid,
                "iat": begin,
                "nbf": begin,
                "exp": begin + i64::from(self.ttl),
                "grants": { "api": { "verify_v2": [{ "act": ["create"], "res": self.resource() }] } },
            }),
            app.settings.auth_token.expose_secret().as_bytes(),
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
            "token": self.token(call.app),
            "url": call.url(format_args!("/v2/Services/{}/AccessTokens/{}", self.service_sid, self.sid)),
            "ttl": self.ttl,
            "date_created": self.date_created,
        })
    }
}

/// The claims that identify a token.
#[derive(Deserialize)]
struct Claims {
    jti: AccessTokenSid,
}

/// Uses up the access token that authorized a request, if one did. Returns the name that it has for the factor.
pub(crate) fn redeem(
    call: &mut Call<'_>,
    factor_type: FactorType,
) -> Result<Option<String>, ApiError> {
    let token = call.access_token.and_then(|sid| call.account.access_tokens.get_mut(&sid));
    match token {
        None => Ok(None),
        // Two devices used it at the same time.
        Some(token) if token.is_used => Err(ApiError::unauthenticated()),
        Some(token) if token.factor_type != factor_type => {
            Err(ApiError::invalid_factor("the access token is for another type"))
        }
        Some(token) => {
            token.is_used = true;
            Ok(token.factor_friendly_name.clone())
        }
    }
}

pub(crate) fn create(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
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
        sid: call.account.draw.sid(),
        service_sid,
        identity: parameters.identity,
        factor_type: parameters.factor_type,
        factor_friendly_name: parameters.factor_friendly_name,
        ttl: parameters.ttl.unwrap_or(DEFAULT_TTL),
        date_created: call.date(),
        is_used: false,
    };
    let body = token.body(call);
    call.account.access_tokens.insert(token);
    ApiResponse::created(&body)
}

pub(crate) fn fetch(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let service_sid = call.service()?;
    let token = call.account.access_tokens.get(&call.key("Sid")?);
    let token = token.filter(|token| token.service_sid == service_sid);
    ApiResponse::ok(&token.ok_or_else(|| call.not_found())?.body(call))
}
