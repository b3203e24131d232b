//! An HTTP client for emulators without TLS.

/// A client that needs no store of certificates, which a machine may not have.
pub(crate) fn http() -> reqwest::Client {
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build();
    client.unwrap_or_else(|error| panic!("no HTTP client: {error}"))
}
