//! Certificates for a scripted server with TLS.

use std::sync::{Arc, LazyLock};

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use reqwest::{Certificate, ClientBuilder};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

/// An authority that is trusted instead of the machine's store, which may be empty. No server has its certificate.
static AUTHORITY: LazyLock<Identity> = LazyLock::new(|| Identity::new("authority.invalid"));

/// Returns the certificate, in PEM, of an authority that no server uses. With it, a client for `https` can be built on
/// a machine without a certificate store.
pub fn authority() -> String {
    AUTHORITY.pem()
}

/// Returns a builder of an HTTP client that trusts no server.
pub fn trusting_none() -> ClientBuilder {
    AUTHORITY.trusted()
}

/// A self-signed certificate.
pub struct Identity {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

impl Identity {
    /// Creates a certificate for a host's name or address.
    ///
    /// # Panics
    ///
    /// Panics if the certificate can't be created.
    pub fn new(host: &str) -> Self {
        Self::until(host, 4000)
    }

    /// Creates a certificate that is valid until the beginning of a year.
    ///
    /// # Panics
    ///
    /// Panics if the certificate can't be created.
    pub fn until(host: &str, year: i32) -> Self {
        let key = KeyPair::generate().unwrap_or_else(|error| panic!("no key: {error}"));
        let certificate = CertificateParams::new([host.to_owned()]).and_then(|mut params| {
            params.not_before = date_time_ymd(2000, 1, 1);
            params.not_after = date_time_ymd(year, 1, 1);
            params.self_signed(&key)
        });
        let certificate = certificate.unwrap_or_else(|error| panic!("{host}: {error}"));
        Self { certificate, key }
    }

    /// Returns the acceptor for a server's connections.
    ///
    /// # Panics
    ///
    /// Panics if the certificate can't be used.
    pub fn acceptor(&self) -> TlsAcceptor {
        self.acceptor_offering(&[])
    }

    /// Returns the acceptor for a server that offers these protocols within TLS, in order of preference: `h2`,
    /// `http/1.1`.
    ///
    /// # Panics
    ///
    /// Panics if the certificate can't be used.
    pub fn acceptor_offering(&self, protocols: &[&str]) -> TlsAcceptor {
        let key = PrivatePkcs8KeyDer::from(self.key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| {
                config
                    .with_no_client_auth()
                    .with_single_cert(vec![self.certificate.der().clone()], key.into())
            });
        let mut config = config.unwrap_or_else(|error| panic!("not a certificate: {error}"));
        let protocols = protocols.iter();
        config.alpn_protocols = protocols.map(|name| name.as_bytes().to_vec()).collect();
        TlsAcceptor::from(Arc::new(config))
    }

    /// Returns the certificate in PEM.
    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// Returns a builder of an HTTP client that trusts only this certificate.
    ///
    /// # Panics
    ///
    /// Panics if the certificate can't be used.
    pub fn trusted(&self) -> ClientBuilder {
        let root = Certificate::from_der(self.certificate.der())
            .unwrap_or_else(|error| panic!("not a certificate: {error}"));
        reqwest::Client::builder().no_proxy().tls_certs_only([root])
    }
}
