//! Access control: serves programs, and web pages of accepted hosts.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{Method, header};

use crate::app::hosts::{Authority, Hosts};
use crate::app::shared::App;
use crate::contract::error::ApiError;

/// The base of the URLs in a response, as an extension of the request.
#[derive(Clone)]
pub(crate) struct BaseUrl(pub(crate) String);

/// The paths of the page, to which links of other sites may lead.
const PAGE: [&str; 2] = ["/_emulator", "/_emulator/"];

/// Rejects requests that a web page of another site may have sent from a browser on this machine: requests to a host
/// that is not accepted, whose name may resolve to loopback (DNS rebinding), and requests of another origin. The
/// credentials do not keep out such a page, because they are public.
pub(crate) async fn guard(State(app): State<App>, mut request: Request, next: Next) -> Response {
    match check(&app.hosts, &request) {
        Ok(authority) => {
            request.extensions_mut().insert(BaseUrl(app.base_url(&authority)));
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

/// Returns the authority that a request is sent to, if it is accepted.
fn check(hosts: &Hosts, request: &Request) -> Result<Authority, ApiError> {
    let headers = request.headers();
    let mut given = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (given.next(), given.next()) else {
        return Err(ApiError::not_one_host());
    };
    let host = Authority::parse(host.as_bytes()).ok_or_else(ApiError::not_one_host)?;
    // The authority in the target of a proxy request replaces the header (RFC 9112, 3.2.2).
    let target = request.uri().authority().map(|authority| {
        let authority = Authority::parse(authority.as_str().as_bytes());
        authority.ok_or_else(ApiError::not_one_host)
    });
    let target = target.transpose()?.unwrap_or_else(|| host.clone());
    if !hosts.accepts(&host.host) || !hosts.accepts(&target.host) {
        return Err(ApiError::foreign_host());
    }

    // Only browsers send these headers.
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let is_own = match (origins.next(), origins.next()) {
        (None, _) => {
            let mut sites = headers.get_all("sec-fetch-site").iter();
            sites.all(|site| site == "same-origin" || site == "none") || opens_page(request)
        }
        (Some(origin), None) => hosts.accepts_origin(origin.as_bytes()),
        (Some(_), Some(_)) => false,
    };
    if is_own { Ok(target) } else { Err(ApiError::foreign_origin()) }
}

/// Whether a user follows a link to the page, which the other site can neither read nor frame.
fn opens_page(request: &Request) -> bool {
    let is =
        |name: &str, value: &str| request.headers().get(name).is_some_and(|given| given == value);
    request.method() == Method::GET
        && PAGE.contains(&request.uri().path())
        && is("sec-fetch-mode", "navigate")
        && is("sec-fetch-dest", "document")
}
