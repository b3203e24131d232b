//! The traits of what sends requests.

use std::future::Future;

use serde::de::DeserializeOwned;

use crate::request::error::RequestError;
use crate::request::list::List;
use crate::request::request::Request;
use crate::response::page::ListItem;

/// Sends the requests of builders.
///
/// `twilio_verify::Client` is one. Your own implementation can record requests, or respond to them
/// without a network:
///
/// ```no_run
/// use serde::de::DeserializeOwned;
/// use twilio_verify_api::requests::FetchService;
/// use twilio_verify_api::{Request, RequestError, Sender};
///
/// /// Responds to every request with the same JSON.
/// #[derive(Clone)]
/// struct Canned(&'static str);
///
/// impl Sender for Canned {
///     type Error = Box<dyn std::error::Error + Send + Sync>;
///
///     async fn send<T: DeserializeOwned>(&self, request: Request<T>) -> Result<T, Self::Error> {
///         assert!(request.http.url.path().starts_with("/v2/Services/VA"));
///         Ok((request.read)(self.0.as_bytes())?)
///     }
/// }
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// let sid = "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
/// let service = FetchService::new(Canned(r#"{"friendly_name": "Shop"}"#), sid).send().await?;
/// assert_eq!(service.friendly_name.as_deref(), Some("Shop"));
/// # Ok(())
/// # }
/// ```
pub trait Sender: Clone + Send + Sync {
    /// Why a call failed.
    type Error: From<RequestError>;

    /// Sends a request and reads its response.
    fn send<T: DeserializeOwned>(
        &self,
        request: Request<T>,
    ) -> impl Future<Output = Result<T, Self::Error>> + Send;
}

/// Reads lists page by page.
pub trait ListSender: Sender {
    /// The type of a list's pages.
    type Pages<T>;
    /// The type of a list's items.
    type Items<T>;

    /// Returns the pages of a list. Nothing is sent until the first page is requested.
    fn pages<T>(&self, list: List<T>) -> Self::Pages<T>
    where
        T: DeserializeOwned + ListItem + Send + 'static;

    /// Returns the items of a list. Nothing is sent until the first item is requested.
    fn items<T>(&self, list: List<T>) -> Self::Items<T>
    where
        T: DeserializeOwned + ListItem + Send + 'static;
}
