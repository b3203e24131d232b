//! The log of the requests that an emulator has responded to.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, Method, Uri};

use crate::contract::operations::{is_query_parameter, operation_of};
use crate::values::sid;

/// A request as it was received, and the status of the response.
///
/// `Debug` prints nothing that may hold a secret or personal data: the names of parameters and headers without their
/// values, and `…` in place of each path segment that is neither a SID nor a word.
#[derive(Clone)]
pub struct RecordedRequest {
    /// The number of the request, from 1, in the order of the responses; set by the log.
    pub(crate) number: u64,
    pub(crate) id: String,
    pub(crate) received: DateTime<Utc>,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) status: u16,
    pub(crate) fault: Option<String>,
    /// The time from the head of the request to the head of the response.
    pub(crate) duration: Duration,
    pub(crate) body: RecordedBody,
    pub(crate) response_headers: HeaderMap,
    pub(crate) response_body: RecordedBody,
}

/// A body, as an extension of a response and in the log.
#[derive(Clone, Default)]
pub(crate) struct RecordedBody {
    /// The length, or `None` if it was not known when the response began.
    pub(crate) length: Option<usize>,
    /// The content; empty if it is too long to be kept.
    pub(crate) bytes: Bytes,
}

impl RecordedBody {
    /// The longest body that is kept.
    pub(crate) const LONGEST: usize = 64 * 1024;

    /// Copies a body into memory of its own.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let kept = if bytes.len() <= Self::LONGEST { bytes } else { &[] };
        Self { length: Some(bytes.len()), bytes: Bytes::copy_from_slice(kept) }
    }

    /// Whether the whole body is kept.
    pub(crate) fn is_kept(&self) -> bool {
        self.length == Some(self.bytes.len())
    }
}

impl RecordedRequest {
    /// Returns the `Twilio-Request-Id` of the response: `RQ` and 32 hexadecimal digits.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns when the request was received, by the emulator's clock.
    #[must_use]
    pub const fn received(&self) -> DateTime<Utc> {
        self.received
    }

    /// Returns the method, such as `GET`.
    #[must_use]
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// Returns the path, percent-encoded as received.
    #[must_use]
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// Returns the query string without its `?`, encoded as received. It may contain phone numbers and e-mail
    /// addresses.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    /// Returns the first header with this name, which is case-insensitive, or `None` if its value is not visible ASCII.
    /// `authorization` contains a secret.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the HTTP status of the response; 0 if a fault ended the connection instead.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Returns the faults that hit the request, as text, separated by `; `.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// Returns the `operationId` of the operation in the API's document, such as `CreateVerification`; `None` if no
    /// operation has this method and path.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        operation_of(&self.method, self.path())
    }

    /// Returns the time from the head of the request to the head of the response, by the clock of the machine.
    #[must_use]
    pub const fn duration(&self) -> Duration {
        self.duration
    }

    /// Returns Twilio's code in the body of an error, such as 60200.
    #[must_use]
    pub fn code(&self) -> Option<u32> {
        if self.status < 400 {
            return None;
        }
        let body: serde_json::Value = serde_json::from_slice(&self.response_body.bytes).ok()?;
        u32::try_from(body.get("code")?.as_u64()?).ok()
    }

    /// Returns the memory that the bodies take, in bytes.
    fn bodies(&self) -> usize {
        self.body.bytes.len() + self.response_body.bytes.len()
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let harmless = |segment: &&str| {
            let word = segment.bytes().all(|byte| byte.is_ascii_alphabetic());
            let sid =
                ["VA", "VE", "VL", "AC"].iter().any(|prefix| sid::parse(prefix, segment).is_some());
            word || sid || *segment == "v2"
        };
        let path: Vec<_> = self
            .path()
            .split('/')
            .map(|segment| Some(segment).filter(harmless).unwrap_or("…"))
            .collect();
        let query: Option<Vec<_>> = self.query().map(|query| {
            let names =
                query.split('&').map(|pair| pair.split_once('=').map_or("", |(name, _)| name));
            names.map(|name| if is_query_parameter(name) { name } else { "…" }).collect()
        });
        f.debug_struct("RecordedRequest")
            .field("id", &self.id)
            .field("received", &self.received)
            .field("method", &self.method())
            .field("path", &path.join("/"))
            .field("query", &query)
            .field(
                "headers",
                &self.headers.keys().map(http::HeaderName::as_str).collect::<Vec<_>>(),
            )
            .field("status", &self.status)
            .field("fault", &self.fault)
            .finish()
    }
}

/// Copies a URI and headers into memory of their own: a clone would keep the whole read buffer alive, usually 8 KiB.
pub(crate) fn copy(uri: &Uri, headers: &HeaderMap) -> (Uri, HeaderMap) {
    let uri = Uri::try_from(uri.to_string()).unwrap_or_else(|_| uri.clone());
    let mut headers = headers.clone();
    for value in headers.values_mut() {
        if let Ok(mut own) = HeaderValue::from_bytes(value.as_bytes()) {
            own.set_sensitive(value.is_sensitive());
            *value = own;
        }
    }
    (uri, headers)
}

/// The log: the last requests, oldest first.
#[derive(Default)]
pub(crate) struct Log(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    requests: VecDeque<RecordedRequest>,
    /// The number of the last request.
    last: u64,
    /// The memory that the bodies take, in bytes.
    bodies: usize,
    /// The number of oldest requests whose bodies were dropped.
    without_bodies: usize,
}

impl Log {
    /// The maximum number of requests in the log.
    pub(crate) const CAPACITY: usize = 1000;
    /// The maximum memory of the bodies, in bytes. The oldest bodies are dropped first.
    const BODIES: usize = 8 * 1024 * 1024;

    pub(crate) fn push(&self, mut request: RecordedRequest) {
        let mut kept = self.kept();
        let kept = &mut *kept;
        kept.last += 1;
        request.number = kept.last;
        if kept.requests.len() == Self::CAPACITY
            && let Some(oldest) = kept.requests.pop_front()
        {
            kept.bodies -= oldest.bodies();
            kept.without_bodies = kept.without_bodies.saturating_sub(1);
        }
        kept.bodies += request.bodies();
        kept.requests.push_back(request);
        while kept.bodies > Self::BODIES
            && let Some(oldest) = kept.requests.get_mut(kept.without_bodies)
        {
            kept.bodies -= oldest.bodies();
            oldest.body.bytes = Bytes::new();
            oldest.response_body.bytes = Bytes::new();
            kept.without_bodies += 1;
        }
    }

    /// Deletes all requests. The numbers continue.
    pub(crate) fn clear(&self) {
        let mut kept = self.kept();
        *kept = Kept { last: kept.last, ..Kept::default() };
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.kept().requests.iter().cloned().collect()
    }

    /// Returns the last `most` requests whose number is greater than this, oldest first.
    pub(crate) fn after(&self, number: u64, most: usize) -> Vec<RecordedRequest> {
        let kept = self.kept();
        let requests = kept.requests.iter().rev().take_while(|request| request.number > number);
        let mut requests: Vec<_> = requests.take(most).cloned().collect();
        requests.reverse();
        requests
    }

    /// Returns the request with this id.
    pub(crate) fn get(&self, id: &str) -> Option<RecordedRequest> {
        self.kept().requests.iter().rev().find(|request| request.id == id).cloned()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(uri: &str) -> RecordedRequest {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", http::HeaderValue::from_static("Basic c2VjcmV0"));
        RecordedRequest {
            number: 0,
            id: "RQ0".into(),
            received: DateTime::default(),
            method: Method::GET,
            uri: uri.parse().unwrap(),
            headers,
            status: 200,
            fault: None,
            duration: Duration::ZERO,
            body: RecordedBody::default(),
            response_headers: HeaderMap::new(),
            response_body: RecordedBody::default(),
        }
    }

    #[test]
    fn a_copy_is_the_same_but_in_memory_of_its_own() {
        let read = axum::body::Bytes::from_static(b"/v2/Attempts?Country=COab");
        let uri = Uri::from_maybe_shared(read.slice(..23)).unwrap();
        let mut headers = HeaderMap::new();
        for at in [23, 24] {
            let value = HeaderValue::from_maybe_shared(read.slice(at..=at)).unwrap();
            headers.append("x-some", value);
        }
        let copies = copy(&uri, &headers);
        assert_eq!(copies, (uri.clone(), headers));
        let within = read.as_ptr_range();
        assert!(within.contains(&uri.path().as_ptr()));
        assert!(!within.contains(&copies.0.path().as_ptr()));
        for value in copies.1.get_all("x-some") {
            assert!(!within.contains(&value.as_bytes().as_ptr()));
        }
    }

    #[test]
    fn debug_prints_neither_secrets_nor_numbers() {
        for uri in [
            "/v2/Attempts?ChannelData.To=%2B573003003030",
            "/v2/Attempts?Country=573003003030&Page=573003003030",
            "/v2/Attempts?573003003030&573003003030=1&=573003003030",
            "/v2/Attempts/+573003003030",
            "/v2/573003003030/573003003030",
        ] {
            let debug = format!("{:?}", request(uri));
            assert!(!debug.contains("5730"), "{debug}");
            assert!(!debug.contains("c2Vj"), "{debug}");
        }
    }

    #[test]
    fn debug_still_tells_what_was_asked() {
        let debug =
            format!("{:?}", request("/v2/Attempts/VL0123456789abcdef0123456789abcdef?Country=CO"));
        for part in [
            "GET",
            "/v2/Attempts/VL0123456789abcdef0123456789abcdef",
            "Country",
            "authorization",
            "200",
        ] {
            assert!(debug.contains(part), "{debug}");
        }
    }

    #[test]
    fn the_log_keeps_the_last_thousand() {
        let log = Log::default();
        for number in 0..Log::CAPACITY + 5 {
            log.push(request(&format!("/{number}")));
        }
        let requests = log.requests();
        assert_eq!(requests.len(), 1000);
        assert_eq!((requests[0].path(), requests[999].path()), ("/5", "/1004"));
    }

    #[test]
    fn the_bodies_of_the_oldest_requests_leave_first() {
        let log = Log::default();
        let body = RecordedBody::of(&[b'x'; RecordedBody::LONGEST]);
        for number in 0..200 {
            log.push(RecordedRequest { body: body.clone(), ..request(&format!("/{number}")) });
        }
        let requests = log.requests();
        assert_eq!(requests.iter().filter(|request| request.body.is_kept()).count(), 128);
        assert!(requests[199].body.is_kept() && !requests[0].body.is_kept());
        assert_eq!(requests[0].body.length, Some(RecordedBody::LONGEST));
        for number in 0..Log::CAPACITY {
            log.push(request(&format!("/{number}")));
        }
        log.push(RecordedRequest { body, ..request("/last") });
        assert!(log.requests()[999].body.is_kept());
        assert_eq!(log.after(1200, 10).len(), 1);
        assert_eq!(log.after(0, 10)[9].path(), "/last");
        assert!(!RecordedBody::of(&[b'x'; RecordedBody::LONGEST + 1]).is_kept());
    }
}
