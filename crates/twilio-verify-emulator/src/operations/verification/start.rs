//! Starting verifications, and sending their codes again.

use std::time::Duration;

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
use crate::state::verifications::find;
use crate::values::channel::Channel;
use crate::values::sid::{ServiceSid, TemplateSid};

/// Starts a verification, or sends the code of a pending one again.
pub(crate) fn create(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let service_sid = call.service()?;
    let settings = call.account.settings_of(service_sid);
    let start: StartParameters = call.read()?;
    let channel = start.channel();
    start.check(&settings, channel)?;
    let template = template(call, &settings, &start, channel)?;
    let send_limit = call.app.settings.verification.send_limit;
    let values = start.rate_limits.as_ref();
    let limits = StartLimits::new(call.account, service_sid, &start.to, send_limit, values)?;
    let outcome = call.account.sending.outcomes.get(&start.to);
    let delay = admit(call.account, outcome, channel, &start)?;
    limits.check(call.account, call.now)?;

    let under_way = find(call.account, service_sid, &start.to, call.now).cloned();
    let mut verification = under_way.unwrap_or_else(|| new(call, service_sid, &start.to));
    if start.is_payment() {
        (verification.amount, verification.payee) = (start.amount.clone(), start.payee.clone());
    }
    verification.date_updated = call.date();
    let attempt_sid = send::attempt_sid(call);
    verification.sends.push(Send { time: call.date(), channel, attempt_sid });
    match channel {
        None => {
            let asks_for_token = start.enable_sna_client_token == Some(true);
            verification.sna = Some(Sna::new(&mut call.account.draw, asks_for_token));
        }
        Some(channel) => {
            let send = (attempt_sid, channel);
            let code = send::send(call, &settings, &start, template, &verification, send, outcome)?;
            verification.code = Some(code);
        }
    }
    limits.count(call.account, call.now);
    let body = verification.body(call, &settings);
    let pending = &mut call.account.pending;
    match call.account.verifications.get_mut(&verification.sid) {
        Some(known) => {
            // Its tokens may have changed.
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

/// The template to use, if any: that of the request, which must exist and be for the channel, or else that of the
/// service, if it is for the channel.
fn template<'a>(
    call: &Call<'a>,
    settings: &ServiceSettings,
    start: &StartParameters,
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
        Some(sid) => {
            usable(sid).map(Some).ok_or_else(|| ApiError::invalid_parameter("TemplateSid"))
        }
        None => {
            let default = settings.default_template_sid.as_deref();
            Ok(default.and_then(|sid| sid.parse().ok()).and_then(usable))
        }
    }
}

/// Checks whether an outcome allows sending, and returns the delay of the response.
fn admit(
    account: &Account,
    outcome: Outcome,
    channel: Option<Channel>,
    start: &StartParameters,
) -> Result<Duration, ApiError> {
    match outcome {
        Outcome::Delivered | Outcome::Undelivered => Ok(Duration::ZERO),
        Outcome::Slow(delay) => Ok(delay),
        Outcome::Landline if channel == Some(Channel::Call) => Ok(Duration::ZERO),
        Outcome::Landline => Err(ApiError::landline()),
        Outcome::Blocked
            if start.risk_check.as_deref() == Some("disable")
                || account.safe_list.get(&start.to).is_some() =>
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
