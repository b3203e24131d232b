//! Sends requests by path, and returns their responses as JSON.

use std::collections::HashSet;

use serde_json::Value;
use twilio_verify::{Client, Meta, Method};
use url::Url;

use crate::failure::report::Failure;
use crate::session::lists::{Paged, Range, Rows};

/// A request to a path.
#[derive(Clone)]
pub(crate) struct RawRequest {
    /// The HTTP method, in upper case.
    pub(crate) method: String,
    /// The path, percent-encoded.
    pub(crate) path: String,
    /// The parameters of the query.
    pub(crate) query: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Body,
}

/// The body of a request.
#[derive(Clone)]
pub(crate) enum Body {
    /// No body.
    None,
    /// A form.
    Form(Vec<(String, String)>),
    /// JSON.
    Json(Value),
}

/// Sends a request. Returns null for an empty response.
pub(crate) async fn send(client: &Client, request: RawRequest) -> Result<Value, Failure> {
    let method = Method::from_bytes(request.method.as_bytes())
        .map_err(|_| Failure::usage("the HTTP method is invalid", "use GET, POST or DELETE"))?;
    let mut raw = client.request(method, request.path);
    for (name, value) in request.query {
        raw = raw.query(&name, value);
    }
    let raw = match request.body {
        Body::None => raw,
        Body::Form(fields) => {
            fields.into_iter().fold(raw, |raw, (name, value)| raw.form(&name, value))
        }
        Body::Json(json) => raw.json(&json),
    };
    Ok(raw.send().await?)
}

/// The pages of a list, from a first request on.
pub(crate) struct RawPages {
    client: Client,
    /// The request for the next page; `None` after the last.
    next: Option<RawRequest>,
    /// The name of the list in a page.
    key: String,
    /// The number of resources still to fetch.
    wanted: usize,
    /// The URLs of the pages that were fetched, to detect a list that leads back.
    seen: HashSet<String>,
    /// The number of empty pages since the last resource.
    empty: usize,
}

/// The most empty pages in a row, as in the client's own lists. A list with more may never end.
const MOST_EMPTY_PAGES: usize = 100;

impl RawPages {
    /// Creates the pages of a list, up to the limit of the range.
    pub(crate) fn new(client: Client, mut request: RawRequest, key: &str, range: Range) -> Self {
        let size = range.sent_page_size().to_string();
        request.query.push(("PageSize".to_owned(), size));
        request.query.sort_by(|(one, _), (other, _)| one.cmp(other));
        Self {
            client,
            next: Some(request),
            key: key.to_owned(),
            wanted: range.limit().unwrap_or(usize::MAX),
            seen: HashSet::new(),
            empty: 0,
        }
    }

    /// Returns the request for the page at a URL, which must be of the same list.
    fn request(first: RawRequest, url: &str) -> Result<RawRequest, Failure> {
        // Only the path and query are used: the request goes to the same host as all others.
        let base = Url::parse("https://verify.twilio.com");
        let url = base.and_then(|base| base.join(url));
        let url = url.map_err(|_| unreadable("the next page's URL is invalid"))?;
        if !url.path().ends_with(&first.path) {
            return Err(unreadable("the next page's URL is that of another list"));
        }
        let query = url.query_pairs();
        let query = query.map(|(name, value)| (name.into_owned(), value.into_owned()));
        Ok(RawRequest { query: query.collect(), ..first })
    }
}

impl Paged for RawPages {
    async fn next(&mut self) -> Result<Option<Rows>, Failure> {
        let Some(request) = self.next.take().filter(|_| self.wanted > 0) else {
            return Ok(None);
        };
        let mut page = send(&self.client, request.clone()).await?;
        let Some(Value::Array(mut items)) = page.get_mut(&self.key).map(Value::take) else {
            return Err(unreadable(&format!(
                "the response holds no list of the name `{}`",
                self.key
            )));
        };
        self.empty = if items.is_empty() { self.empty + 1 } else { 0 };
        if self.empty > MOST_EMPTY_PAGES {
            return Err(unreadable(&format!(
                "more than {MOST_EMPTY_PAGES} empty pages followed one another"
            )));
        }
        items.truncate(self.wanted);
        self.wanted -= items.len();
        let meta = page.get_mut("meta").map(Value::take).unwrap_or_default();
        let meta: Option<Meta> =
            serde_json::from_value(meta).map_err(|_| unreadable("its `meta` can't be read"))?;
        let url = meta.and_then(|meta| meta.next_page_url);
        if let Some(url) = &url {
            if !self.seen.insert(url.clone()) {
                return Err(unreadable("the list leads back to a page that was read before"));
            }
            self.next = Some(Self::request(request, url)?);
        }
        Ok(Some(Rows { items, more: url.is_some() }))
    }
}

/// Returns the failure for a response that can't be read.
fn unreadable(reason: &str) -> Failure {
    Failure::other(format!("the response is invalid: {reason}"))
        .with_help("check that --base-url is the URL of Verify; -v shows more")
}

#[cfg(test)]
mod tests {
    use super::{Body, RawPages, RawRequest};

    fn first() -> RawRequest {
        RawRequest {
            method: "GET".into(),
            path: "/v2/Services".into(),
            query: Vec::new(),
            body: Body::None,
        }
    }

    #[test]
    fn the_next_page_is_one_of_the_same_list() {
        for url in [
            "https://verify.twilio.com/v2/Services?PageSize=2&PageToken=PA%201",
            "http://127.0.0.1:1/prefix/v2/Services?PageSize=2&PageToken=PA%201",
            "/v2/Services?PageSize=2&PageToken=PA%201",
        ] {
            let Ok(request) = RawPages::request(first(), url) else {
                panic!("{url}");
            };
            assert_eq!(request.path, "/v2/Services");
            let query = [("PageSize", "2"), ("PageToken", "PA 1")];
            assert_eq!(request.query, query.map(|(a, b)| (a.to_owned(), b.to_owned())));
        }
        for url in ["https://verify.twilio.com/v2/Attempts", "http://[", "/v2/Services/VA1"] {
            assert!(RawPages::request(first(), url).is_err(), "{url}");
        }
    }
}
