//! TLS: a certificate for one emulator, and the authority that signs it.

use std::error::Error;
use std::net::{Ipv4Addr, Ipv6Addr};
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
use url::Host;

/// The names in every certificate: those of this machine.
const NAMES: [Host<&str>; 3] =
    [Host::Domain("localhost"), Host::Ipv4(Ipv4Addr::LOCALHOST), Host::Ipv6(Ipv6Addr::LOCALHOST)];

/// The validity of a certificate: the longest that clients accept.
const VALIDITY: Duration = Duration::from_secs(397 * DAY.as_secs());

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The TLS settings of a server.
#[derive(Clone)]
pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    /// The names and addresses of the certificate.
    names: Arc<[Host]>,
    /// The certificate of the authority.
    pub(crate) ca_pem: String,
}

impl Tls {
    /// Creates an authority, and a certificate for [`NAMES`] and other hosts.
    ///
    /// The authority can sign only for these hosts, and its key is discarded: a client that trusts it trusts nothing
    /// else.
    pub(crate) fn new(others: &[Host]) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let mut hosts: Vec<Host> = NAMES.map(|host| host.to_owned()).into();
        hosts.extend_from_slice(others);
        let names: Vec<String> = hosts.iter().map(name).collect();
        // The clock is the machine's, as clients check the certificate by theirs. A day earlier, as theirs may be
        // behind.
        let now = SystemTime::now();
        let params = |names: &[String], common: &str| -> Result<CertificateParams, rcgen::Error> {
            let mut params = CertificateParams::new(names)?;
            params.distinguished_name.push(DnType::CommonName, common);
            params.not_before = (now - DAY).into();
            params.not_after = (now - DAY + VALIDITY).into();
            Ok(params)
        };

        let mut authority = params(&[], "Twilio Verify emulator CA")?;
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        authority.name_constraints = Some(NameConstraints {
            permitted_subtrees: hosts.iter().map(subtree).collect(),
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
        // Without ALPN protocols the connection uses HTTP/1.1, whatever a client offers: through a proxy, twilio-node
        // offers a protocol name that does not exist. HTTP/2 would put many requests on one connection, and a fault
        // that ends the connection would hit them all.
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.into()], key.into())?;
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            names: hosts.into(),
            ca_pem: authority.pem(),
        })
    }

    /// Whether the certificate is valid for a host.
    pub(crate) fn names(&self, host: &Host) -> bool {
        self.names.contains(host)
    }
}

/// Formats a host for a certificate: an address has no brackets.
fn name(host: &Host) -> String {
    match host {
        Host::Domain(name) => name.clone(),
        Host::Ipv4(address) => address.to_string(),
        Host::Ipv6(address) => address.to_string(),
    }
}

fn subtree(host: &Host) -> GeneralSubtree {
    match host {
        Host::Domain(name) => GeneralSubtree::DnsName(name.clone()),
        Host::Ipv4(address) => {
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix((*address).into(), 32))
        }
        Host::Ipv6(address) => {
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix((*address).into(), 128))
        }
    }
}
