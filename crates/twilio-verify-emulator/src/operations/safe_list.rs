//! `/v2/SafeList/Numbers`: phone numbers that Fraud Guard never rejects.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::contract::code::Code;
use crate::contract::error::ApiError;
use crate::operations::calls::call::Call;
use crate::operations::calls::response::ApiResponse;
use crate::values::phone_number::is_e164;

use crate::records::safe_list_number::SafeListNumber;

impl SafeListNumber {
    fn body(&self, call: &Call<'_>) -> Value {
        // Only the plus of a phone number needs encoding.
        let segment = self.phone_number.replace('+', "%2B");
        json!({
            "sid": self.sid,
            "phone_number": self.phone_number,
            "url": call.url(format_args!("/v2/SafeList/Numbers/{segment}")),
        })
    }
}

pub(crate) fn create(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Parameters {
        phone_number: String,
    }
    let Parameters { phone_number } = call.read()?;
    if !is_e164(&phone_number) {
        return Err(ApiError::invalid_parameter("PhoneNumber"));
    }
    if call.account.safe_list.get(&phone_number).is_some() {
        return Err(Code::OnSafeList.into());
    }
    let number = SafeListNumber { sid: call.account.draw.sid(), phone_number };
    let body = number.body(call);
    call.account.safe_list.insert(number);
    ApiResponse::created(&body)
}

pub(crate) fn fetch(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let number: String = call.key("PhoneNumber")?;
    match call.account.safe_list.get(&number) {
        Some(number) => ApiResponse::ok(&number.body(call)),
        None => Err(call.not_found()),
    }
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let number: String = call.key("PhoneNumber")?;
    match call.account.safe_list.remove(&number) {
        Some(_) => Ok(ApiResponse::deleted()),
        None => Err(call.not_found()),
    }
}
