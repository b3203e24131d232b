//! `/v2/Services/{ServiceSid}/AccessTokens`: tokens with which a device registers itself as a push factor.
//!
//! Like Twilio's, the token is encrypted, so that clients cannot read it: it is a JSON Web Encryption with `dir` and
//! `A256GCM`. Its key and its claims are the emulator's own.
//!
//! A device uses it once, instead of the account's credentials, as the password of the user `token` (assumed).

use std::ops::RangeInclusive;

use aws_lc_rs::digest::{Digest, SHA256, digest};
use chrono::TimeDelta;
use http::Method;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::shared::Shared;
use crate::contract::code::Code;
use crate::contract::error::ApiError;
use crate::operations::calls::call::Call;
use crate::operations::calls::response::ApiResponse;
use crate::operations::identity::entities;
use crate::records::identity::factor::FactorType;
use crate::records::identity::jwt;
use crate::time::clock::shifted;
use crate::values::sid::{AccessTokenSid, ServiceSid};

use crate::records::identity::access_token::AccessToken;

/// The valid lifetimes of a token in seconds, and the default (documented by Twilio).
const TTL: RangeInclusive<u32> = 60..=300;
const DEFAULT_TTL: u32 = 60;

/// Returns the access token that authorizes a request without the account's credentials: the creation of a factor.
pub(crate) fn granting(
    app: &Shared,
    method: &Method,
    path: &str,
    token: &str,
) -> Option<AccessTokenSid> {
    let segments: Vec<&str> = path.split('/').collect();
    let creates_factor = method == Method::POST
        && matches!(segments[..], ["", "v2", "Services", _, "Entities", _, "Factors"]);
    let sid = jwt::decrypted::<Claims>(token, key(app).as_ref()).filter(|_| creates_factor)?.jti;
    let now = app.settings.clock.now();
    let account = app.account();
    let own = account.access_tokens.get(&sid)?;
    let is_valid =
        !own.is_used && now < shifted(own.date_created, TimeDelta::seconds(own.ttl.into()));
    is_valid.then_some(sid)
}

/// Derives the key that encrypts tokens.
fn key(app: &Shared) -> Digest {
    digest(&SHA256, app.settings.auth_token.expose_secret().as_bytes())
}

impl AccessToken {
    fn token(&self, app: &Shared) -> Option<String> {
        // Each token has its own SID, so a nonce that is derived from it is used once.
        let nonce = digest(&SHA256, self.sid.to_string().as_bytes());
        let header = json!({ "cty": "twilio-fpa;v=1", "typ": "JWT" });
        jwt::encrypted(header, &json!({ "jti": self.sid }), key(app).as_ref(), nonce.as_ref())
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

/// Uses up the access token that authorized a request, if there is one. Returns the name that it has for the factor.
pub(crate) fn redeem(
    call: &mut Call<'_>,
    service_sid: ServiceSid,
    identity: &str,
    factor_type: FactorType,
) -> Result<Option<String>, ApiError> {
    let token = call.access_token.and_then(|sid| call.account.access_tokens.get_mut(&sid));
    match token {
        None => Ok(None),
        // Two devices have used the token at the same time.
        Some(token) if token.is_used => Err(ApiError::unauthenticated()),
        Some(token)
            if token.factor_type != factor_type
                || token.service_sid != service_sid
                || token.identity != identity =>
        {
            Err(Code::FactorNotGranted.into())
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
    let ttl = parameters.ttl.unwrap_or(DEFAULT_TTL);
    if !TTL.contains(&ttl) {
        return Err(ApiError::invalid_parameter("Ttl"));
    }
    let token = AccessToken {
        sid: call.account.draw.sid(),
        service_sid,
        identity: parameters.identity,
        factor_type: parameters.factor_type,
        factor_friendly_name: parameters.factor_friendly_name,
        ttl,
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
