//! Access to `/_emulator/`: from this machine, but not from web pages of other sites.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use url::{Host, Url};

use crate::app::credentials;
use crate::app::shared::App;
use crate::contract::error::ApiError;

/// Rejects requests that a web page of another site may have sent from a browser on this machine: those to another host
/// name, which may resolve to loopback (DNS rebinding), and those of another origin. An emulator that other machines
/// can reach requires the account's credentials instead.
pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let allowed = if app.settings.loopback {
        is_own(headers)
    } else {
        credentials::accepts(&app.settings.credentials, headers.get(header::AUTHORIZATION))
    };
    if allowed {
        next.run(request).await
    } else if app.settings.loopback {
        ApiError::foreign_origin().into_response()
    } else {
        ApiError::unauthenticated().into_response()
    }
}

fn is_own(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).map(|host| host.to_str().ok());
    let origin = headers.get(header::ORIGIN).map(|origin| origin.to_str().ok());
    let own =
        |host: &str| Url::parse(&format!("http://{host}/")).is_ok_and(|url| is_loopback(&url));
    let same = |origin: &str| Url::parse(origin).is_ok_and(|url| is_loopback(&url));
    // HTTP/1.0 has no `Host`; only browsers send `Origin`.
    host.is_none_or(|host| host.is_some_and(own))
        && origin.is_none_or(|origin| origin.is_some_and(same))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn own(headers: &[(HeaderName, &'static str)]) -> bool {
        let headers = headers.iter().cloned();
        is_own(&headers.map(|(name, value)| (name, HeaderValue::from_static(value))).collect())
    }

    #[test]
    fn loopback_is_told_by_host_and_origin() {
        assert!(own(&[]));
        for host in ["localhost:8080", "127.0.0.1:1", "[::1]:8080", "verify.localhost", "127.8.8.8"]
        {
            assert!(own(&[(header::HOST, host)]), "{host}");
        }
        assert!(own(&[(header::HOST, "localhost:1"), (header::ORIGIN, "http://localhost:1")]));
        for host in [
            "example.com",
            "127.0.0.1.example.com",
            "localhost.example.com:80",
            "10.0.0.1",
            "",
            "a b",
        ] {
            assert!(!own(&[(header::HOST, host)]), "{host}");
        }
        for origin in ["null", "https://example.com", "http://localhost.example.com"] {
            assert!(!own(&[(header::HOST, "localhost:1"), (header::ORIGIN, origin)]), "{origin}");
        }
    }
}
