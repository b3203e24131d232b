//! The web page, and the OpenAPI document of the requests. Their files are embedded, and the page sends no requests to
//! other hosts.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use http::header;

use crate::contract::error::ApiError;

/// The JavaScript modules of the page.
const MODULES: [(&str, &str); 12] = [
    ("api.js", include_str!("page/api.js")),
    ("attempts.js", include_str!("page/attempts.js")),
    ("chart.js", include_str!("page/chart.js")),
    ("detail.js", include_str!("page/detail.js")),
    ("dom.js", include_str!("page/dom.js")),
    ("faults.js", include_str!("page/faults.js")),
    ("inbox.js", include_str!("page/inbox.js")),
    ("requests.js", include_str!("page/requests.js")),
    ("rows.js", include_str!("page/rows.js")),
    ("start.js", include_str!("page/start.js")),
    ("top.js", include_str!("page/top.js")),
    ("webhooks.js", include_str!("page/webhooks.js")),
];

pub(crate) async fn redirect() -> Redirect {
    Redirect::permanent("/_emulator/")
}

pub(crate) async fn html() -> Response {
    file("text/html; charset=utf-8", include_str!("page/page.html"))
}

pub(crate) async fn icon() -> Response {
    file("image/svg+xml", include_str!("page/icon.svg"))
}

pub(crate) async fn css() -> Response {
    file("text/css; charset=utf-8", include_str!("page/page.css"))
}

pub(crate) async fn js() -> Response {
    file("text/javascript; charset=utf-8", include_str!("page/page.js"))
}

pub(crate) async fn module(Path(name): Path<String>) -> Result<Response, ApiError> {
    let module = MODULES.iter().find(|(own, _)| *own == name);
    let (_, content) = module.ok_or_else(|| ApiError::nothing_here("the page has no such file"))?;
    Ok(file("text/javascript; charset=utf-8", content))
}

pub(crate) async fn openapi() -> Response {
    file("application/json", include_str!("openapi.json"))
}

fn file(media_type: &'static str, content: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, "no-cache"),
        // The text of a message comes from the caller: if it were ever rendered as markup, its scripts would not run.
        (header::CONTENT_SECURITY_POLICY, "default-src 'self'; frame-ancestors 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, content).into_response()
}
