//! The requests that an emulator has responded to.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, Method, Uri};

use crate::contract::operations::is_query_parameter;
use crate::values::sid;

/// A request as it was received, and the status of the response.
///
/// `Debug` prints nothing that may hold a secret or personal data: the names of parameters and headers without their
/// values, and `…` in place of each path segment that is neither a SID nor a word.
#[derive(Clone)]
pub struct RecordedRequest {
    pub(crate) id: String,
    pub(crate) received: DateTime<Utc>,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) status: u16,
    pub(crate) fault: Option<String>,
}

impl RecordedRequest {
    /// The `Twilio-Request-Id` of the response: `RQ` and 32 hexadecimal digits.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// When it was received, by the emulator's clock.
    #[must_use]
    pub const fn received(&self) -> DateTime<Utc> {
        self.received
    }

    /// The method, such as `GET`.
    #[must_use]
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// The path, percent-encoded as received.
    #[must_use]
    pub fn path(&self) -> &str {
        self.uri.path()
    }

    /// The query string without its `?`, encoded as received. May contain phone numbers and e-mail addresses.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.uri.query()
    }

    /// The first header with this name, in any case. Also `None` if its value is not visible ASCII. `authorization`
    /// contains a secret.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The HTTP status of the response; 0 if a fault ended the connection instead.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The faults that hit the request, as text, separated by `; `.
    #[must_use]
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
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

/// The last requests, oldest first.
#[derive(Default)]
pub(crate) struct Log(Mutex<VecDeque<RecordedRequest>>);

impl Log {
    /// How many requests are kept.
    pub(crate) const CAPACITY: usize = 1000;

    pub(crate) fn push(&self, request: RecordedRequest) {
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if requests.len() == Self::CAPACITY {
            requests.pop_front();
        }
        requests.push_back(request);
    }

    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(uri: &str) -> RecordedRequest {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", http::HeaderValue::from_static("Basic c2VjcmV0"));
        RecordedRequest {
            id: "RQ0".into(),
            received: DateTime::default(),
            method: Method::GET,
            uri: uri.parse().unwrap(),
            headers,
            status: 200,
            fault: None,
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
}
