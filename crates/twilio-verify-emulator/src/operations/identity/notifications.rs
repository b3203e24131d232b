//! `/v2/Services/{ServiceSid}/Entities/{Identity}/Challenges/{ChallengeSid}/Notifications`: repeated pushes of a
//! challenge. Nothing is delivered, and no operation fetches them.

use serde::Deserialize;
use serde_json::json;

use crate::contract::error::ApiError;
use crate::operations::calls::call::Call;
use crate::operations::calls::response::ApiResponse;
use crate::operations::identity::challenges;
use crate::records::identity::challenge::ChallengeStatus;
use crate::records::identity::factor::FactorType;
use crate::values::sid::NotificationSid;

/// How many seconds delivery would be tried (documented by Twilio).
const DEFAULT_TTL: u32 = 300;

pub(crate) fn create(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Parameters {
        ttl: Option<u32>,
    }

    let Parameters { ttl } = call.read()?;
    let challenge = challenges::of_path(call, "ChallengeSid")?.clone();
    if challenge.factor_type != FactorType::Push {
        return Err(ApiError::invalid_factor("the factor receives no pushes"));
    }
    if challenge.status != ChallengeStatus::Pending {
        return Err(ApiError::invalid_factor("the challenge is not pending"));
    }
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
