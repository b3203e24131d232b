//! The safe list: numbers that are never suspected of fraud.

use twilio_verify_api::types::{CreateSafelistRequest, SafelistNumber};

use crate::client::client::Client;
use crate::error::Error;
use crate::request::check;
use crate::request::macros::call;

/// The account's safe list: phone numbers that get their codes even
/// where fraud is suspected. Add, fetch, remove.
///
/// From [`Client::safe_list`]. Numbers are in E.164 format, such as
/// `+14155550100`.
///
/// ```no_run
/// # async fn example(client: twilio_verify::Client) -> Result<(), twilio_verify::Error> {
/// let safe_list = client.safe_list();
/// safe_list.add("+573003003030").await?;
/// safe_list.fetch("+573003003030").await?;
/// safe_list.remove("+573003003030").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SafeList {
    client: Client,
}

impl Client {
    /// Numbers that are never suspected of fraud: add, fetch, remove.
    pub fn safe_list(&self) -> SafeList {
        SafeList {
            client: self.clone(),
        }
    }
}

impl SafeList {
    /// Puts a number on the list.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the number is malformed. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn add(&self, number: impl Into<String>) -> Result<SafelistNumber, Error> {
        let body = CreateSafelistRequest::new(number);
        check::number("number", body.phone_number.expose())?;
        call!(self.client, create_safelist(&body))
    }

    /// Fetches a number's entry, if it is on the list.
    ///
    /// # Errors
    ///
    /// Of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// anything is sent, if the number is malformed.
    /// [`is_not_found`](Error::is_not_found) if it is not on the list. See
    /// [`ErrorKind`](crate::ErrorKind) for the others.
    pub async fn fetch(&self, number: impl Into<String>) -> Result<SafelistNumber, Error> {
        let number = number.into();
        check::number("number", &number)?;
        call!(self.client, fetch_safelist(&number))
    }

    /// Takes a number off the list.
    ///
    /// # Errors
    ///
    /// As [`fetch`](Self::fetch).
    pub async fn remove(&self, number: impl Into<String>) -> Result<(), Error> {
        let number = number.into();
        check::number("number", &number)?;
        call!(self.client, delete_safelist(&number))
    }
}
