//! Services and their settings.

use chrono::{DateTime, SubsecRound, Utc};
use serde::{Deserialize, Serialize};

use crate::tables::parent::Parent;
use crate::tables::table::Record;
use crate::values::sid::ServiceSid;

/// The default length of a code, in digits (documented by Twilio).
const DEFAULT_CODE_LENGTH: u8 = 6;

/// A service.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Service {
    pub(crate) sid: ServiceSid,
    pub(crate) date_created: DateTime<Utc>,
    pub(crate) date_updated: DateTime<Utc>,
    pub(crate) settings: ServiceSettings,
}

impl Record for Service {
    type Key = ServiceSid;

    fn key(&self) -> ServiceSid {
        self.sid
    }

    fn is_within(&self, _: &Parent) -> bool {
        false
    }
}

/// The settings of a service, by the names of the parameters. `None` means never set.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ServiceSettings {
    pub(crate) friendly_name: Option<String>,
    pub(crate) code_length: Option<u8>,
    pub(crate) lookup_enabled: Option<bool>,
    pub(crate) skip_sms_to_landlines: Option<bool>,
    pub(crate) dtmf_input_required: Option<bool>,
    pub(crate) tts_name: Option<String>,
    pub(crate) psd2_enabled: Option<bool>,
    pub(crate) do_not_share_warning_enabled: Option<bool>,
    pub(crate) custom_code_enabled: Option<bool>,
    #[serde(rename = "Push.IncludeDate")]
    pub(crate) push_include_date: Option<bool>,
    #[serde(rename = "Push.ApnCredentialSid")]
    pub(crate) push_apn_credential_sid: Option<String>,
    #[serde(rename = "Push.FcmCredentialSid")]
    pub(crate) push_fcm_credential_sid: Option<String>,
    #[serde(rename = "Totp.Issuer")]
    pub(crate) totp_issuer: Option<String>,
    #[serde(rename = "Totp.TimeStep")]
    pub(crate) totp_time_step: Option<u32>,
    #[serde(rename = "Totp.CodeLength")]
    pub(crate) totp_code_length: Option<u32>,
    #[serde(rename = "Totp.Skew")]
    pub(crate) totp_skew: Option<u32>,
    pub(crate) default_template_sid: Option<String>,
    #[serde(rename = "Whatsapp.MsgServiceSid")]
    pub(crate) whatsapp_msg_service_sid: Option<String>,
    #[serde(rename = "Whatsapp.From")]
    pub(crate) whatsapp_from: Option<String>,
    #[serde(rename = "Passkeys.RelyingParty.Id")]
    pub(crate) passkeys_relying_party_id: Option<String>,
    #[serde(rename = "Passkeys.RelyingParty.Name")]
    pub(crate) passkeys_relying_party_name: Option<String>,
    #[serde(rename = "Passkeys.RelyingParty.Origins")]
    pub(crate) passkeys_relying_party_origins: Option<String>,
    #[serde(rename = "Passkeys.AuthenticatorAttachment")]
    pub(crate) passkeys_authenticator_attachment: Option<String>,
    #[serde(rename = "Passkeys.DiscoverableCredentials")]
    pub(crate) passkeys_discoverable_credentials: Option<String>,
    #[serde(rename = "Passkeys.UserVerification")]
    pub(crate) passkeys_user_verification: Option<String>,
    pub(crate) verify_event_subscription_enabled: Option<bool>,
}

/// For each field, keeps the older value if the newer one is not set.
macro_rules! or_old {
    ($new:ident, $old:ident, $($field:ident)+) => {
        $($new.$field = $new.$field.or_else(|| $old.$field.clone());)+
    };
}

/// Whether a service can have this name (documented by Twilio): 1 to 30 letters, digits, spaces, dashes and
/// underscores, at most 4 of them digits. That letters of any alphabet are valid is assumed.
pub(crate) fn is_service_name(name: &str) -> bool {
    let is_digit = |character: &char| character.is_numeric();
    (1..=30).contains(&name.chars().count())
        && name.chars().filter(is_digit).count() <= 4
        && name
            .chars()
            .all(|character| character.is_alphanumeric() || matches!(character, ' ' | '-' | '_'))
}

impl ServiceSettings {
    /// Whether SMS to landlines are rejected, which requires lookup.
    pub(crate) fn skips_landlines(&self) -> bool {
        self.skip_sms_to_landlines == Some(true) && self.lookup_enabled == Some(true)
    }

    /// Merges these settings with older ones; these take precedence.
    pub(crate) fn over(mut self, old: &Self) -> Self {
        or_old!(self, old,
            friendly_name code_length lookup_enabled skip_sms_to_landlines dtmf_input_required tts_name
            psd2_enabled do_not_share_warning_enabled custom_code_enabled push_include_date
            push_apn_credential_sid push_fcm_credential_sid totp_issuer totp_time_step totp_code_length
            totp_skew default_template_sid whatsapp_msg_service_sid whatsapp_from passkeys_relying_party_id
            passkeys_relying_party_name passkeys_relying_party_origins passkeys_authenticator_attachment
            passkeys_discoverable_credentials passkeys_user_verification verify_event_subscription_enabled);
        self
    }

    pub(crate) fn code_length(&self) -> u8 {
        self.code_length.unwrap_or(DEFAULT_CODE_LENGTH)
    }

    pub(crate) fn friendly_name(&self) -> &str {
        self.friendly_name.as_deref().unwrap_or_default()
    }

    /// Returns the issuer of TOTP codes, as an authenticator app shows it.
    pub(crate) fn totp_issuer(&self) -> &str {
        self.totp_issuer.as_deref().unwrap_or(self.friendly_name())
    }

    /// Whether the details of a challenge include its date.
    pub(crate) fn push_include_date(&self) -> bool {
        self.push_include_date.unwrap_or(false)
    }

    /// Returns the origins at which passkeys may be used.
    pub(crate) fn passkeys_origins(&self) -> Option<Vec<String>> {
        let origins = self.passkeys_relying_party_origins.as_deref()?;
        Some(origins.split(',').map(|origin| origin.trim().into()).collect())
    }

    pub(crate) fn passkeys_authenticator_attachment(&self) -> &str {
        let attachment = self.passkeys_authenticator_attachment.as_deref();
        attachment.unwrap_or("platform")
    }

    pub(crate) fn passkeys_discoverable_credentials(&self) -> &str {
        let requirement = self.passkeys_discoverable_credentials.as_deref();
        requirement.unwrap_or("preferred")
    }

    pub(crate) fn passkeys_user_verification(&self) -> &str {
        let requirement = self.passkeys_user_verification.as_deref();
        requirement.unwrap_or("preferred")
    }

    /// Returns the time step in seconds.
    pub(crate) fn totp_time_step(&self) -> u32 {
        self.totp_time_step.unwrap_or(30)
    }

    /// Returns the length of a code in digits.
    pub(crate) fn totp_code_length(&self) -> u32 {
        self.totp_code_length.unwrap_or(6)
    }

    /// Returns the accepted deviation in steps.
    pub(crate) fn totp_skew(&self) -> u32 {
        self.totp_skew.unwrap_or(1)
    }
}

impl Service {
    /// Creates a service with default settings.
    pub(crate) fn new(sid: ServiceSid, friendly_name: &str, now: DateTime<Utc>) -> Self {
        let date = now.trunc_subsecs(0);
        Self {
            sid,
            date_created: date,
            date_updated: date,
            settings: ServiceSettings {
                friendly_name: Some(friendly_name.into()),
                ..ServiceSettings::default()
            },
        }
    }
}
