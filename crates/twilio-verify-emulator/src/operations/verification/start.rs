//! How verifications start, and are sent again.

use std::net::IpAddr;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::operations::verification::limits::Limits;
use crate::operations::verification::send;
use crate::operations::verification::send::MESSAGE_LENGTH;
use crate::operations::verification::verifications::{Send, Status, Verification, find, is_code, settings};
use crate::records::sna::Sna;
use crate::attempts::data::attempt::Channel;
use crate::operations::calls::call::{Answer, Call};
use crate::contract::error::ApiError;
use crate::messages::outcome::Outcome;
use crate::values::phone_number::is_e164;
use crate::operations::service::services::Settings;
use crate::values::sid::{ServiceSid, TemplateSid};
use crate::state::account::State;
use crate::messages::template::Template;

/// How many tags there may be, and how many characters their names and values may have (documented by Twilio).
const TAGS: usize = 10;
const TAG_LENGTH: usize = 128;

/// The parameters of a start.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Start {
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
    #[expect(
        dead_code,
        reason = "only checked: fraud guard is what the outcomes say"
    )]
    pub(crate) device_ip: Option<IpAddr>,
    pub(crate) enable_sna_client_token: Option<bool>,
    pub(crate) risk_check: Option<String>,
    pub(crate) tags: Option<Map<String, Value>>,
}

/// What a start may ask for.
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
    /// What it is sent by; `None` is silent network authentication.
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

/// Starts a verification, or sends the code of the one that is under way again.
pub(crate) fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let service_sid = call.service()?;
    let settings = settings(call.state, service_sid);
    let start: Start = call.read()?;
    let channel = start.channel.channel(&start.to);
    start.check(&settings, channel)?;
    let template = template(call, &settings, &start, channel)?;
    let send_limit = call.app.settings.verification.send_limit;
    let values = start.rate_limits.as_ref();
    let limits = Limits::new(call.state, service_sid, &start.to, send_limit, values)?;
    let outcome = call.state.sending.outcomes.get(&start.to);
    let delay = admit(call.state, outcome, channel, &start)?;
    limits.check(call.state, call.now)?;

    let under_way = find(call.state, service_sid, &start.to, call.now).cloned();
    let mut verification = under_way.unwrap_or_else(|| new(call, service_sid, &start.to));
    if start.is_payment() {
        (verification.amount, verification.payee) = (start.amount.clone(), start.payee.clone());
    }
    verification.date_updated = call.date();
    let attempt_sid = send::attempt_sid(call);
    verification.sends.push(Send {
        time: call.date(),
        channel,
        attempt_sid,
    });
    match channel {
        None => {
            let asks_for_token = start.enable_sna_client_token == Some(true);
            verification.sna = Some(Sna::new(&mut call.state.draw, asks_for_token));
        }
        Some(channel) => {
            let send = (attempt_sid, channel);
            let code = send::send(
                call,
                &settings,
                &start,
                template,
                &verification,
                send,
                outcome,
            )?;
            verification.code = Some(code);
        }
    }
    limits.count(call.state, call.now);
    let body = verification.body(call, &settings);
    let pending = &mut call.state.pending;
    match call.state.verifications.get_mut(&verification.sid) {
        Some(known) => {
            // Its tokens may be others now.
            pending.remove(known);
            pending.insert(&verification);
            *known = verification;
        }
        None => {
            pending.insert(&verification);
            call.state.verifications.insert(verification);
        }
    }
    Ok(Answer::created(&body)?.after(delay))
}

fn new(call: &mut Call<'_>, service_sid: ServiceSid, to: &str) -> Verification {
    Verification {
        sid: call.state.draw.sid(),
        service_sid,
        to: to.to_owned(),
        status: Status::Pending,
        code: None,
        sna: None,
        amount: None,
        payee: None,
        sends: Vec::new(),
        checks: 0,
        date_created: call.date(),
        date_updated: call.date(),
        expires_at: call.app.settings.verification.expiry(call.now),
    }
}

impl Start {
    /// Checks what the document has no words for, against the settings of the service.
    fn check(&self, settings: &Settings, channel: Option<Channel>) -> Result<(), ApiError> {
        check_destination(&self.to, channel)?;
        if self
            .locale
            .as_deref()
            .is_some_and(|locale| !is_locale(locale))
        {
            return Err(ApiError::invalid_parameter("Locale"));
        }
        if self.custom_code.is_some() && settings.custom_code_enabled != Some(true) {
            return Err(ApiError::not_supported());
        }
        if self.is_payment() && settings.psd2_enabled != Some(true) {
            return Err(ApiError::not_supported());
        }
        if self
            .custom_code
            .as_deref()
            .is_some_and(|code| !is_code(code))
        {
            return Err(ApiError::invalid_parameter("CustomCode"));
        }
        self.check_sizes()
    }

    fn is_payment(&self) -> bool {
        self.amount.is_some() || self.payee.is_some()
    }

    /// That texts fit into a message, and tags into their limits.
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
        let mut texts =
            texts
                .into_iter()
                .filter_map(|(name, text)| Some((name, text?)))
                .chain(substitutions.filter_map(|(_, value)| {
                    Some(("TemplateCustomSubstitutions", value.as_str()?))
                }));
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

/// The template to use, if any: that of the request, which must exist and be for the channel, or else the
/// service's, if it can be used.
fn template<'a>(
    call: &Call<'a>,
    settings: &Settings,
    start: &Start,
    channel: Option<Channel>,
) -> Result<Option<&'a Template>, ApiError> {
    let usable = |sid: TemplateSid| {
        let template = call.app.settings.templates.get(&sid)?;
        let mut channels = template.channels.iter();
        channels
            .any(|own| channel.is_some_and(|channel| own == channel.as_str()))
            .then_some(template)
    };
    match start.template_sid {
        Some(sid) => usable(sid)
            .map(Some)
            .ok_or_else(|| ApiError::invalid_parameter("TemplateSid")),
        None => {
            let default = settings.default_template_sid.as_deref();
            Ok(default.and_then(|sid| sid.parse().ok()).and_then(usable))
        }
    }
}

/// Whether an outcome lets a code be sent, and how long that takes.
fn admit(
    state: &State,
    outcome: Outcome,
    channel: Option<Channel>,
    start: &Start,
) -> Result<Duration, ApiError> {
    match outcome {
        Outcome::Delivered | Outcome::Undelivered => Ok(Duration::ZERO),
        Outcome::Slow(delay) => Ok(delay),
        Outcome::Landline if channel == Some(Channel::Call) => Ok(Duration::ZERO),
        Outcome::Landline => Err(ApiError::landline()),
        Outcome::Blocked
            if start.risk_check.as_deref() == Some("disable")
                || state.safe_list.get(&start.to).is_some() =>
        {
            Ok(Duration::ZERO)
        }
        Outcome::Blocked => Err(ApiError::fraud_guard()),
        Outcome::GeoBlocked => Err(ApiError::geo_permissions()),
        Outcome::InvalidNumber => Err(ApiError::invalid_parameter("To")),
        Outcome::Busy => Err(ApiError::concurrent_for_number()),
        Outcome::ChannelDisabled => Err(ApiError::channel_disabled()),
    }
}

fn check_destination(to: &str, channel: Option<Channel>) -> Result<(), ApiError> {
    let good = match channel {
        Some(Channel::Email) => is_address(to),
        _ => is_e164(to),
    };
    good.then_some(())
        .ok_or_else(|| ApiError::invalid_parameter("To"))
}

/// Whether a text can be an e-mail address: something without spaces on both sides of its last `@`, and a dot
/// within the domain.
fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let labels = domain.split('.');
    !local.is_empty()
        && text.len() <= 254
        && !text
            .chars()
            .any(|character| character.is_whitespace() || character.is_control())
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
