//! `/v2/Services/{ServiceSid}/Entities`: the owners of factors.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::contract::code::Code;
use crate::contract::error::ApiError;
use crate::operations::calls::call::Call;
use crate::operations::calls::list;
use crate::operations::calls::response::ApiResponse;
use crate::tables::page::Order;
use crate::tables::parent::Parent;
use crate::values::sid::ServiceSid;

use crate::records::entity::Entity;
use crate::tables::table::Record;

impl Entity {
    /// Returns the absolute URL of an entity.
    pub(crate) fn url(call: &Call<'_>, service_sid: ServiceSid, identity: &str) -> String {
        // Letters, digits and dashes need no encoding.
        call.url(format_args!("/v2/Services/{service_sid}/Entities/{identity}"))
    }

    fn body(&self, call: &Call<'_>) -> Value {
        let url = Self::url(call, self.service_sid, &self.identity);
        json!({
            "sid": self.sid,
            "identity": self.identity,
            "account_sid": call.account_sid(),
            "service_sid": self.service_sid,
            "date_created": self.date_created,
            "date_updated": self.date_updated,
            "url": url,
            "links": {
                "factors": format!("{url}/Factors"),
                "new_factors": format!("{url}/Factors"),
                "challenges": format!("{url}/Challenges"),
            },
        })
    }
}

/// Returns the entity in the path, or an error if it does not exist.
pub(crate) fn of_path<'c>(call: &'c Call<'_>) -> Result<&'c Entity, ApiError> {
    let key = (call.service()?, call.segment("Identity").to_owned());
    let entity = call.account.entities.get(&key);
    entity.ok_or_else(|| call.not_found())
}

/// Returns the entity with an identity. It is created if it does not exist (assumed).
pub(crate) fn named(call: &mut Call<'_>, service_sid: ServiceSid, identity: &str) -> Entity {
    let entity = call.account.entities.get(&(service_sid, identity.to_owned()));
    match entity {
        Some(entity) => entity.clone(),
        None => make(call, service_sid, identity),
    }
}

fn make(call: &mut Call<'_>, service_sid: ServiceSid, identity: &str) -> Entity {
    let entity = Entity {
        sid: call.account.draw.sid(),
        service_sid,
        identity: identity.to_owned(),
        date_created: call.date(),
        date_updated: call.date(),
    };
    call.account.entities.insert(entity.clone());
    entity
}

/// Checks that an identity has 8 to 64 letters, digits and dashes (documented by Twilio). It is case-sensitive
/// (assumed).
pub(crate) fn check_identity(name: &str, identity: &str) -> Result<(), ApiError> {
    let is_known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    match (8..=64).contains(&identity.len()) && identity.bytes().all(is_known) {
        true => Ok(()),
        false => Err(ApiError::invalid_parameter(name)),
    }
}

pub(crate) fn create(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Parameters {
        identity: String,
    }

    let service_sid = call.service()?;
    let Parameters { identity } = call.read()?;
    check_identity("Identity", &identity)?;
    let key = (service_sid, identity);
    if call.account.entities.get(&key).is_some() {
        return Err(Code::EntityExists.into());
    }
    let entity = make(call, service_sid, &key.1);
    ApiResponse::created(&entity.body(call))
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let service_sid = call.service()?;
    list::table_page(
        call,
        "entities",
        &call.account.entities,
        Order::NewestFirst,
        |entity| entity.service_sid == service_sid,
        |entity| entity.body(call),
    )
}

pub(crate) fn fetch(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    ApiResponse::ok(&of_path(call)?.body(call))
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<ApiResponse, ApiError> {
    let entity = of_path(call)?;
    let (key, sid) = (entity.key(), entity.sid);
    call.account.entities.remove(&key);
    call.account.remove_within(&Parent::Entity(sid), call.request.now);
    Ok(ApiResponse::deleted())
}
