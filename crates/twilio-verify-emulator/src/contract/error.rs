//! Error responses.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::contract::code::{self, Code, Defect};

/// An error response.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: u32,
    message: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    /// The parameter that caused the error, and what is wrong with it.
    parameter: Option<(String, Defect)>,
}

/// What works while the data file cannot be written to, and how to recover.
const RECOVERY: &str = "Requests that only read are served. Make room on the disk: the next request that changes \
                        something writes everything that is missing, without a restart";
/// The name of the header for the limit that was reached. Its value is assumed.
const REACHED_RATE_LIMIT: HeaderName = HeaderName::from_static("twilio-reached-rate-limit");

/// Twilio's classic error body.
#[derive(Serialize)]
struct ErrorBody<'a> {
    code: u32,
    message: &'a str,
    more_info: String,
    status: u16,
}

impl From<Code> for ApiError {
    fn from(code: Code) -> Self {
        Self::with_message(code, code.message())
    }
}

impl ApiError {
    fn new(status: StatusCode, code: u32, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), headers: Vec::new(), parameter: None }
    }

    fn with_message(code: Code, message: impl Into<String>) -> Self {
        Self::new(code.status(), code.number(), message)
    }

    pub(crate) fn unauthenticated() -> Self {
        let challenge = HeaderValue::from_static("Basic realm=\"Twilio API\"");
        Self {
            headers: vec![(header::WWW_AUTHENTICATE, challenge)],
            ..Code::Unauthenticated.into()
        }
    }

    /// Reports an invalid parameter. The message contains its name, but never its value, which may be a phone number.
    pub(crate) fn invalid_parameter(name: &str) -> Self {
        let message = format!("Invalid parameter: {name}");
        Self {
            parameter: Some((name.into(), Defect::Invalid)),
            ..Self::with_message(Code::InvalidParameter, message)
        }
    }

    pub(crate) fn missing_parameter(name: &str) -> Self {
        let message = format!("Missing required parameter {name} in the post body");
        Self {
            parameter: Some((name.into(), Defect::Missing)),
            ..Self::with_message(Code::InvalidValue, message)
        }
    }

    /// Returns the error of an operation: some operations have their own codes for their parameters.
    pub(crate) fn of_operation(self, operation: &str) -> Self {
        let Some((parameter, fault)) = &self.parameter else {
            return self;
        };
        match code::of_parameter(operation, parameter, *fault) {
            None => self,
            Some(code) => Self::with_message(code, format!("{}: {parameter}", code.message())),
        }
    }

    /// Reports that a factor or a challenge does not allow the request, and why.
    pub(crate) fn invalid_request(reason: &str) -> Self {
        let code = Code::InvalidRequest;
        Self::with_message(code, format!("{}: {reason}", code.message()))
    }

    pub(crate) fn invalid_json() -> Self {
        Self::with_message(Code::InvalidValue, "The body is not JSON")
    }

    pub(crate) fn body_too_long(limit: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            20001,
            format!("The body is longer than {limit} bytes"),
        )
    }

    /// Reports an invalid request to `/_emulator/`, and what is expected.
    pub(crate) fn control(reason: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::BAD_REQUEST, 20001, reason.to_string())
    }

    /// Reports that a request to `/_emulator/` names something that does not exist, and where it would be listed.
    pub(crate) fn nothing_here(reason: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, 20404, reason)
    }

    /// Reports that a request to `/_emulator/` is not possible now, and what is possible instead.
    pub(crate) fn conflict(reason: &str) -> Self {
        Self::new(StatusCode::CONFLICT, 20409, reason)
    }

    /// Reports that too many requests already wait for messages.
    pub(crate) fn too_many_waiting(most: usize) -> Self {
        let message = format!("{most} requests wait for messages already; end one of them");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, 20503, message)
    }

    /// Reports that the bodies of requests in progress use all the memory for bodies.
    pub(crate) fn body_memory() -> Self {
        let message = "The bodies of other requests in progress take all memory that is set aside for bodies; send the \
                       request again later, or start the emulator with more";
        Self {
            headers: vec![(header::RETRY_AFTER, 1.into())],
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, 20503, message)
        }
    }

    /// Reports that too many bodies are being received; more might keep out other requests.
    pub(crate) fn too_many_bodies() -> Self {
        let message = "The bodies of too many other requests are being received; send the request again later, or start \
                       the emulator with more connections";
        Self {
            headers: vec![(header::RETRY_AFTER, 1.into())],
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, 20503, message)
        }
    }

    /// Reports that too many clients already follow the changes.
    pub(crate) fn too_many_streams(most: usize) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            20503,
            format!("{most} clients follow the changes already; close one of them"),
        )
    }

    /// Reports that the host of the request is missing, malformed or ambiguous.
    pub(crate) fn not_one_host() -> Self {
        let message = "Expected one Host header, with a host and optionally a port";
        Self::new(StatusCode::BAD_REQUEST, 20001, message)
    }

    /// Reports that the request may come from a web page whose host name resolves to this machine.
    pub(crate) fn foreign_host() -> Self {
        let message = "This emulator does not serve the host of the request: use localhost or 127.0.0.1, or start it \
                       with this host among the accepted ones";
        Self::new(StatusCode::FORBIDDEN, 20403, message)
    }

    /// Reports that a web page of another site may have sent the request.
    pub(crate) fn foreign_origin() -> Self {
        let message = "Web pages of other sites may not send requests to this emulator";
        Self::new(StatusCode::FORBIDDEN, 20403, message)
    }

    /// Reports that the server does not tunnel to other hosts.
    pub(crate) fn no_tunnel() -> Self {
        let message = "This emulator proxies only the hosts of its certificate";
        Self::new(StatusCode::FORBIDDEN, 20403, message)
    }

    /// Creates an error with the message of its code, or with HTTP's reason phrase if the code is unknown.
    pub(crate) fn of_status(status: StatusCode, code: u32) -> Self {
        let message = Code::of_number(code).map(Code::message);
        Self::new(status, code, message.or(status.canonical_reason()).unwrap_or("Error"))
    }

    pub(crate) fn body_too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, 20001, "The body was not received in time")
    }

    pub(crate) fn body_broken() -> Self {
        Self::new(StatusCode::BAD_REQUEST, 20001, "The body ended early")
    }

    /// Reports that a limit of the emulator is reached. Twilio has no such error.
    pub(crate) fn full() -> Self {
        Self::new(
            StatusCode::INSUFFICIENT_STORAGE,
            20507,
            "The emulator is full: delete resources or reset it, or start it with a higher limit",
        )
    }

    /// Reports an internal error of the emulator.
    pub(crate) fn internal() -> Self {
        Code::Internal.into()
    }

    /// Reports that the change was made in memory, but is not in the data file yet.
    pub(crate) fn not_persisted(reason: &str) -> Self {
        Self::new(
            StatusCode::INSUFFICIENT_STORAGE,
            20507,
            format!(
                "The change is made in memory only: the emulator's data file cannot be written to ({reason}). {RECOVERY}"
            ),
        )
    }

    /// Reports that the request was not processed, because its changes could not be stored.
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
        Self::with_message(Code::InvalidValue, "Invalid date value.")
    }

    pub(crate) fn query_too_long(limit: usize) -> Self {
        Self::with_message(
            Code::InvalidValue,
            format!("The query string is longer than {limit} bytes"),
        )
    }

    /// Reports that the resource does not exist. The message has the path as requested, without the version of the API.
    pub(crate) fn not_found(path: &str) -> Self {
        let path = path.strip_prefix("/v2").filter(|rest| rest.starts_with('/')).unwrap_or(path);
        Self::with_message(Code::NotFound, format!("The requested resource {path} was not found"))
    }

    pub(crate) fn method_not_allowed() -> Self {
        Code::MethodNotAllowed.into()
    }

    /// Reports that the named limit, of the API or of a service, is reached.
    pub(crate) fn too_many_requests(retry_after_seconds: u64, limit: &str) -> Self {
        let mut headers = vec![(header::RETRY_AFTER, retry_after_seconds.into())];
        if let Ok(limit) = HeaderValue::try_from(limit) {
            headers.push((REACHED_RATE_LIMIT, limit));
        }
        Self { headers, ..Code::TooManyRequests.into() }
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
        response.headers_mut().extend(self.headers);
        response
    }
}
