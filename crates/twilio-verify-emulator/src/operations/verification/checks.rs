//! `/v2/Services/{ServiceSid}/VerificationCheck`: checks of submitted codes.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::contract::error::ApiError;
use crate::messages::code::is_code;
use crate::operations::calls::call::Call;
use crate::operations::calls::response::ApiResponse;
use crate::operations::verification::verifications::channel_name;
use crate::records::verification::{Verification, VerificationStatus};
use crate::state::verifications::{convert, end, find, find_sid, find_sna};
use crate::values::sid::VerificationSid;

/// The network does not vouch for the number (assumed: Twilio has a code for each reason).
const SNA_FAILED: u32 = 60519;

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
    let found = match (check.verification_sid, &check.to, &check.sna_client_token) {
        (Some(sid), _, _) => find_sid(call.account, service, sid, call.now),
        (None, Some(to), _) => find(call.account, service, to, call.now),
        (None, None, Some(token)) => {
            let found = find_sna(call.account, token, call.now);
            found.filter(|verification| verification.service_sid == service)
        }
        (None, None, None) => return Err(ApiError::missing_parameter("To")),
    };
    let mut verification = found.ok_or_else(|| call.not_found())?.clone();
    let right = match (&verification.sna, &verification.code) {
        (Some(sna), _) if check.code.is_none() => sna.accepts(check.sna_client_token.as_deref()),
        (_, own) => {
            let code = check.code.as_deref();
            let code = code.ok_or_else(|| ApiError::missing_parameter("Code"))?;
            if !is_code(code) {
                return Err(ApiError::invalid_parameter("Code"));
            }
            own.as_deref() == Some(code)
        }
    };
    for (name, own, given) in [
        ("Amount", &verification.amount, &check.amount),
        ("Payee", &verification.payee, &check.payee),
    ] {
        if own.is_some() && given.is_none() {
            return Err(ApiError::missing_parameter(name));
        }
    }
    let right = right && verification.amount == check.amount && verification.payee == check.payee;

    let settings = &call.app.settings.verification;
    if verification.checks >= settings.max_checks {
        if let Some(pending) = call.account.verifications.get_mut(&verification.sid) {
            pending.status = VerificationStatus::MaxAttemptsReached;
        }
        return Err(ApiError::max_check_attempts());
    }
    verification.checks += 1;
    verification.date_updated = call.date();
    if right {
        verification.status = VerificationStatus::Approved;
        end(call.account, &verification);
        convert(&call.app.store, &verification, settings.converting, call.date());
    } else if let Some(pending) = call.account.verifications.get_mut(&verification.sid) {
        pending.clone_from(&verification);
    }
    ApiResponse::created(&body(call, &verification))
}

fn body(call: &Call<'_>, verification: &Verification) -> Value {
    let sna = verification.sna.as_ref();
    let failed = sna.is_some_and(|sna| sna.vouched == Some(false));
    let sna_attempts =
        verification.sends.iter().rev().filter(|send| failed && send.channel.is_none());
    let failures: Vec<Value> = sna_attempts
        .map(|send| json!({ "attempt_sid": send.attempt_sid, "code": SNA_FAILED }))
        .collect();
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
