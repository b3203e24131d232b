//! `/v2/Services/{ServiceSid}/Verifications`: started, sent again, fetched, ended.

use std::net::IpAddr;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::attempt::{Attempt, Channel, ConversionStatus, ErrorCode, Price};
use crate::call::{Answer, Call};
use crate::calling_code;
use crate::error::ApiError;
use crate::market::{self, Market};
use crate::message::Content;
use crate::outbox::Message;
use crate::outcome::Outcome;
use crate::phone_number::is_e164;
use crate::resources::services::Settings;
use crate::settings::Converting;
use crate::sid::{AttemptSid, BucketSid, ServiceSid, TemplateSid, VerificationSid};
use crate::state::{Parent, Record, State};
use crate::store::Store;
use crate::template::Template;

/// How many characters a code has (documented by Twilio).
pub(crate) const CODE_LENGTHS: std::ops::RangeInclusive<usize> = 4..=10;

/// How many characters a message has at most (documented by Twilio for messages), and so what goes into it.
const MESSAGE_LENGTH: usize = 1600;

/// How many tags there may be, and how many characters their names and values may have (documented by Twilio).
const TAGS: usize = 10;
const TAG_LENGTH: usize = 128;

/// How many characters the value of a rate limit's key has at most (assumed).
const KEY_LENGTH: usize = 1024;

const DEFAULT_LOCALE: &str = "en";

/// A verification that is under way: one that has ended is not kept.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Verification {
    pub(crate) sid: VerificationSid,
    pub(crate) service_sid: ServiceSid,
    pub(crate) to: String,
    pub(crate) status: Status,
    /// `None` by silent network authentication.
    pub(crate) code: Option<String>,
    pub(crate) sna: Option<Sna>,
    pub(crate) amount: Option<String>,
    pub(crate) payee: Option<String>,
    /// Oldest first, never empty.
    pub(crate) sends: Vec<Send>,
    /// How often a code was checked.
    pub(crate) checks: u32,
    pub(crate) date_created: DateTime<Utc>,
    pub(crate) date_updated: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    Pending,
    /// A further check was refused. Pending all the same: the code can be sent again, and never be checked.
    MaxAttemptsReached,
    Approved,
    Canceled,
}

/// Silent network authentication: no code, but a URL that the device calls through its network.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Sna {
    /// Stands in the URL.
    pub(crate) token: String,
    /// What the device gets there and the check must bring, if the request asked for that.
    pub(crate) client_token: Option<String>,
    /// Whether the network vouches for the number; not known before the device has called.
    pub(crate) vouched: Option<bool>,
}

/// One send.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Send {
    pub(crate) time: DateTime<Utc>,
    /// `None` is silent network authentication.
    pub(crate) channel: Option<Channel>,
    pub(crate) attempt_sid: AttemptSid,
}

impl Record for Verification {
    type Key = VerificationSid;

    fn key(&self) -> VerificationSid {
        self.sid
    }

    fn is_within(&self, parent: &Parent) -> bool {
        matches!(parent, Parent::Service(sid) if *sid == self.service_sid)
    }
}

/// The parameters of a start.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Start {
    to: String,
    channel: Method,
    custom_friendly_name: Option<String>,
    custom_message: Option<String>,
    locale: Option<String>,
    custom_code: Option<String>,
    amount: Option<String>,
    payee: Option<String>,
    app_hash: Option<String>,
    rate_limits: Option<Value>,
    template_sid: Option<TemplateSid>,
    template_custom_substitutions: Option<Map<String, Value>>,
    #[expect(
        dead_code,
        reason = "only checked: fraud guard is what the outcomes say"
    )]
    device_ip: Option<IpAddr>,
    enable_sna_client_token: Option<bool>,
    risk_check: Option<String>,
    tags: Option<Map<String, Value>>,
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

/// A channel as verifications and their checks name it. Their enum knows no `rbm`, whose fallback is SMS.
pub(crate) fn channel_name(channel: Option<Channel>) -> &'static str {
    match channel {
        None => "sna",
        Some(Channel::Rbm) => Channel::Sms.as_str(),
        Some(channel) => channel.as_str(),
    }
}

impl Verification {
    /// The channel of the last send.
    pub(crate) fn channel(&self) -> Option<Channel> {
        self.sends.last().and_then(|send| send.channel)
    }

    fn body(&self, call: &Call<'_>, settings: &Settings) -> Value {
        let sends: Vec<Value> = self
            .sends
            .iter()
            .map(|send| {
                json!({
                    "time": send.time,
                    "channel": channel_name(send.channel),
                    "attempt_sid": send.attempt_sid,
                })
            })
            .collect();
        let sna = self
            .sna
            .as_ref()
            .map(|sna| json!({ "url": call.url(format_args!("/_emulator/sna/{}", sna.token)) }));
        json!({
            "sid": self.sid,
            "service_sid": self.service_sid,
            "account_sid": call.account_sid(),
            "to": self.to,
            "channel": channel_name(self.channel()),
            "status": self.status,
            "valid": self.status == Status::Approved,
            "lookup": self.lookup(settings, call.state.sending.outcomes.get(&self.to)),
            "amount": self.amount,
            "payee": self.payee,
            "send_code_attempts": sends,
            "date_created": self.date_created,
            "date_updated": self.date_updated,
            "sna": sna,
            "url": call.url(format_args!("/v2/Services/{}/Verifications/{}", self.service_sid, self.sid)),
        })
    }

    fn lookup(&self, settings: &Settings, outcome: Outcome) -> Value {
        if settings.lookup_enabled != Some(true) || !self.to.starts_with('+') {
            return json!({});
        }
        let carrier = carrier(&self.to);
        json!({ "carrier": {
            "error_code": null,
            "name": carrier.map(|carrier| carrier.2),
            "mobile_country_code": carrier.map(|carrier| carrier.0),
            "mobile_network_code": carrier.map(|carrier| carrier.1),
            "type": if outcome == Outcome::Landline { "landline" } else { "mobile" },
        } })
    }
}

/// The market of a number's country.
fn market(to: &str) -> Option<&'static Market> {
    calling_code::country(to).and_then(market::of)
}

/// The network of a number: one of its country's, the same each time.
fn carrier(to: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    let carriers = market(to)?.carriers;
    let sum: usize = to.bytes().map(usize::from).sum();
    carriers.get(sum % carriers.len().max(1))
}

pub(crate) fn create(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let service_sid = call.service()?;
    let settings = settings(call.state, service_sid);
    let start: Start = call.read()?;
    let channel = start.channel.channel(&start.to);
    check_destination(&start.to, channel)?;
    if let Some(locale) = &start.locale
        && !is_locale(locale)
    {
        return Err(ApiError::invalid_parameter("Locale"));
    }
    if start.custom_code.is_some() && settings.custom_code_enabled != Some(true) {
        return Err(ApiError::not_supported());
    }
    let is_payment = start.amount.is_some() || start.payee.is_some();
    if is_payment && settings.psd2_enabled != Some(true) {
        return Err(ApiError::not_supported());
    }
    if start
        .custom_code
        .as_deref()
        .is_some_and(|code| !is_code(code))
    {
        return Err(ApiError::invalid_parameter("CustomCode"));
    }
    start.check_sizes()?;
    let template = template(call, &settings, &start, channel)?;
    let buckets = buckets(call.state, service_sid, start.rate_limits.as_ref())?;
    let outcome = call.state.sending.outcomes.get(&start.to);
    let delay = admit(call.state, outcome, channel, &start)?;
    let destination = (service_sid, start.to.clone());
    let send_limit = call.app.settings.verification.send_limit.map(|limit| {
        let window = TimeDelta::from_std(limit.window()).unwrap_or(TimeDelta::MAX);
        (limit.requests() as usize, window)
    });
    if let Some((most, window)) = send_limit {
        let sends = &mut call.state.pending.sends;
        if sends
            .full_for(&destination, most, window, call.now)
            .is_some()
        {
            return Err(ApiError::max_send_attempts());
        }
    }
    for (key, most, window) in &buckets {
        let counted = &mut call.state.pending.counted;
        if let Some(seconds) = counted.full_for(key, *most, *window, call.now) {
            return Err(ApiError::too_many_requests(seconds));
        }
    }

    let mut verification = match find(call.state, service_sid, &start.to, call.now) {
        Some(pending) => pending.clone(),
        None => Verification {
            sid: call.state.draw.sid(),
            service_sid,
            to: start.to.clone(),
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
        },
    };
    if is_payment {
        (verification.amount, verification.payee) = (start.amount.clone(), start.payee.clone());
    }
    verification.date_updated = call.date();
    let attempt_sid = attempt_sid(call);
    let send = Send {
        time: call.date(),
        channel,
        attempt_sid,
    };
    verification.sends.push(send);
    match channel {
        None => {
            let hex = |bytes: Vec<u8>| {
                bytes
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect::<String>()
            };
            let mut token = || hex(call.state.draw.bytes(16));
            verification.sna = Some(Sna {
                token: token(),
                client_token: (start.enable_sna_client_token == Some(true)).then(token),
                vouched: None,
            });
        }
        Some(channel) => {
            let code = code(call, &settings, &start, &verification);
            let own = market(&start.to).map_or(DEFAULT_LOCALE, |market| market.locale);
            let locale = start.locale.as_deref().unwrap_or(own);
            let template = template.and_then(|template| template.text(Some(locale)));
            let locale = template.map_or(locale, |(locale, _)| locale).to_owned();
            let template = template.map(|(_, text)| text);
            let attempt = attempt(&verification, attempt_sid, channel, &code, &locale, outcome);
            let recorded = call.app.store.insert(attempt);
            // Its SID is free, unless another one was inserted at this moment.
            recorded.map_err(|_| ApiError::internal())?;
            if outcome != Outcome::Undelivered {
                let text = text(&verification, &settings, &start, template, &code, &locale);
                call.app.outbox.push(Message {
                    number: 0,
                    to: start.to.clone(),
                    channel,
                    code: code.clone(),
                    text,
                    locale,
                    verification_sid: verification.sid,
                    service_sid,
                    attempt_sid,
                    sent_at: call.now,
                });
            }
            verification.code = Some(code);
        }
    }
    if let Some((_, window)) = send_limit {
        call.state
            .pending
            .sends
            .count(destination, window, call.now);
    }
    for (key, _, window) in buckets {
        call.state.pending.counted.count(key, window, call.now);
    }
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

impl Start {
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

/// What a start counts against: a bucket and the value of its rate limit's key, how many there may be, and in
/// what time.
type Counted = ((BucketSid, String), usize, TimeDelta);

/// The buckets of the rate limits that a start names.
fn buckets(
    state: &State,
    service: ServiceSid,
    values: Option<&Value>,
) -> Result<Vec<Counted>, ApiError> {
    let invalid = || ApiError::invalid_parameter("RateLimits");
    let values = match values {
        None => return Ok(Vec::new()),
        Some(Value::Object(values)) => values,
        Some(_) => return Err(invalid()),
    };
    let mut counted = Vec::new();
    for (name, value) in values {
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return Err(invalid()),
        };
        if value.is_empty() || value.chars().count() > KEY_LENGTH {
            return Err(invalid());
        }
        let mut limits = state.rate_limits.iter().map(|(_, limit)| limit);
        let limit = limits.find(|limit| limit.service_sid == service && limit.unique_name == *name);
        let limit = limit.ok_or_else(invalid)?.sid;
        let buckets = state.buckets.iter().map(|(_, bucket)| bucket);
        counted.extend(
            buckets
                .filter(|bucket| bucket.rate_limit_sid == limit)
                .map(|bucket| {
                    let window = TimeDelta::seconds(bucket.interval.get().into());
                    (
                        (bucket.sid, value.clone()),
                        bucket.max.get() as usize,
                        window,
                    )
                }),
        );
    }
    Ok(counted)
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

pub(crate) fn is_code(text: &str) -> bool {
    CODE_LENGTHS.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The code to send: the one of the request, the one set for all, the one sent before, or a new one.
fn code(call: &mut Call<'_>, settings: &Settings, start: &Start, pending: &Verification) -> String {
    let known = start.custom_code.clone();
    let known = known.or_else(|| pending.code.clone());
    known
        .or_else(|| call.state.sending.code.clone())
        .unwrap_or_else(|| call.state.draw.digits(settings.code_length().into()))
}

fn text(
    verification: &Verification,
    settings: &Settings,
    start: &Start,
    template: Option<&str>,
    code: &str,
    locale: &str,
) -> String {
    let substitutions = start.template_custom_substitutions.iter().flatten();
    let substitutions: Vec<(String, String)> = substitutions
        .map(|(name, value)| {
            let text = value.as_str().map(str::to_owned);
            (name.clone(), text.unwrap_or_else(|| value.to_string()))
        })
        .collect();
    let payment = verification
        .amount
        .as_deref()
        .zip(verification.payee.as_deref());
    let content = Content {
        name: start
            .custom_friendly_name
            .as_deref()
            .unwrap_or(settings.friendly_name()),
        code,
        locale,
        text: start.custom_message.as_deref().or(template),
        substitutions: &substitutions,
        payment,
        warns: settings.do_not_share_warning_enabled == Some(true),
        app_hash: start
            .app_hash
            .as_deref()
            .filter(|_| verification.channel() == Some(Channel::Sms)),
    };
    content.text()
}

/// A SID for a new attempt. An attempt that was given may have one that is drawn here too: emulators with the
/// same seed draw the same ones.
fn attempt_sid(call: &mut Call<'_>) -> AttemptSid {
    loop {
        let sid = call.state.draw.sid();
        if call.app.store.get(sid).is_none() {
            return sid;
        }
    }
}

/// The record of a send.
fn attempt(
    verification: &Verification,
    sid: AttemptSid,
    channel: Channel,
    code: &str,
    locale: &str,
    outcome: Outcome,
) -> Attempt {
    let (service_sid, verification_sid) = (verification.service_sid, verification.sid);
    let date = verification.date_updated;
    let mut attempt = Attempt::new(sid, service_sid, verification_sid, channel, date);
    let price = market::price(channel, market(&verification.to));
    attempt.price = Some(Price::new(price, "usd"));
    let data = &mut attempt.channel_data;
    data.to = Some(verification.to.clone());
    data.status = Some("unconfirmed".into());
    data.country = calling_code::country(&verification.to);
    data.code_length = u8::try_from(code.len()).ok();
    data.locale = Some(locale.to_owned());
    if channel != Channel::Email
        && let Some((mcc, mnc, name)) = carrier(&verification.to)
    {
        data.mcc = Some((*mcc).into());
        data.mnc = Some((*mnc).into());
        data.carrier = Some((*name).into());
    }
    let arrives = outcome != Outcome::Undelivered;
    match channel {
        Channel::Email => {}
        Channel::Call => {
            data.call_status = Some(if arrives { "completed" } else { "no-answer" }.into());
        }
        _ => {
            data.message_status = Some(if arrives { "delivered" } else { "undelivered" }.into());
            let code = if channel == Channel::Sms {
                "30003"
            } else {
                "63024"
            };
            data.error_code = (!arrives).then(|| ErrorCode::Text(code.into()));
        }
    }
    attempt
}

/// The settings of a service.
fn settings(state: &State, sid: ServiceSid) -> Settings {
    let service = state.services.get(&sid);
    service
        .map(|service| service.settings.clone())
        .unwrap_or_default()
}

/// The verification under way for a destination.
pub(crate) fn find<'s>(
    state: &'s State,
    service: ServiceSid,
    to: &str,
    now: DateTime<Utc>,
) -> Option<&'s Verification> {
    find_sid(state, service, state.pending.find(service, to)?, now)
}

/// The verification under way that has this SID.
pub(crate) fn find_sid(
    state: &State,
    service: ServiceSid,
    sid: VerificationSid,
    now: DateTime<Utc>,
) -> Option<&Verification> {
    let verification = state.verifications.get(&sid)?;
    (verification.service_sid == service && verification.expires_at > now).then_some(verification)
}

/// The verification by silent network authentication that has this token, in its URL or given to its device.
pub(crate) fn find_sna<'s>(
    state: &'s State,
    token: &str,
    now: DateTime<Utc>,
) -> Option<&'s Verification> {
    let verification = state.verifications.get(&state.pending.find_sna(token)?)?;
    (verification.expires_at > now).then_some(verification)
}

/// What a device learns when it calls the URL of a silent network authentication.
#[derive(Clone)]
pub(crate) struct SnaCall {
    pub(crate) vouched: bool,
    pub(crate) client_token: Option<String>,
}

/// Serves such a call; `None` if there is nothing under way at the URL.
pub(crate) fn call_sna(state: &mut State, token: &str, now: DateTime<Utc>) -> Option<SnaCall> {
    let verification = find_sna(state, token, now)?;
    let vouched = state.sending.outcomes.get(&verification.to) != Outcome::Undelivered;
    let sid = verification.sid;
    let sna = state.verifications.get_mut(&sid)?.sna.as_mut()?;
    if sna.token != token {
        return None;
    }
    sna.vouched = Some(vouched);
    Some(SnaCall {
        vouched,
        client_token: sna.client_token.clone().filter(|_| vouched),
    })
}

/// The verification that the path names by its SID or by its destination.
fn named<'s>(call: &'s Call<'_>) -> Result<&'s Verification, ApiError> {
    let service = call.service()?;
    let name = call.segment("Sid");
    let found = match name.parse() {
        Ok(sid) => find_sid(call.state, service, sid, call.now),
        Err(_) => find(call.state, service, name, call.now),
    };
    found.ok_or_else(|| call.not_found())
}

pub(crate) fn fetch(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let verification = named(call)?;
    let settings = settings(call.state, verification.service_sid);
    Answer::ok(&verification.body(call, &settings))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct End {
    status: Status,
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    let mut verification = named(call)?.clone();
    let End { status } = call.read()?;
    let date = call.date();
    verification.status = status;
    verification.date_updated = date;
    end(call.state, &verification);
    if status == Status::Approved {
        convert(
            &call.app.store,
            &verification,
            call.app.settings.verification.converting,
            date,
        );
    }
    let settings = settings(call.state, verification.service_sid);
    Answer::ok(&verification.body(call, &settings))
}

/// Forgets a verification.
pub(crate) fn end(state: &mut State, verification: &Verification) {
    state.verifications.remove(&verification.sid);
    state.pending.remove(verification);
}

/// Notes that the right code came back.
pub(crate) fn convert(
    store: &Store,
    verification: &Verification,
    converting: Converting,
    date: DateTime<Utc>,
) {
    let sends = verification.sends.as_slice();
    let sends = match converting {
        Converting::Latest => &sends[sends.len().saturating_sub(1)..],
        Converting::First => &sends[..sends.len().min(1)],
        Converting::All => sends,
    };
    for send in sends {
        store.update(send.attempt_sid, |attempt| {
            attempt.conversion_status = ConversionStatus::Converted;
            attempt.channel_data.status = Some("confirmed".into());
            attempt.date_updated = date;
        });
    }
}

/// Ends verifications that have expired, at most so many, and says how many it ended.
pub(crate) fn expire(state: &mut State, store: &Store, now: DateTime<Utc>, most: usize) -> usize {
    for count in 0..most {
        let Some(sid) = state.pending.pop_expired(now) else {
            return count;
        };
        // What expires is in the table: nothing leaves it alone.
        let Some(verification) = state.verifications.remove(&sid) else {
            continue;
        };
        state.pending.remove(&verification);
        for send in &verification.sends {
            store.update(send.attempt_sid, |attempt| {
                attempt.channel_data.status = Some("expired".into());
                attempt.date_updated = verification.expires_at;
            });
        }
    }
    most
}
