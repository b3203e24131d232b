//! `/v2/Templates`: the templates of the account.

use serde_json::{Value, json};

use crate::contract::error::ApiError;
use crate::messages::template::{DATE, OFFERING_ACCOUNT, Template};
use crate::operations::calls::call::Call;
use crate::operations::calls::list;
use crate::operations::calls::response::ApiResponse;
use crate::tables::page::Order;

fn body(template: &Template, call: &Call<'_>) -> Value {
    let translations: serde_json::Map<String, Value> = template
        .translations
        .iter()
        .map(|(locale, own)| {
            let translation = json!({
                "status": if own.is_approved { "approved" } else { "pending" },
                "locale": locale,
                "text": own.text,
                "is_default_translation": template.default_locale.as_ref() == Some(locale),
                "date_created": DATE,
                "date_updated": DATE,
            });
            (locale.clone(), translation)
        })
        .collect();
    let account = if template.is_offered { OFFERING_ACCOUNT } else { call.account_sid() };
    json!({
        "sid": template.sid,
        "account_sid": account,
        "friendly_name": template.friendly_name,
        "channels": template.channels,
        "translations": translations,
    })
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let name: Option<String> = call.parameter("FriendlyName")?;
    list::table_page(
        call,
        "templates",
        &call.app.settings.templates,
        Order::OldestFirst,
        |template| name.as_ref().is_none_or(|name| *name == template.friendly_name),
        |template| body(template, call),
    )
}
