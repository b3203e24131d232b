//! Tests without a server: canned responses, and a record of the requests.
//!
//! A test adds responses, passes the client to the code under test, and inspects the requests.
//! Nothing is sent; everything else works as in production: values are checked, errors are
//! classified, requests are retried by the policy.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use twilio_verify::testing::Canned;
//!
//! let canned = Canned::new().json(201, r#"{"status": "pending"}"#);
//! let client = canned.client()?;
//!
//! let verify = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").verifications();
//! verify.start("+573003003030", "sms").await?;
//!
//! let requests = canned.requests();
//! assert_eq!(requests[0].operation(), "CreateVerification");
//! assert_eq!(requests[0].form("To").as_deref(), Some("+573003003030"));
//! # Ok(())
//! # }
//! ```
//!
//! The guide on [testing](crate::guide::testing) compares this with the emulator, which keeps state.

use crate::client::builder::ClientBuilder;
use crate::client::client::Client;
use crate::credentials::credentials::Credentials;
use crate::error::Error;
use crate::transport::retry::RetryPolicy;

pub use crate::http::canned::{Canned, RecordedRequest, Reply};

impl Canned {
    /// Returns a client that gets these responses. It has made-up credentials, no retries and no
    /// request limits.
    ///
    /// # Errors
    ///
    /// See [`ClientBuilder::build`]; it does not fail with these settings.
    pub fn client(&self) -> Result<Client, Error> {
        self.builder().build()
    }

    /// Returns the builder of such a client, to change its settings: with a
    /// [`RetryPolicy`](crate::RetryPolicy), requests are sent again.
    pub fn builder(&self) -> ClientBuilder {
        let credentials = Credentials::auth_token("ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "canned");
        Client::builder()
            .credentials(credentials)
            .retry(RetryPolicy::never())
            .no_documented_limits()
            .canned(self.clone())
    }
}
