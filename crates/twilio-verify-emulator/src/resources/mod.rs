//! Which operation is served by what. One file a resource.

mod attempts;
pub(crate) mod services;

use crate::call::Handler;
use crate::contract::Operation;

/// What serves an operation of the document; attempts have a way of their own, as they have a store of their own.
pub(crate) fn handler(operation: &Operation) -> Option<Handler> {
    Some(match operation.id.as_str() {
        "CreateService" => services::create,
        "DeleteService" => services::delete,
        "FetchService" => services::fetch,
        "ListService" => services::list,
        "UpdateService" => services::update,
        _ => return None,
    })
}

pub(crate) use attempts::method_router as attempts;
