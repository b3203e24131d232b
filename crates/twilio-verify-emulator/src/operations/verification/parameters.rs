//! The parameters of a start, and their checks beyond the document.

use std::net::IpAddr;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::contract::error::ApiError;
use crate::messages::code::is_code;
use crate::records::service::ServiceSettings;
use crate::values::channel::Channel;
use crate::values::phone_number::is_e164;
use crate::values::sid::TemplateSid;

/// The maximum length of a message and of its parts, in characters (documented by Twilio for messages).
pub(crate) const MESSAGE_LENGTH: usize = 1600;

/// The maximum number of tags, and of characters in their names and values (documented by Twilio).
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

/// The values of the parameter `Channel`.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Method {
    Sms,
    Call,
    Email,
    Whatsapp,
    Sna,
    Auto,
    Rbm,
    Rcs,
}

impl Method {
    /// The channel to send by; `None` is silent network authentication.
    fn channel(self, to: &str) -> Option<Channel> {
        match self {
            Self::Sna => None,
            Self::Sms => Some(Channel::Sms),
            Self::Call => Some(Channel::Call),
            Self::Email => Some(Channel::Email),
            Self::Whatsapp => Some(Channel::Whatsapp),
            Self::Rbm | Self::Rcs => Some(Channel::Rbm),
            Self::Auto if to.contains('@') => Some(Channel::Email),
            Self::Auto => Some(Channel::Sms),
        }
    }
}

impl StartParameters {
    /// The channel to send by; `None` is silent network authentication.
    pub(crate) fn channel(&self) -> Option<Channel> {
        self.channel.channel(&self.to)
    }

    /// Checks what the document does not declare, against the settings of the service.
    pub(crate) fn check(
        &self,
        settings: &ServiceSettings,
        channel: Option<Channel>,
    ) -> Result<(), ApiError> {
        check_destination(&self.to, channel)?;
        if self.locale.as_deref().is_some_and(|locale| !is_locale(locale)) {
            return Err(ApiError::invalid_parameter("Locale"));
        }
        if self.custom_code.is_some() && settings.custom_code_enabled != Some(true) {
            return Err(ApiError::not_supported());
        }
        if self.is_payment() && settings.psd2_enabled != Some(true) {
            return Err(ApiError::not_supported());
        }
        if self.custom_code.as_deref().is_some_and(|code| !is_code(code)) {
            return Err(ApiError::invalid_parameter("CustomCode"));
        }
        self.check_sizes()
    }

    pub(crate) fn is_payment(&self) -> bool {
        self.amount.is_some() || self.payee.is_some()
    }

    /// Checks that texts fit into a message, and tags into their limits.
    fn check_sizes(&self) -> Result<(), ApiError> {
        let fits = |text: &str, most: usize| text.chars().count() <= most;
        let substitutions = self.template_custom_substitutions.iter().flatten();
        let texts = [
            ("CustomFriendlyName", self.custom_friendly_name.as_deref()),
            ("CustomMessage", self.custom_message.as_deref()),
            ("Amount", self.amount.as_deref()),
            ("Payee", self.payee.as_deref()),
            ("AppHash", self.app_hash.as_deref()),
        ];
        let mut texts = texts.into_iter().filter_map(|(name, text)| Some((name, text?))).chain(
            substitutions
                .filter_map(|(_, value)| Some(("TemplateCustomSubstitutions", value.as_str()?))),
        );
        if let Some((name, _)) = texts.find(|(_, text)| !fits(text, MESSAGE_LENGTH)) {
            return Err(ApiError::invalid_parameter(name));
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

/// Whether a text can be an e-mail address: no whitespace, something on both sides of its last `@`, and a dot within
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
