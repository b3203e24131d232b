//! The tests' client.

use twilio_verify::{Client, ClientBuilder, Credentials};

use crate::tls::authority;

/// The SID of the tests' account.
pub const ACCOUNT: &str = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// Returns a builder of a client for a server, with the tests' account. It builds on machines without
/// certificates, too.
pub fn builder(url: &str, token: &str) -> ClientBuilder {
    let credentials = Credentials::auth_token(ACCOUNT, token);
    Client::builder().credentials(credentials).base_url(url).root_certificate(authority())
}

/// Returns a client for a server, with the tests' account.
///
/// # Panics
///
/// Panics if the URL is invalid.
pub fn client(url: &str) -> Client {
    let client = builder(url, "token").build();
    client.unwrap_or_else(|error| panic!("{url}: {error}"))
}
