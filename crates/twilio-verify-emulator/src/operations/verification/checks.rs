//! `/v2/Services/{ServiceSid}/VerificationCheck`: checks of submitted codes.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::variant::Variant;
use crate::contract::code::Code;
use crate::contract::error::ApiError;
use crate::messages::code::is_code;
use crate::operations::calls::call::Call;
use crate::operations::calls::response::ApiResponse;
use crate::operations::verification::verifications::channel_name;
use crate::records::sna::SnaFailure;
use crate::records::verification::{Verification, VerificationStatus};
use crate::state::journal::EventKind;
use crate::state::verifications::{approve, end, exhaust, find, find_sid};
use crate::values::sid::VerificationSid;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Check {
    code: Option<String>,
    to: Option<String>,
    verification_sid: Option<VerificationSid>,
    amount: Option<String>,
    payee: Option<String>,
    sna_client_token: Option<String>,
}

pub(crate) fn create(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let service = call.service()?;
    let check: Check = call.read()?;
    let found = match (check.verification_sid, &check.to) {
        (Some(sid), _) => find_sid(call.account, service, sid, call.now),
        (None, Some(to)) => find(call.account, service, to, call.now),
        (None, None) => return Err(Code::NoTarget.into()),
    };
    let found = found.filter(|verification| verification.is_open());
    let mut verification = found.ok_or_else(|| call.not_found())?.clone();
    if (verification.amount.is_some() && check.amount.is_none())
        || (verification.payee.is_some() && check.payee.is_none())
    {
        return Err(Code::PaymentRequired.into());
    }
    let is_right = match (&check.code, &verification.sna) {
        (None, None) => return Err(ApiError::missing_parameter("Code")),
        (Some(code), _) if !is_code(code) => return Err(ApiError::invalid_parameter("Code")),
        (Some(code), _) => verification.code.as_ref() == Some(code),
        (None, Some(sna)) => {
            let failure = sna.failure(check.sna_client_token.as_deref());
            let mut sends = verification.sends.iter_mut().rev();
            if let Some(send) = sends.find(|send| send.channel.is_none()) {
                send.sna_error = failure.and_then(SnaFailure::code);
            }
            failure.is_none()
        }
    };
    let is_right =
        is_right && verification.amount == check.amount && verification.payee == check.payee;

    let settings = &call.app.settings;
    let max_checks = settings.verification.max_checks;
    if verification.checks >= max_checks {
        match settings.has(Variant::MaxAttemptsDeletes) {
            true => end(call.account, &verification),
            false => exhaust(call.account, verification.sid, call.request.now),
        }
        return Err(Code::MaxChecks.into());
    }
    verification.checks += 1;
    verification.date_updated = call.date();
    let (now, date) = (call.now, call.date());
    call.account.journal.note(&verification, now, EventKind::Checked { valid: is_right });
    if is_right {
        let converting = settings.verification.converting;
        approve(call.account, &call.request.app.store, &mut verification, converting, date);
    } else {
        if let Some(stored) = call.account.verifications.get_mut(&verification.sid) {
            stored.clone_from(&verification);
        }
        // The response to this check still has the earlier status.
        if verification.checks >= max_checks {
            exhaust(call.account, verification.sid, now);
        }
    }
    ApiResponse::ok(&body(call, &verification))
}

fn body(call: &Call<'_>, verification: &Verification) -> Value {
    let failures = verification.sends.iter().filter_map(|send| {
        let code = send.sna_error?;
        Some(json!({ "attempt_sid": send.attempt_sid, "code": code }))
    });
    let is_sna = verification.channel().is_none();
    let failures = is_sna.then(|| failures.collect::<Vec<Value>>());
    json!({
        "sid": verification.sid,
        "service_sid": verification.service_sid,
        "account_sid": call.account_sid(),
        "to": verification.to,
        "channel": channel_name(verification.channel()),
        "status": verification.status,
        "valid": verification.status == VerificationStatus::Approved,
        "amount": verification.amount,
        "payee": verification.payee,
        "date_created": verification.date_created,
        "date_updated": verification.date_updated,
        "sna_attempts_error_codes": failures,
    })
}
