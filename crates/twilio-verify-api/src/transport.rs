//! The one way on which all operations' requests go out.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::progenitor::{ClientHooks, ClientInfo, OperationInfo};
use crate::{Client, Operation};

/// Sends requests, and gives whole responses.
///
/// An exchange that fails gives a response all the same, one of status 5xx
/// without a body, and keeps the reason for itself: the generated code can't
/// carry errors that are not its own.
pub trait Exchange: Send + Sync {
    /// Sends the request of an operation; `None` if the table of operations
    /// doesn't hold it.
    fn exchange<'a>(
        &'a self,
        request: reqwest::Request,
        operation: Option<&'static Operation>,
    ) -> Pin<Box<dyn Future<Output = reqwest::Response> + Send + 'a>>;
}

/// The exchange that a generated client sends its requests by.
#[derive(Clone)]
pub struct Inner(Arc<dyn Exchange>);

impl Inner {
    /// Wraps an exchange.
    pub fn new(exchange: Arc<dyn Exchange>) -> Self {
        Self(exchange)
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Inner")
    }
}

impl ClientHooks<Inner> for Client {
    async fn exec(
        &self,
        mut request: reqwest::Request,
        info: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        // The generator's own idea; Twilio knows no such header.
        request.headers_mut().remove("api-version");
        let operation = Operation::by_id(info.operation_id);
        Ok(self.inner().0.exchange(request, operation).await)
    }
}
