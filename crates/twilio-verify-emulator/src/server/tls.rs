//! TLS: a certificate for one emulator, and the authority that signs it.

use std::error::Error;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CidrSubnet, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, KeyPair, KeyUsagePurpose, NameConstraints,
};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

/// The names in every certificate: those of this machine, and Twilio's, for clients that are redirected from there.
const NAMES: [&str; 4] = ["localhost", "127.0.0.1", "::1", "verify.twilio.com"];

/// The validity of a certificate: the longest that clients accept.
const VALIDITY: Duration = Duration::from_secs(397 * DAY.as_secs());

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The TLS settings of a server.
#[derive(Clone)]
pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    /// The names and addresses of the certificate.
    names: Arc<[String]>,
    /// The certificate of the authority.
    pub(crate) ca_pem: String,
}

impl Tls {
    /// Creates an authority, and a certificate for [`NAMES`] and other names or addresses.
    ///
    /// The authority can sign only for those, and its key is discarded: a client that trusts it trusts nothing else.
    pub(crate) fn new(
        others: impl IntoIterator<Item = String>,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let mut names: Vec<String> = NAMES.map(Into::into).into();
        names.extend(others);
        // By the machine's clock, as clients check it with theirs. A day earlier, as theirs may be behind.
        let now = SystemTime::now();
        let params = |names: &[String], name: &str| -> Result<CertificateParams, rcgen::Error> {
            let mut params = CertificateParams::new(names)?;
            params.distinguished_name.push(DnType::CommonName, name);
            params.not_before = (now - DAY).into();
            params.not_after = (now - DAY + VALIDITY).into();
            Ok(params)
        };

        let mut authority = params(&[], "Twilio Verify emulator CA")?;
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        authority.name_constraints = Some(NameConstraints {
            permitted_subtrees: names.iter().map(|name| subtree(name)).collect(),
            excluded_subtrees: Vec::new(),
        });
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;

        let mut own = params(&names, "Twilio Verify emulator")?;
        own.use_authority_key_identifier_extension = true;
        own.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        own.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate()?;
        let certificate = own.signed_by(&key, &authority)?;

        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        // Without ALPN protocols it is HTTP/1.1, whatever a client offers: through a proxy, twilio-node offers a
        // protocol name that does not exist. HTTP/2 would put many requests on one connection, and a fault that ends it
        // would hit them all.
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.into()], key.into())?;
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            names: names.into(),
            ca_pem: authority.pem(),
        })
    }

    /// Whether the certificate is valid for the host of a URL.
    pub(crate) fn names(&self, host: &str) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        self.names.iter().any(|name| name.eq_ignore_ascii_case(host))
    }
}

fn subtree(name: &str) -> GeneralSubtree {
    match name.parse::<IpAddr>() {
        Ok(address @ IpAddr::V4(_)) => {
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, 32))
        }
        Ok(address @ IpAddr::V6(_)) => {
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, 128))
        }
        Err(_) => GeneralSubtree::DnsName(name.into()),
    }
}
