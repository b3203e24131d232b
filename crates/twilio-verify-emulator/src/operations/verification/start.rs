//! Starts verifications, and sends their codes again.

use std::time::Duration;

use crate::app::variant::Variant;
use crate::attempts::data::destination::Prefix;
use crate::attempts::data::filter::{Filter, Period, SummaryFilter};
use crate::contract::code::Code;
use crate::contract::error::ApiError;
use crate::messages::outcome::Outcome;
use crate::messages::template::Template;
use crate::operations::calls::call::Call;
use crate::operations::calls::response::ApiResponse;
use crate::operations::verification::limits::StartLimits;
use crate::operations::verification::parameters::StartParameters;
use crate::operations::verification::send;
use crate::records::service::ServiceSettings;
use crate::records::sna::Sna;
use crate::records::verification::{Send, Verification, VerificationStatus};
use crate::state::account::Account;
use crate::state::journal::SentMessage;
use crate::state::verifications::find;
use crate::time::date::second_from;
use crate::values::channel::Channel;
use crate::values::sid::ServiceSid;

/// Starts a verification, or sends the code of a pending one again.
pub(crate) fn create(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let service_sid = call.service()?;
    let settings = call.account.settings_of(service_sid);
    let mut start: StartParameters = call.read()?;
    let app = &call.app.settings;
    if settings.custom_code_enabled != Some(true) && app.has(Variant::CustomCodeIgnored) {
        start.custom_code = None;
    }
    let mut outcome = call.account.sending.outcomes.get(&start.to);
    let under_way = find(call.account, service_sid, &start.to, call.now).cloned();
    let channel = start.channel(call, &settings, outcome, under_way.as_ref())?;
    start.check(call, &settings, channel)?;
    let template = template(call, &settings, &start, channel)?;
    let limits = StartLimits::new(call.account, service_sid, start.rate_limits.as_ref())?;
    let delay = admit(call.account, &settings, outcome, channel, &start).inspect_err(|_| {
        call.account.sending.outcomes.take(&start.to);
    })?;
    if is_guarded(call, &start, channel) {
        return Err(Code::FraudGuard.into());
    }
    if let Some(channel) = channel
        && call.app.happenings.is_out(service_sid, channel, &start.to, call.now)
    {
        outcome = Outcome::Undelivered;
    }
    let sends = under_way.as_ref().map_or(0, |verification| verification.sends.len());
    if app.verification.max_sends.is_some_and(|most| sends >= most as usize) {
        return Err(Code::MaxSends.into());
    }
    limits.check(call.account, call.now)?;

    let mut verification = under_way.unwrap_or_else(|| new(call, service_sid, &start.to));
    if start.is_payment() {
        (verification.amount, verification.payee) = (start.amount.clone(), start.payee.clone());
    }
    verification.date_updated = call.date();
    let attempt_sid = send::attempt_sid(call);
    verification.sends.push(Send { time: call.now, channel, attempt_sid, sna_error: None });
    let sent = match channel {
        None => {
            let asks_for_token = start.enable_sna_client_token == Some(true);
            verification.sna = Some(Sna::new(&mut call.account.draw, asks_for_token));
            None
        }
        Some(channel) => {
            let send = (attempt_sid, channel);
            let sent = send::send(call, &settings, &start, template, &verification, send, outcome)?;
            verification.code = Some(sent.code.clone());
            Some(sent)
        }
    };
    limits.count(call.account, call.now);
    let body = verification.body(call, &settings);
    if channel.is_some() {
        call.account.sending.outcomes.take(&start.to);
    }
    let message = SentMessage {
        number: 0,
        attempt_sid,
        sent_at: call.now,
        channel,
        delivered: sent.as_ref().is_none_or(|sent| sent.delivered),
        text: sent.as_ref().map(|sent| sent.text.clone()),
        locale: sent.map(|sent| sent.locale),
    };
    call.account.journal.sent(&verification, message);
    let pending = &mut call.account.pending;
    match call.account.verifications.get_mut(&verification.sid) {
        Some(known) => {
            // The token of silent network authentication may have changed.
            pending.remove(known);
            pending.insert(&verification);
            *known = verification;
        }
        None => {
            pending.insert(&verification);
            call.account.verifications.insert(verification);
        }
    }
    Ok(ApiResponse::created(&body)?.after(delay))
}

fn new(call: &mut Call<'_>, service_sid: ServiceSid, to: &str) -> Verification {
    Verification {
        sid: call.account.draw.sid(),
        service_sid,
        to: to.to_owned(),
        status: VerificationStatus::Pending,
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

/// Returns the template to use, if any: the request's, or the service's if it is for the channel.
fn template<'a>(
    call: &Call<'a>,
    settings: &ServiceSettings,
    start: &StartParameters,
    channel: Option<Channel>,
) -> Result<Option<&'a Template>, ApiError> {
    let templates = &call.app.settings.templates;
    let name = match channel {
        Some(Channel::Sms) => Some("sms"),
        Some(Channel::Call) => Some("voice"),
        _ => None,
    };
    let is_for_channel =
        |template: &&Template| template.channels.iter().any(|own| Some(own.as_str()) == name);
    match start.template_sid {
        Some(_) if name.is_none() => Err(Code::TemplateWithChannel.into()),
        Some(sid) => {
            let template = templates.get(&sid).ok_or(Code::TemplateNotFound)?;
            match is_for_channel(&template) {
                true => Ok(Some(template)),
                false => Err(Code::TemplateChannel.into()),
            }
        }
        None => {
            let default = settings.default_template_sid.as_deref();
            let default = default.and_then(|sid| sid.parse().ok());
            Ok(default.and_then(|sid| templates.get(&sid)).filter(is_for_channel))
        }
    }
}

/// Whether Fraud Guard rejects a message, because too many messages to similar numbers did not convert.
fn is_guarded(call: &mut Call<'_>, start: &StartParameters, channel: Option<Channel>) -> bool {
    /// The number of last digits that may differ between similar numbers.
    const LAST: usize = 4;
    let Some(most) = call.app.settings.fraud_guard else { return false };
    let is_exempt = start.risk_check.as_deref() == Some("disable")
        || call.account.safe_list.get(&start.to).is_some();
    let prefix = start.to.get(..start.to.len().saturating_sub(LAST)).unwrap_or_default();
    let Some(filter) =
        Prefix::parse(prefix).filter(|_| channel == Some(Channel::Sms) && !is_exempt)
    else {
        return false;
    };
    let app = call.app;
    let as_of = app.settings.timing.fetch(call.now);
    call.account.guard.rejects(prefix, call.now, |since| {
        let period = Period { from: Some(second_from(since)), until: None };
        let common = Filter { period, as_of, channel, ..Filter::default() };
        let counts = app.store.count(&SummaryFilter { common, prefix: Some(filter) });
        counts.total - counts.converted >= most
    })
}

/// Checks whether an outcome allows sending, and returns the delay of the response.
fn admit(
    account: &Account,
    settings: &ServiceSettings,
    outcome: Outcome,
    channel: Option<Channel>,
    start: &StartParameters,
) -> Result<Duration, ApiError> {
    let is_sms = channel == Some(Channel::Sms);
    let is_exempt = start.risk_check.as_deref() == Some("disable");
    match outcome {
        Outcome::Slow(delay) => return Ok(delay),
        Outcome::Landline if is_sms && settings.skips_landlines() => {
            return Err(Code::Landline.into());
        }
        Outcome::Blocked if is_sms && !is_exempt && account.safe_list.get(&start.to).is_none() => {
            return Err(Code::FraudGuard.into());
        }
        Outcome::GeoBlocked if (is_sms && !is_exempt) || channel == Some(Channel::Call) => {
            return Err(Code::GeoPermissions.into());
        }
        Outcome::InvalidNumber => return Err(ApiError::invalid_parameter("To")),
        Outcome::Busy => return Err(Code::ConcurrentRequests.into()),
        Outcome::ChannelDisabled => return Err(Code::ChannelDisabled.into()),
        Outcome::Delivered
        | Outcome::Undelivered
        | Outcome::Landline
        | Outcome::Blocked
        | Outcome::GeoBlocked => {}
    }
    Ok(Duration::ZERO)
}
