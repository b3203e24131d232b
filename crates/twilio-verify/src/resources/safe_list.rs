//! The safe list: numbers that Fraud Guard never blocks.

use twilio_verify_api::requests::{AddSafeListNumber, FetchSafeListNumber, RemoveSafeListNumber};
use twilio_verify_api::types::SafelistNumber;

use crate::client::client::Client;
use crate::error::Error;

/// The account's safe list: phone numbers that Fraud Guard never blocks. Add, fetch, remove.
///
/// Returned by [`Client::safe_list`]. Numbers are in E.164 format, such as `+14155550100`.
#[derive(Clone, Debug)]
pub struct SafeList(Client);

impl Client {
    /// Returns the safe list of phone numbers: add, fetch, remove.
    pub fn safe_list(&self) -> SafeList {
        SafeList(self.clone())
    }
}

impl SafeList {
    /// Adds a number to the list.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the number is malformed. See [`ErrorKind`](crate::ErrorKind) for the
    /// others.
    pub async fn add(&self, number: impl Into<String>) -> Result<SafelistNumber, Error> {
        AddSafeListNumber::new(self.0.clone(), number).send().await
    }

    /// Fetches a number's entry.
    ///
    /// # Errors
    ///
    /// The same as [`add`](Self::add), and an [`is_not_found`](Error::is_not_found) error if the
    /// number isn't on the list.
    pub async fn fetch(&self, number: impl Into<String>) -> Result<SafelistNumber, Error> {
        FetchSafeListNumber::new(self.0.clone(), number).send().await
    }

    /// Removes a number from the list.
    ///
    /// # Errors
    ///
    /// The same as [`fetch`](Self::fetch).
    pub async fn remove(&self, number: impl Into<String>) -> Result<(), Error> {
        RemoveSafeListNumber::new(self.0.clone(), number).send().await
    }
}
