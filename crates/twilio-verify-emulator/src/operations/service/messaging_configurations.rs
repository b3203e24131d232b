//! `/v2/Services/{ServiceSid}/MessagingConfigurations`: the messaging services for countries.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::operations::calls::call::Call;
use crate::operations::calls::response::ApiResponse;

use crate::contract::code::Code;
use crate::contract::error::ApiError;
use crate::operations::calls::list;
use crate::tables::page::Order;

use crate::records::messaging_configuration::{MessagingConfiguration, country_of};
use crate::tables::table::Record;

impl MessagingConfiguration {
    fn body(&self, call: &Call<'_>) -> Value {
        json!({
            "account_sid": call.account_sid(),
            "service_sid": self.service_sid,
            "country": self.country,
            "messaging_service_sid": self.messaging_service_sid,
            "date_created": self.date_created,
            "date_updated": self.date_updated,
            "url": call.url(format_args!(
                "/v2/Services/{}/MessagingConfigurations/{}",
                self.service_sid, self.country
            )),
        })
    }
}

/// Returns the configuration in the path, or an error if it does not exist.
fn find<'a>(call: &'a Call<'_>) -> Result<&'a MessagingConfiguration, ApiError> {
    let service = call.service()?;
    country_of(call.segment("Country"))
        .and_then(|country| {
            let configurations = &call.account.messaging_configurations;
            configurations.get(&(service, country))
        })
        .ok_or_else(|| call.not_found())
}

pub(crate) fn create(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Parameters {
        country: String,
        messaging_service_sid: String,
    }
    let service_sid = call.service()?;
    let Parameters { country, messaging_service_sid } = call.read()?;
    let country = country_of(&country).ok_or_else(|| ApiError::invalid_parameter("Country"))?;
    let configuration = MessagingConfiguration {
        service_sid,
        country,
        messaging_service_sid,
        date_created: call.date(),
        date_updated: call.date(),
    };
    let configurations = &mut call.account.messaging_configurations;
    if configurations.get(&configuration.key()).is_some() {
        return Err(Code::CountryExists.into());
    }
    configurations.insert(configuration.clone());
    ApiResponse::created(&configuration.body(call))
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let service = call.service()?;
    list::table_page(
        call,
        "messaging_configurations",
        &call.account.messaging_configurations,
        Order::NewestFirst,
        |configuration| configuration.service_sid == service,
        |configuration| configuration.body(call),
    )
}

pub(crate) fn fetch(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    ApiResponse::ok(&find(call)?.body(call))
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Parameters {
        messaging_service_sid: String,
    }
    let key = find(call)?.key();
    let (date, changes): (_, Parameters) = (call.date(), call.read()?);
    if let Some(configuration) = call.account.messaging_configurations.get_mut(&key) {
        configuration.messaging_service_sid = changes.messaging_service_sid;
        configuration.date_updated = date;
    }
    fetch(call)
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let key = find(call)?.key();
    call.account.messaging_configurations.remove(&key);
    Ok(ApiResponse::deleted())
}
