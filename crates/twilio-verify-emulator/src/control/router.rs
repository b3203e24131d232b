//! `/_emulator/`: what tests and users can do with an emulator beyond Twilio's API. `openapi.json` describes the
//! requests.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use http::Uri;

use crate::app::shared::App;
use crate::contract::error::ApiError;
use crate::control::data::{attempts, reset, state, summary, truth};
use crate::control::inbox::{outbox, sending, sna, verifications};
use crate::control::routes::Routes;
use crate::control::traffic::{deliveries, faults, requests};
use crate::control::{access, changes, clock, info, page};

/// Routes for data that a data file does not store, or that only read.
fn settings_routes() -> Routes {
    Routes::new()
        .get("/", page::html)
        .get("/icon.svg", page::icon)
        .get("/page.css", page::css)
        .get("/page.js", page::js)
        .get("/page/{name}", page::module)
        .get("/openapi.json", page::openapi)
        .get("/info", info::show)
        .get("/changes", changes::stream)
        .get("/clock", clock::show)
        .post("/clock", clock::advance)
        .put("/clock", clock::set)
        .get("/deliveries", deliveries::list)
        .post("/deliveries/{number}/redeliver", deliveries::redeliver)
        .get("/code", sending::code)
        .put("/code", sending::set_code)
        .get("/outbox", outbox::list)
        .delete("/outbox", outbox::clear)
        .get("/outcomes", sending::outcomes)
        .put("/outcomes", sending::set_outcome)
        .get("/faults", faults::list)
        .post("/faults", faults::add)
        .delete("/faults", faults::clear)
        .delete("/faults/{id}", faults::remove)
        .get("/requests", requests::list)
        .get("/requests/{id}", requests::show)
        .get("/sna/{token}", sna::call)
        .post("/sna/{token}", sna::call)
        .get("/summary", summary::summary)
        .get("/truth", truth::show)
}

/// Routes that change what a data file stores.
fn contents_routes() -> Routes {
    Routes::new()
        .get("/attempts", attempts::newest)
        .post("/attempts", attempts::add)
        .post("/reset", reset::reset)
        .get("/state", state::export)
        .put("/state", state::import)
        .get("/verifications", verifications::list)
        .post("/verifications", verifications::start)
        .get("/verifications/{sid}", verifications::show)
        .patch("/verifications/{sid}", verifications::change)
        .post("/verifications/{sid}/messages", verifications::send_again)
}

/// Routes for data that a data file does not store, or that only read.
pub(crate) fn settings() -> Router<App> {
    settings_routes()
        .into_router()
        .fallback(async |uri: Uri| ApiError::not_found(uri.path()))
        .method_not_allowed_fallback(async || ApiError::method_not_allowed())
}

/// Routes that change what a data file stores.
pub(crate) fn contents() -> Router<App> {
    contents_routes()
        .into_router()
        .method_not_allowed_fallback(async || ApiError::method_not_allowed())
}

/// Mounts the requests at their paths, with access control.
pub(crate) fn nested(control: Router<App>, app: &App) -> Router<App> {
    let control = control.layer(from_fn_with_state(app.clone(), access::guard));
    // `nest` alone does not match the trailing slash.
    Router::new().route("/_emulator", get(page::redirect)).nest("/_emulator/", control)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::control::health;

    #[test]
    fn the_document_has_each_route_and_no_other() {
        let document: Value = serde_json::from_str(include_str!("openapi.json")).unwrap();
        let paths = document["paths"].as_object().unwrap();
        let documented: BTreeSet<(String, String)> = paths
            .iter()
            .flat_map(|(path, operations)| {
                let methods = operations.as_object().unwrap().keys();
                let methods = methods.filter(|name| *name != "parameters");
                methods.map(move |method| (method.clone(), path.clone()))
            })
            .collect();
        let routes = settings_routes().listed.into_iter().chain(contents_routes().listed);
        let mut routes: BTreeSet<(String, String)> =
            routes.map(|(method, path)| (method.into(), format!("/_emulator{path}"))).collect();
        routes.insert(("get".to_owned(), health::PATH.to_owned()));
        assert_eq!(documented, routes);
    }
}
