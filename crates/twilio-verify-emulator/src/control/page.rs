//! The web page. Its files are embedded, and it sends no request to another host.

use axum::response::{IntoResponse, Redirect, Response};
use http::header;

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

fn file(media_type: &'static str, content: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CACHE_CONTROL, "no-cache"),
        // The text of a message is the caller's: if it were ever taken for markup, none of it would run.
        (header::CONTENT_SECURITY_POLICY, "default-src 'self'; frame-ancestors 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, content).into_response()
}
