//! Devices that receive pushes. The tokens that Twilio's SDK for devices signs are not documented; the tokens here are
//! assumed: JSON Web Tokens, signed with ES256 by the registered key of the device.
//!
//! | `AuthPayload` of | claims |
//! |---|---|
//! | a factor | `sid`: the factor's SID |
//! | a challenge | `sid`: the challenge's SID; `status`: `approved` or `denied`; `responded_reason`: left out or `none`, `not_needed`, `not_requested` |
//!
//! In both, `exp` is optional; from that second on, a token is not accepted. Other claims are ignored.

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::records::identity::decision::{Decision, Reason};
use crate::records::identity::jwt;
use crate::values::sid::{ChallengeSid, FactorSid};

/// The platform that delivers pushes to a device.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Platform {
    Apn,
    Fcm,
    /// No platform: the device polls for its challenges.
    None,
}

/// A device. It has no `Debug`, because its platform token lets others reach it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Device {
    /// The public key, on the curve P-256: its DER form in base64, as received.
    pub(crate) public_key: String,
    pub(crate) app_id: String,
    pub(crate) notification_platform: Platform,
    pub(crate) notification_token: Option<String>,
    pub(crate) sdk_version: String,
}

/// The changes in a request; omitted fields are unchanged.
#[derive(Deserialize)]
pub(crate) struct DeviceUpdate {
    #[serde(rename = "Config.NotificationPlatform")]
    notification_platform: Option<Platform>,
    #[serde(rename = "Config.NotificationToken")]
    pub(crate) notification_token: Option<String>,
    #[serde(rename = "Config.SdkVersion")]
    sdk_version: Option<String>,
}

/// The claims of a token that a device signed.
#[derive(Deserialize)]
struct Claims<S, A> {
    sid: S,
    exp: Option<i64>,
    #[serde(flatten)]
    response: A,
}

/// The response to a challenge, in a token.
#[derive(Deserialize)]
pub(crate) struct DeviceResponse {
    pub(crate) status: Decision,
    #[serde(default)]
    pub(crate) responded_reason: Reason,
}

#[derive(Deserialize)]
struct Nothing {}

impl Device {
    pub(crate) fn change(&mut self, update: DeviceUpdate) {
        if let Some(platform) = update.notification_platform {
            self.notification_platform = platform;
        }
        if let Some(version) = update.sdk_version {
            self.sdk_version = version;
        }
        self.notification_token =
            update.notification_token.or_else(|| self.notification_token.take());
    }

    pub(crate) fn config(&self) -> Value {
        json!({
            "sdk_version": self.sdk_version,
            "app_id": self.app_id,
            "notification_platform": self.notification_platform,
            "notification_token": self.notification_token,
        })
    }

    pub(crate) fn binding(&self) -> Value {
        json!({ "alg": "ES256", "public_key": self.public_key })
    }

    /// Whether the device signed the SID of this factor.
    pub(crate) fn proves(&self, sid: FactorSid, token: &str, now: DateTime<Utc>) -> bool {
        let claims = self.verified::<Claims<FactorSid, Nothing>>(token);
        claims.is_some_and(|claims| claims.sid == sid && claims.holds(now))
    }

    /// Returns the response to a challenge, if the device signed it.
    pub(crate) fn response(
        &self,
        sid: ChallengeSid,
        token: &str,
        now: DateTime<Utc>,
    ) -> Option<DeviceResponse> {
        let claims = self.verified::<Claims<ChallengeSid, DeviceResponse>>(token)?;
        (claims.sid == sid && claims.holds(now)).then_some(claims.response)
    }

    fn verified<T: DeserializeOwned>(&self, token: &str) -> Option<T> {
        jwt::verified(token, &jwt::public_key(&self.public_key)?)
    }
}

impl<S, A> Claims<S, A> {
    fn holds(&self, now: DateTime<Utc>) -> bool {
        self.exp.is_none_or(|exp| now.timestamp() < exp)
    }
}
