//! The client that the generated code gives a method for every operation.

use reqwest::{RequestBuilder, Url};

use crate::Operation;

/// Makes requests of a server, and sends none.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base_url: Url,
}

impl Client {
    /// Requests of the server at that URL. The HTTP client's own settings are
    /// none of theirs: they hold when it sends them.
    pub fn new(http: reqwest::Client, base_url: Url) -> Self {
        Self { http, base_url }
    }

    /// Begins a request.
    pub(crate) fn request(&self, operation: &Operation, path: &str) -> RequestBuilder {
        let mut url = self.base_url.clone();
        match url.path() {
            "/" => url.set_path(path),
            base => url.set_path(&format!("{}{path}", base.trim_end_matches('/'))),
        }
        let request = reqwest::Request::new(operation.method.clone(), url);
        RequestBuilder::from_parts(self.http.clone(), request)
    }
}
