//! `/v2/Services/{ServiceSid}/Verifications`: fetching and updating verifications.

use chrono::SecondsFormat;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::variant::Variant;
use crate::contract::error::ApiError;
use crate::messages::outcome::Outcome;
use crate::operations::calls::call::Call;
use crate::operations::calls::response::ApiResponse;
use crate::operations::verification::limits::count_fetch;
use crate::values::channel::Channel;
use crate::values::market;

use crate::records::service::ServiceSettings;
use crate::state::verifications::{approve, cancel, find, find_sid};

use crate::records::verification::Verification;
use crate::records::verification::VerificationStatus;

/// Returns the name of a channel in verifications and their checks.
pub(crate) fn channel_name(channel: Option<Channel>) -> &'static str {
    channel.map_or("sna", Channel::as_str)
}

impl Verification {
    pub(crate) fn body(&self, call: &Call<'_>, settings: &ServiceSettings) -> Value {
        let sends: Vec<Value> = self
            .sends
            .iter()
            .map(|send| {
                json!({
                    "time": send.time.to_rfc3339_opts(SecondsFormat::Millis, true),
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
            "valid": self.status == VerificationStatus::Approved,
            "lookup": self.lookup(settings, call.account.sending.outcomes.get(&self.to)),
            "amount": self.amount,
            "payee": self.payee,
            "send_code_attempts": sends,
            "date_created": self.date_created,
            "date_updated": self.date_updated,
            "sna": sna,
            "url": call.url(format_args!("/v2/Services/{}/Verifications/{}", self.service_sid, self.sid)),
        })
    }

    fn lookup(&self, settings: &ServiceSettings, outcome: Outcome) -> Value {
        if settings.lookup_enabled != Some(true) || !self.to.starts_with('+') {
            return json!({ "carrier": null });
        }
        let carrier = market::carrier(&self.to);
        json!({ "carrier": {
            "error_code": null,
            "name": carrier.map(|carrier| carrier.2),
            "mobile_country_code": carrier.map(|carrier| carrier.0),
            "mobile_network_code": carrier.map(|carrier| carrier.1),
            "type": if outcome == Outcome::Landline { "landline" } else { "mobile" },
        } })
    }
}

/// Returns the verification that the path names by its SID or by its destination.
fn named<'s>(call: &'s Call<'_>) -> Result<&'s Verification, ApiError> {
    let service = call.service()?;
    let name = call.segment("Sid");
    let found = match name.parse() {
        Ok(sid) => find_sid(call.account, service, sid, call.now),
        Err(_) => find(call.account, service, name, call.now),
    };
    let is_deleted = |verification: &Verification| {
        verification.status == VerificationStatus::MaxAttemptsReached
            && call.app.settings.has(Variant::MaxAttemptsDeletes)
    };
    found.filter(|verification| !is_deleted(verification)).ok_or_else(|| call.not_found())
}

pub(crate) fn fetch(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let sid = named(call)?.sid;
    count_fetch(call, sid)?;
    let verification = named(call)?;
    let settings = call.account.settings_of(verification.service_sid);
    ApiResponse::ok(&verification.body(call, &settings))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UpdateParameters {
    status: VerificationStatus,
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let mut verification = named(call)?.clone();
    if !verification.is_open() {
        return Err(call.not_found());
    }
    let UpdateParameters { status } = call.read()?;
    let date = call.date();
    verification.status = status;
    verification.date_updated = date;
    if status == VerificationStatus::Approved {
        let app = call.request.app;
        let converting = app.settings.verification.converting;
        approve(call.account, &app.store, &mut verification, converting, date);
    } else {
        cancel(call.account, verification.sid, date);
    }
    let settings = call.account.settings_of(verification.service_sid);
    ApiResponse::ok(&verification.body(call, &settings))
}
