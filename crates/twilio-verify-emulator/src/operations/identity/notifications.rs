//! `/v2/Services/{ServiceSid}/Entities/{Identity}/Challenges/{ChallengeSid}/Notifications`: repeated pushes of a
//! challenge. Nothing is delivered, and no operation fetches them.

use serde::Deserialize;
use serde_json::json;

use crate::contract::code::Code;
use crate::contract::error::ApiError;
use crate::operations::calls::call::Call;
use crate::operations::calls::response::ApiResponse;
use crate::operations::identity::challenges;
use crate::records::identity::device::Platform;
use crate::records::identity::factor::FactorKind;
use crate::values::sid::NotificationSid;

/// How many seconds delivery would be attempted (documented by Twilio).
const DEFAULT_TTL: u32 = 300;

/// The maximum number of notifications of a challenge, in addition to its first push (documented by Twilio; that the
/// first push does not count is assumed).
const MAX_NOTIFICATIONS: u32 = 3;

pub(crate) fn create(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Parameters {
        ttl: Option<u32>,
    }

    let Parameters { ttl } = call.read()?;
    let mut challenge = challenges::of_path(call, "ChallengeSid")?.clone();
    let factor = challenge.factor_sid.and_then(|sid| call.account.factors.get(&sid));
    let Some(FactorKind::Push(device)) = factor.map(|factor| &factor.kind) else {
        return Err(ApiError::invalid_request("the factor receives no pushes"));
    };
    if device.notification_platform == Platform::None {
        return Err(Code::NoPushPlatform.into());
    }
    challenges::check_pending(&challenge)?;
    if challenge.notifications >= MAX_NOTIFICATIONS {
        return Err(Code::MaxNotifications.into());
    }
    challenge.notifications += 1;
    challenges::replace(call, &challenge);
    let sid: NotificationSid = call.account.draw.sid();
    ApiResponse::created(&json!({
        "sid": sid,
        "account_sid": call.account_sid(),
        "service_sid": challenge.service_sid,
        "entity_sid": challenge.entity_sid,
        "identity": challenge.identity,
        "challenge_sid": challenge.sid,
        "priority": "high",
        "ttl": ttl.unwrap_or(DEFAULT_TTL),
        "date_created": call.date(),
    }))
}
