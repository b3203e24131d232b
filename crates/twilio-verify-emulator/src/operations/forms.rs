//! `/v2/Forms`: the fields of requests for push factors.

use serde_json::{Value, json};

use crate::contract::error::ApiError;
use crate::operations::calls::call::Call;
use crate::operations::calls::response::ApiResponse;

/// The media type of the requests.
const FORM: &str = "application/x-www-form-urlencoded";

/// Fetches the form of push factors, the only one.
pub(crate) fn fetch(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let sent_as_form = json!({ "content_type": FORM });
    ApiResponse::ok(&json!({
        "form_type": "form-push",
        "forms": {
            "create_factor": schema(
                &["FriendlyName", "FactorType", "Binding.Alg", "Binding.PublicKey", "Config.AppId",
                  "Config.NotificationPlatform"],
                &["Config.NotificationToken", "Config.SdkVersion", "Metadata"],
            ),
            "verify_factor": schema(&["AuthPayload"], &[]),
            "create_challenge": schema(
                &["FactorSid"],
                &["Details.Message", "Details.Fields", "HiddenDetails", "ExpirationDate"],
            ),
        },
        "form_meta": {
            "create_factor": sent_as_form,
            "verify_factor": sent_as_form,
            "create_challenge": sent_as_form,
        },
        "url": call.own_url(),
    }))
}

/// Creates the schema of a request from its required and optional fields.
fn schema(required: &[&str], optional: &[&str]) -> Value {
    let fields = required.iter().chain(optional);
    let properties: serde_json::Map<String, Value> =
        fields.map(|name| ((*name).to_owned(), json!({ "type": "string" }))).collect();
    json!({ "type": "object", "required": required, "properties": properties })
}
