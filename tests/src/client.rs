//! The client that the tests talk with.

use twilio_verify::{Client, ClientBuilder, Credentials};

/// The SID of the tests' account.
pub const ACCOUNT: &str = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// A client to be, of the tests' account, that talks to a server.
///
/// # Panics
///
/// Never: the account's SID is well formed.
pub fn builder(url: &str, token: &str) -> ClientBuilder {
    let account = ACCOUNT
        .parse()
        .unwrap_or_else(|error| panic!("{ACCOUNT}: {error}"));
    Client::builder()
        .credentials(Credentials::auth_token(account, token))
        .base_url(url)
}

/// A client of the tests' account, that talks to a server.
///
/// # Panics
///
/// When the URL is none that a client takes.
pub fn client(url: &str) -> Client {
    let client = builder(url, "token").build();
    client.unwrap_or_else(|error| panic!("{url}: {error}"))
}
