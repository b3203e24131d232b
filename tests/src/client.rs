//! The tests' client.

use twilio_verify::{Client, ClientBuilder, Credentials};

/// The SID of the tests' account.
pub const ACCOUNT: &str = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// A builder of a client of a server, with the tests' account.
pub fn builder(url: &str, token: &str) -> ClientBuilder {
    Client::builder().credentials(Credentials::auth_token(ACCOUNT, token)).base_url(url)
}

/// A client of a server, with the tests' account.
///
/// # Panics
///
/// The URL is invalid.
pub fn client(url: &str) -> Client {
    let client = builder(url, "token").build();
    client.unwrap_or_else(|error| panic!("{url}: {error}"))
}
