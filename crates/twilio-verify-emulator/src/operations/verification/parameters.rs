//! The parameters of a start, and the checks that the document does not declare.

use std::net::IpAddr;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::app::variant::Variant;
use crate::contract::code::Code;
use crate::contract::error::ApiError;
use crate::messages::code::is_code;
use crate::messages::outcome::Outcome;
use crate::operations::calls::call::Call;
use crate::records::service::ServiceSettings;
use crate::records::verification::Verification;
use crate::values::channel::Channel;
use crate::values::market;
use crate::values::phone_number::is_e164;
use crate::values::sid::TemplateSid;

/// The maximum length of a message and of its parts, in characters (documented by Twilio).
pub(crate) const MESSAGE_LENGTH: usize = 500;

/// The maximum length of `CustomFriendlyName`, in characters (documented by Twilio).
const NAME_LENGTH: usize = 30;

/// The maximum number of tags, and the maximum length of their names and values in characters (documented by Twilio).
const TAGS: usize = 10;
const TAG_LENGTH: usize = 128;

/// The parameters of a start.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StartParameters {
    pub(crate) to: String,
    channel: Method,
    pub(crate) custom_friendly_name: Option<String>,
    pub(crate) custom_message: Option<String>,
    pub(crate) locale: Option<String>,
    pub(crate) custom_code: Option<String>,
    pub(crate) amount: Option<String>,
    pub(crate) payee: Option<String>,
    pub(crate) app_hash: Option<String>,
    pub(crate) rate_limits: Option<Value>,
    pub(crate) template_sid: Option<TemplateSid>,
    pub(crate) template_custom_substitutions: Option<Map<String, Value>>,
    #[expect(dead_code, reason = "only checked: fraud guard is what the outcomes say")]
    pub(crate) device_ip: Option<IpAddr>,
    pub(crate) enable_sna_client_token: Option<bool>,
    pub(crate) risk_check: Option<String>,
    pub(crate) tags: Option<Map<String, Value>>,
}

/// The values of the parameter `Channel`. RCS cannot be requested: Twilio uses it for some messages of the channel
/// `sms`.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Method {
    Sms,
    Call,
    Email,
    Whatsapp,
    Sna,
    Auto,
}

impl StartParameters {
    /// Returns the channel to send by; `None` is silent network authentication. `auto` tries that first, once in a
    /// verification, and then SMS.
    pub(crate) fn channel(
        &self,
        call: &Call<'_>,
        settings: &ServiceSettings,
        outcome: Outcome,
        under_way: Option<&Verification>,
    ) -> Result<Option<Channel>, ApiError> {
        Ok(match self.channel {
            Method::Sms => Some(Channel::Sms),
            Method::Call => Some(Channel::Call),
            Method::Email => Some(Channel::Email),
            Method::Whatsapp => Some(Channel::Whatsapp),
            Method::Sna => None,
            Method::Auto if call.app.settings.has(Variant::NoAutoChannel) => {
                return Err(ApiError::invalid_parameter("Channel"));
            }
            Method::Auto => {
                let mut sends = under_way.iter().flat_map(|verification| &verification.sends);
                let is_landline = outcome == Outcome::Landline;
                let sna = market::carrier(&self.to).is_some()
                    && !is_landline
                    && settings.psd2_enabled != Some(true)
                    && !sends.any(|send| send.channel.is_none());
                if !sna && is_landline && settings.skips_landlines() {
                    return Err(Code::NoAutoChannel.into());
                }
                (!sna).then_some(Channel::Sms)
            }
        })
    }

    /// Checks what the document does not declare, using the settings of the service and of the account.
    pub(crate) fn check(
        &self,
        call: &Call<'_>,
        settings: &ServiceSettings,
        channel: Option<Channel>,
    ) -> Result<(), ApiError> {
        check_destination(&self.to, channel)?;
        if self.locale.as_deref().is_some_and(|locale| !is_locale(locale)) {
            return Err(match call.app.settings.has(Variant::UnknownLocaleNotFound) {
                true => call.not_found(),
                false => ApiError::invalid_parameter("Locale"),
            });
        }
        self.check_permissions(call, settings, channel)?;
        self.check_payment(settings, channel)?;
        if self.app_hash.is_some() && !matches!(self.channel, Method::Sms | Method::Auto) {
            return Err(Code::AppHash.into());
        }
        if self.custom_code.as_deref().is_some_and(|code| !is_code(code)) {
            return Err(ApiError::invalid_parameter("CustomCode"));
        }
        self.check_sizes()
    }

    /// Checks that the service and the account have the features that the start needs.
    fn check_permissions(
        &self,
        call: &Call<'_>,
        settings: &ServiceSettings,
        channel: Option<Channel>,
    ) -> Result<(), ApiError> {
        let lacks = |variant| call.app.settings.has(variant);
        let has_sender =
            settings.whatsapp_from.is_some() || settings.whatsapp_msg_service_sid.is_some();
        match channel {
            Some(Channel::Email) if lacks(Variant::NoMailer) => Err(Code::NoMailer.into()),
            Some(Channel::Whatsapp) if !has_sender && lacks(Variant::NoWhatsappSender) => {
                Err(Code::NoWhatsappSender.into())
            }
            _ if self.custom_code.is_some() && settings.custom_code_enabled != Some(true) => {
                Err(Code::NotSupported.into())
            }
            _ if self.custom_friendly_name.is_some() && lacks(Variant::NoCustomFriendlyName) => {
                Err(Code::NotSupported.into())
            }
            _ => Ok(()),
        }
    }

    /// Checks that a service for payments (PSD2) gets a payment, and that other services do not.
    fn check_payment(
        &self,
        settings: &ServiceSettings,
        channel: Option<Channel>,
    ) -> Result<(), ApiError> {
        if settings.psd2_enabled != Some(true) {
            return match self.is_payment() {
                true => Err(Code::NotSupported.into()),
                false => Ok(()),
            };
        }
        match channel {
            Some(Channel::Call) => Err(Code::PaymentByCall.into()),
            None => Err(Code::PaymentBySna.into()),
            _ if self.amount.is_none() || self.payee.is_none() => Err(Code::PaymentRequired.into()),
            _ => Ok(()),
        }
    }

    pub(crate) fn is_payment(&self) -> bool {
        self.amount.is_some() || self.payee.is_some()
    }

    /// Checks that texts fit in a message, and that tags are within their limits.
    fn check_sizes(&self) -> Result<(), ApiError> {
        let fits = |text: &str, most: usize| text.chars().count() <= most;
        let name = self.custom_friendly_name.as_deref();
        if name.is_some_and(|name| !fits(name, NAME_LENGTH)) {
            return Err(ApiError::invalid_parameter("CustomFriendlyName"));
        }
        let substitutions = self.template_custom_substitutions.iter().flatten();
        let texts = [&self.custom_message, &self.amount, &self.payee, &self.app_hash];
        let mut texts = texts
            .into_iter()
            .filter_map(Option::as_deref)
            .chain(substitutions.filter_map(|(_, value)| value.as_str()));
        if texts.any(|text| !fits(text, MESSAGE_LENGTH)) {
            return Err(Code::MessageTooLong.into());
        }
        let tag_fits = |(name, value): (&String, &Value)| {
            let value = value.as_str();
            fits(name, TAG_LENGTH) && value.is_some_and(|value| fits(value, TAG_LENGTH))
        };
        match &self.tags {
            Some(tags) if tags.len() > TAGS || !tags.iter().all(tag_fits) => {
                Err(ApiError::invalid_parameter("Tags"))
            }
            _ => Ok(()),
        }
    }
}

fn check_destination(to: &str, channel: Option<Channel>) -> Result<(), ApiError> {
    let good = match channel {
        Some(Channel::Email) => is_address(to),
        _ => is_e164(to),
    };
    good.then_some(()).ok_or_else(|| ApiError::invalid_parameter("To"))
}

/// Whether a text can be an e-mail address: it has no whitespace, text on both sides of its last `@`, and a dot inside
/// the domain.
fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let labels = domain.split('.');
    !local.is_empty()
        && text.len() <= 254
        && !text.chars().any(|character| character.is_whitespace() || character.is_control())
        && domain.contains('.')
        && labels.into_iter().all(|label| !label.is_empty())
}

/// Whether a text can be a language, such as `es`, `pt-BR` or `es-419`.
fn is_locale(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_lowercase())
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}
