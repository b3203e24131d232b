//! Sends codes: creates the attempt and the message.

use crate::attempts::data::attempt::{Attempt, ErrorCode, Price};
use crate::contract::code::Code;
use crate::contract::error::ApiError;
use crate::messages::content::Content;
use crate::messages::outbox::Message;
use crate::messages::outcome::Outcome;
use crate::messages::template::Template;
use crate::operations::calls::call::Call;
use crate::operations::verification::parameters::{MESSAGE_LENGTH, StartParameters};
use crate::records::service::ServiceSettings;
use crate::records::verification::Verification;
use crate::values::calling_code;
use crate::values::channel::Channel;
use crate::values::market;
use crate::values::sid::AttemptSid;

const DEFAULT_LOCALE: &str = "en";

/// A message that was sent.
pub(crate) struct Sent {
    pub(crate) code: String,
    pub(crate) text: String,
    pub(crate) locale: String,
    /// Whether it arrives.
    pub(crate) delivered: bool,
}

/// Sends a code for a verification.
pub(crate) fn send(
    call: &mut Call<'_>,
    settings: &ServiceSettings,
    start: &StartParameters,
    template: Option<&Template>,
    verification: &Verification,
    (attempt_sid, channel): (AttemptSid, Channel),
    outcome: Outcome,
) -> Result<Sent, ApiError> {
    let code = code(call, settings, start, verification);
    let own = market::of_number(&start.to).map_or(DEFAULT_LOCALE, |market| market.locale);
    let locale = start.locale.as_deref().unwrap_or(own);
    let template = template.and_then(|template| template.text(Some(locale)));
    let locale = template.map_or(locale, |(locale, _)| locale).to_owned();
    let template = template.map(|(_, text)| text);
    if template.is_some_and(|text| !text.is_approved) {
        return Err(Code::UnapprovedTranslation.into());
    }
    let template = template.map(|text| text.text.as_str());
    let text = text(verification, settings, start, template, &code, &locale)?;
    if text.chars().count() > MESSAGE_LENGTH {
        return Err(Code::MessageTooLong.into());
    }
    let attempt = attempt(verification, attempt_sid, channel, &code, &locale, outcome);
    let recorded = call.app.store.insert(attempt);
    // The SID is free, unless an attempt was inserted at this moment.
    recorded.map_err(|_| ApiError::internal())?;
    let delivered = arrives(outcome, channel);
    if delivered {
        call.app.outbox.push(Message {
            number: 0,
            to: start.to.clone(),
            channel,
            code: code.clone(),
            text: text.clone(),
            locale: locale.clone(),
            verification_sid: verification.sid,
            service_sid: verification.service_sid,
            attempt_sid,
            sent_at: call.now,
        });
    }
    Ok(Sent { code, text, locale, delivered })
}

/// Whether a code with this outcome arrives on a channel.
fn arrives(outcome: Outcome, channel: Channel) -> bool {
    match outcome {
        Outcome::Undelivered => false,
        Outcome::Landline => matches!(channel, Channel::Call | Channel::Email),
        _ => true,
    }
}

/// Draws the SID of a new attempt. An inserted attempt may already have it, as emulators with the same seed draw the
/// same SIDs.
pub(crate) fn attempt_sid(call: &mut Call<'_>) -> AttemptSid {
    loop {
        let sid = call.account.draw.sid();
        if call.app.store.get(sid).is_none() {
            return sid;
        }
    }
}

/// Returns the code to send: the request's, the one that was sent before, the one that was set for all, or a new one.
fn code(
    call: &mut Call<'_>,
    settings: &ServiceSettings,
    start: &StartParameters,
    pending: &Verification,
) -> String {
    let known = start.custom_code.clone();
    let known = known.or_else(|| pending.code.clone());
    known
        .or_else(|| call.account.sending.code.clone())
        .unwrap_or_else(|| call.account.draw.digits(settings.code_length().into()))
}

fn text(
    verification: &Verification,
    settings: &ServiceSettings,
    start: &StartParameters,
    template: Option<&str>,
    code: &str,
    locale: &str,
) -> Result<String, ApiError> {
    let substitutions = start.template_custom_substitutions.iter().flatten();
    let substitutions: Vec<(String, String)> = substitutions
        .map(|(name, value)| {
            let text = value.as_str().map(str::to_owned);
            (name.clone(), text.unwrap_or_else(|| value.to_string()))
        })
        .collect();
    let payment = verification.amount.as_deref().zip(verification.payee.as_deref());
    let content = Content {
        name: start.custom_friendly_name.as_deref().unwrap_or(settings.friendly_name()),
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
    // Only a template must have a value for every placeholder.
    match start.custom_message.is_none() && template.is_some() && !content.is_complete() {
        true => Err(Code::MissingSubstitution.into()),
        false => Ok(content.text()),
    }
}

/// Creates the attempt that records a send.
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
    let price = market::price(channel, market::of_number(&verification.to));
    attempt.price = Some(Price::new(price, "usd"));
    let data = &mut attempt.channel_data;
    data.to = Some(verification.to.clone());
    data.status = Some("unconfirmed".into());
    data.country = calling_code::country(&verification.to);
    data.code_length = u8::try_from(code.len()).ok();
    data.locale = Some(locale.to_owned());
    if channel != Channel::Email
        && let Some((mcc, mnc, name)) = market::carrier(&verification.to)
    {
        data.mcc = Some((*mcc).into());
        data.mnc = Some((*mnc).into());
        data.carrier = Some((*name).into());
    }
    let arrives = arrives(outcome, channel);
    match channel {
        Channel::Email => {}
        Channel::Call => {
            data.call_status = Some(if arrives { "completed" } else { "no-answer" }.into());
        }
        _ => {
            data.message_status = Some(if arrives { "delivered" } else { "undelivered" }.into());
            let code = match channel {
                Channel::Sms if outcome == Outcome::Landline => "30006",
                Channel::Sms => "30003",
                _ => "63024",
            };
            data.error_code = (!arrives).then(|| ErrorCode::Text(code.into()));
        }
    }
    attempt
}
