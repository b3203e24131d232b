//! `/v2/Services`: the settings of verifications, factors and challenges.

use serde_json::{Value, json};

use crate::contract::error::ApiError;
use crate::operations::calls::call::Call;
use crate::operations::calls::list;
use crate::operations::calls::response::ApiResponse;
use crate::tables::page::Order;

use crate::tables::parent::Parent;

use crate::records::service::{Service, ServiceSettings, is_service_name};

impl Service {
    fn body(&self, call: &Call<'_>) -> Value {
        let settings = &self.settings;
        let url = call.url(format_args!("/v2/Services/{}", self.sid));
        json!({
            "sid": self.sid,
            "account_sid": call.account_sid(),
            "friendly_name": settings.friendly_name,
            "code_length": settings.code_length(),
            "lookup_enabled": settings.lookup_enabled.unwrap_or(false),
            "psd2_enabled": settings.psd2_enabled.unwrap_or(false),
            "skip_sms_to_landlines": settings.skip_sms_to_landlines.unwrap_or(false),
            "dtmf_input_required": settings.dtmf_input_required.unwrap_or(true),
            "tts_name": settings.tts_name,
            "do_not_share_warning_enabled": settings.do_not_share_warning_enabled.unwrap_or(false),
            "custom_code_enabled": settings.custom_code_enabled.unwrap_or(false),
            "push": {
                "include_date": settings.push_include_date(),
                "apn_credential_sid": settings.push_apn_credential_sid,
                "fcm_credential_sid": settings.push_fcm_credential_sid,
            },
            "totp": {
                "issuer": settings.totp_issuer(),
                "time_step": settings.totp_time_step(),
                "code_length": settings.totp_code_length(),
                "skew": settings.totp_skew(),
            },
            "default_template_sid": settings.default_template_sid,
            "whatsapp": {
                "msg_service_sid": settings.whatsapp_msg_service_sid,
                "from": settings.whatsapp_from,
            },
            "passkeys": {
                "relying_party": {
                    "id": settings.passkeys_relying_party_id,
                    "name": settings.passkeys_relying_party_name,
                    "origins": settings.passkeys_origins(),
                },
                "authenticator_attachment": settings.passkeys_authenticator_attachment(),
                "discoverable_credentials": settings.passkeys_discoverable_credentials(),
                "user_verification": settings.passkeys_user_verification(),
            },
            "verify_event_subscription_enabled": settings.verify_event_subscription_enabled.unwrap_or(false),
            "date_created": self.date_created,
            "date_updated": self.date_updated,
            "url": url,
            "links": {
                "verification_checks": format!("{url}/VerificationCheck"),
                "verifications": format!("{url}/Verifications"),
                "rate_limits": format!("{url}/RateLimits"),
                "messaging_configurations": format!("{url}/MessagingConfigurations"),
                "entities": format!("{url}/Entities"),
                "webhooks": format!("{url}/Webhooks"),
                "access_tokens": format!("{url}/AccessTokens"),
            },
        })
    }
}

/// Reads the settings of a request.
fn settings(call: &Call<'_>) -> Result<ServiceSettings, ApiError> {
    let settings: ServiceSettings = call.read()?;
    match settings.friendly_name.as_deref().is_none_or(is_service_name) {
        true => Ok(settings),
        false => Err(ApiError::invalid_parameter("FriendlyName")),
    }
}

pub(crate) fn create(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let settings = settings(call)?;
    let service = Service {
        sid: call.account.draw.sid(),
        date_created: call.date(),
        date_updated: call.date(),
        settings,
    };
    let body = service.body(call);
    call.account.services.insert(service);
    ApiResponse::created(&body)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    list::table_page(
        call,
        "services",
        &call.account.services,
        Order::NewestFirst,
        |_| true,
        |service| service.body(call),
    )
}

pub(crate) fn fetch(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let sid = call.key("Sid")?;
    let service = call.account.services.get(&sid).ok_or_else(|| call.not_found())?;
    ApiResponse::ok(&service.body(call))
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let sid = call.key("Sid")?;
    let (date, changes) = (call.date(), settings(call)?);
    let Some(service) = call.account.services.get_mut(&sid) else {
        return Err(call.not_found());
    };
    service.settings = changes.over(&service.settings);
    service.date_updated = date;
    fetch(call)
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let sid = call.key("Sid")?;
    if call.account.services.remove(&sid).is_none() {
        return Err(call.not_found());
    }
    call.account.remove_within(&Parent::Service(sid), call.request.now);
    Ok(ApiResponse::deleted())
}
