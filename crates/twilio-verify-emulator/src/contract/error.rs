//! Error responses.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// An error response.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: u32,
    message: String,
    header: Option<(header::HeaderName, HeaderValue)>,
}

/// What works while the data file cannot be written to, and what to do.
const RECOVERY: &str = "Requests that only read are served. Make room on the disk: the next request that changes \
                        something writes everything that is missing, without a restart";

/// Twilio's classic error body.
#[derive(Serialize)]
struct ErrorBody<'a> {
    code: u32,
    message: &'a str,
    more_info: String,
    status: u16,
}

impl ApiError {
    fn new(status: StatusCode, code: u32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), header: None }
    }

    pub(crate) fn unauthenticated() -> Self {
        let challenge = HeaderValue::from_static("Basic realm=\"Twilio API\"");
        Self {
            header: Some((header::WWW_AUTHENTICATE, challenge)),
            ..Self::new(StatusCode::UNAUTHORIZED, 20003, "Authenticate")
        }
    }

    /// The message names the parameter, never its value, which may be a phone number.
    pub(crate) fn invalid_parameter(name: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, 60200, format!("Invalid parameter: {name}"))
    }

    pub(crate) fn missing_parameter(name: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, 60200, format!("Missing required parameter: {name}"))
    }

    pub(crate) fn too_many_rate_limits() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            60207,
            "Maximum number of rate limits of the service reached",
        )
    }

    pub(crate) fn unique_name_taken() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            60208,
            "The unique name is taken by another rate limit of the service",
        )
    }

    /// A value that must be unique is taken (code assumed).
    pub(crate) fn taken(name: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            60200,
            format!("Invalid parameter: {name}: already taken"),
        )
    }

    /// A factor or a challenge does not allow the request, and why.
    pub(crate) fn invalid_factor(reason: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            60306,
            format!("Invalid factor or challenge request: {reason}"),
        )
    }

    pub(crate) fn factor_not_verified() -> Self {
        Self::new(StatusCode::FORBIDDEN, 60318, "Factor not verified")
    }

    pub(crate) fn challenge_failed() -> Self {
        Self::new(StatusCode::FORBIDDEN, 60324, "Challenge failed")
    }

    pub(crate) fn invalid_json() -> Self {
        Self::new(StatusCode::BAD_REQUEST, 20001, "The body is not JSON")
    }

    pub(crate) fn body_too_long(limit: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            20001,
            format!("The body is longer than {limit} bytes"),
        )
    }

    /// An invalid request to `/_emulator/`, and what is expected.
    pub(crate) fn control(reason: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::BAD_REQUEST, 20001, reason.to_string())
    }

    /// The bodies of requests in progress take all memory that they may take.
    pub(crate) fn body_memory() -> Self {
        let message = "The bodies of other requests in progress take all memory that is set aside for bodies; send the \
                       request again later, or start the emulator with more";
        Self {
            header: Some((header::RETRY_AFTER, 1.into())),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, 20503, message)
        }
    }

    /// So many bodies are being received that they might keep other requests out.
    pub(crate) fn too_many_bodies() -> Self {
        let message = "The bodies of too many other requests are being received; send the request again later, or start \
                       the emulator with more connections";
        Self {
            header: Some((header::RETRY_AFTER, 1.into())),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, 20503, message)
        }
    }

    /// So many clients follow the changes that no other may.
    pub(crate) fn too_many_streams(most: usize) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            20503,
            format!("{most} clients follow the changes already; close one of them"),
        )
    }

    /// It is not known which host the request is for.
    pub(crate) fn not_one_host() -> Self {
        let message = "Expected one Host header, with a host and optionally a port";
        Self::new(StatusCode::BAD_REQUEST, 20001, message)
    }

    /// The request may come from a web page whose host name resolves to this machine.
    pub(crate) fn foreign_host() -> Self {
        let message = "This emulator does not serve the host of the request: use localhost or 127.0.0.1, or start it \
                       with this host among the accepted ones";
        Self::new(StatusCode::FORBIDDEN, 20403, message)
    }

    /// A web page of another site may have sent the request.
    pub(crate) fn foreign_origin() -> Self {
        let message = "Web pages of other sites may not send requests to this emulator";
        Self::new(StatusCode::FORBIDDEN, 20403, message)
    }

    /// The server does not connect to other hosts.
    pub(crate) fn no_tunnel() -> Self {
        let message = "This emulator proxies only the hosts of its certificate";
        Self::new(StatusCode::FORBIDDEN, 20403, message)
    }

    /// An error with HTTP's reason phrase as its message.
    pub(crate) fn of_status(status: StatusCode, code: u32) -> Self {
        Self::new(status, code, status.canonical_reason().unwrap_or("Error"))
    }

    pub(crate) fn body_too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, 20001, "The body was not received in time")
    }

    pub(crate) fn body_broken() -> Self {
        Self::new(StatusCode::BAD_REQUEST, 20001, "The body ended early")
    }

    /// A limit of the emulator is reached. This is not an error of Twilio's.
    pub(crate) fn full() -> Self {
        Self::new(
            StatusCode::INSUFFICIENT_STORAGE,
            20507,
            "The emulator is full: delete resources or reset it, or start it with a higher limit",
        )
    }

    /// An internal error of the emulator.
    pub(crate) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, 20500, "Internal server error")
    }

    /// The change is made, but not in the data file yet.
    pub(crate) fn not_persisted(reason: &str) -> Self {
        Self::new(
            StatusCode::INSUFFICIENT_STORAGE,
            20507,
            format!(
                "The change is made in memory only: the emulator's data file cannot be written to ({reason}). {RECOVERY}"
            ),
        )
    }

    /// The request is not processed, as its changes could not be stored.
    pub(crate) fn not_writable(reason: &str) -> Self {
        Self::new(
            StatusCode::INSUFFICIENT_STORAGE,
            20507,
            format!(
                "The request was not processed: the emulator's data file cannot be written to ({reason}). {RECOVERY}"
            ),
        )
    }

    pub(crate) fn invalid_date() -> Self {
        Self::new(StatusCode::BAD_REQUEST, 20001, "Invalid date value.")
    }

    pub(crate) fn query_too_long(limit: usize) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            20001,
            format!("The query string is longer than {limit} bytes"),
        )
    }

    pub(crate) fn not_found(path: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            20404,
            format!("The requested resource {path} was not found"),
        )
    }

    pub(crate) fn max_check_attempts() -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, 60202, "Max check attempts reached")
    }

    pub(crate) fn max_send_attempts() -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, 60203, "Max send attempts reached")
    }

    /// The settings of the service do not allow it.
    pub(crate) fn not_supported() -> Self {
        Self::new(StatusCode::BAD_REQUEST, 60204, "Service does not support this feature")
    }

    pub(crate) fn landline() -> Self {
        Self::new(StatusCode::FORBIDDEN, 60205, "SMS is not supported by landline phone number")
    }

    pub(crate) fn concurrent_for_number() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            60212,
            "Too many concurrent requests for phone number",
        )
    }

    pub(crate) fn channel_disabled() -> Self {
        Self::new(StatusCode::BAD_REQUEST, 60223, "Delivery channel disabled")
    }

    pub(crate) fn fraud_guard() -> Self {
        Self::new(StatusCode::FORBIDDEN, 60410, "Verification delivery attempt blocked")
    }

    pub(crate) fn geo_permissions() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            60605,
            "Verification delivery attempt blocked by geo permissions",
        )
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, 20004, "Method not allowed")
    }

    pub(crate) fn too_many_requests(retry_after_seconds: u64) -> Self {
        Self {
            header: Some((header::RETRY_AFTER, retry_after_seconds.into())),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, 20429, "Too Many Requests")
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = ErrorBody {
            code: self.code,
            message: &self.message,
            more_info: format!("https://www.twilio.com/docs/errors/{}", self.code),
            status: self.status.as_u16(),
        };
        let mut response = (self.status, Json(body)).into_response();
        response.headers_mut().extend(self.header);
        response
    }
}
