//! Calls of operations on the account.

use std::ops::Deref;

use crate::contract::error::ApiError;
use crate::operations::calls::request::CheckedRequest;
use crate::state::account::Account;
use crate::values::sid::{AccessTokenSid, ServiceSid};

/// A request that holds the lock of the account.
pub(crate) struct Call<'a> {
    pub(crate) request: CheckedRequest<'a>,
    pub(crate) account: &'a mut Account,
    /// The access token that authorized the request instead of the account's credentials.
    pub(crate) access_token: Option<AccessTokenSid>,
}

impl Call<'_> {
    /// Returns the service in the path, or an error if it does not exist.
    pub(crate) fn service(&self) -> Result<ServiceSid, ApiError> {
        let name = if self.path.contains_key("ServiceSid") { "ServiceSid" } else { "Sid" };
        let sid = self.key(name)?;
        match self.account.services.get(&sid) {
            Some(_) => Ok(sid),
            None => Err(self.not_found()),
        }
    }
}

impl<'a> Deref for Call<'a> {
    type Target = CheckedRequest<'a>;

    fn deref(&self) -> &CheckedRequest<'a> {
        &self.request
    }
}
