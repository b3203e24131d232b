//! Parameters of a new device with a push factor.

use std::ops::RangeInclusive;

use serde::Deserialize;

use crate::contract::error::ApiError;
use crate::records::identity::device::{Device, Platform};
use crate::records::identity::jwt;

/// The parameters of a new device.
#[derive(Deserialize)]
pub(crate) struct NewDevice {
    #[serde(rename = "Binding.Alg")]
    alg: Option<String>,
    #[serde(rename = "Binding.PublicKey")]
    public_key: Option<String>,
    #[serde(rename = "Config.AppId")]
    app_id: Option<String>,
    #[serde(rename = "Config.NotificationPlatform")]
    notification_platform: Option<Platform>,
    #[serde(rename = "Config.NotificationToken")]
    notification_token: Option<String>,
    #[serde(rename = "Config.SdkVersion")]
    sdk_version: Option<String>,
}

/// The lengths of the values of a device, in characters (documented by Twilio).
const APP_ID_LENGTHS: RangeInclusive<usize> = 1..=100;
const TOKEN_LENGTHS: RangeInclusive<usize> = 32..=255;

impl NewDevice {
    /// Checks that all required parameters are there and valid.
    pub(crate) fn check(self) -> Result<Device, ApiError> {
        let new = self;
        let required = |value: Option<String>, name| {
            value.filter(|value| !value.is_empty()).ok_or_else(|| ApiError::missing_parameter(name))
        };
        if required(new.alg, "Binding.Alg")? != "ES256" {
            return Err(ApiError::invalid_parameter("Binding.Alg"));
        }
        let public_key = required(new.public_key, "Binding.PublicKey")?;
        if jwt::public_key(&public_key).is_none() {
            return Err(ApiError::invalid_parameter("Binding.PublicKey"));
        }
        let app_id = required(new.app_id, "Config.AppId")?;
        if !APP_ID_LENGTHS.contains(&app_id.chars().count()) {
            return Err(ApiError::invalid_parameter("Config.AppId"));
        }
        let notification_platform = new
            .notification_platform
            .ok_or_else(|| ApiError::missing_parameter("Config.NotificationPlatform"))?;
        let notification_token = match notification_platform {
            Platform::None => new.notification_token,
            Platform::Apn | Platform::Fcm => {
                Some(required(new.notification_token, "Config.NotificationToken")?)
            }
        };
        check_token(notification_token.as_deref())?;
        Ok(Device {
            public_key,
            app_id,
            notification_platform,
            notification_token,
            sdk_version: required(new.sdk_version, "Config.SdkVersion")?,
        })
    }
}

/// Checks the token by which a platform addresses a device, if there is one.
pub(crate) fn check_token(token: Option<&str>) -> Result<(), ApiError> {
    match token.is_none_or(|token| TOKEN_LENGTHS.contains(&token.chars().count())) {
        true => Ok(()),
        false => Err(ApiError::invalid_parameter("Config.NotificationToken")),
    }
}
