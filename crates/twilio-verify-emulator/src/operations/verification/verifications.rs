//! `/v2/Services/{ServiceSid}/Verifications`: started, sent again, fetched, ended.


use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};


use crate::attempts::data::attempt::Channel;
use crate::operations::calls::call::{Answer, Call};
use crate::values::calling_code;
use crate::contract::error::ApiError;
use crate::values::market;
use crate::values::market::Market;
use crate::messages::outcome::Outcome;
use crate::records::sna::Sna;
use crate::state::verifications::{convert, end};
use crate::operations::service::services::Settings;
use crate::values::sid::{AttemptSid, ServiceSid, VerificationSid};
use crate::state::account::State;
use crate::tables::parent::Parent;
use crate::tables::table::Record;

/// How many characters a code has (documented by Twilio).
pub(crate) const CODE_LENGTHS: std::ops::RangeInclusive<usize> = 4..=10;

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
fn market_of(to: &str) -> Option<&'static Market> {
    calling_code::country(to).and_then(market::of)
}

/// The network of a number: one of its country's, the same each time.
fn carrier(to: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    let carriers = market_of(to)?.carriers;
    let sum: usize = to.bytes().map(usize::from).sum();
    carriers.get(sum % carriers.len().max(1))
}

pub(crate) fn is_code(text: &str) -> bool {
    CODE_LENGTHS.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
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
