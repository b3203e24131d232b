//! Connections with TLS.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use reqwest::{Certificate, Client, ClientBuilder, Proxy};
use tokio::io::AsyncWriteExt;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use twilio_verify_emulator::{Emulator, Fault};

use crate::support::{connect, read_to_end};

/// A client that trusts only the emulator's authority.
fn trusting(emulator: &Emulator) -> ClientBuilder {
    let authority = emulator.ca_certificate_pem().unwrap();
    let authority = Certificate::from_pem(authority.as_bytes()).unwrap();
    Client::builder().no_proxy().tls_certs_only([authority])
}

fn port(emulator: &Emulator) -> u16 {
    let (_, port) = emulator.url().rsplit_once(':').unwrap();
    port.parse().unwrap()
}

#[tokio::test]
async fn the_facade_asks_it_over_tls() {
    let emulator = Emulator::builder().tls(true).start().await.unwrap();
    assert!(emulator.url().starts_with("https://127.0.0.1:"));
    let client = twilio_verify::Client::builder()
        .credentials(emulator.credentials())
        .base_url(emulator.url())
        .http_client(trusting(&emulator).build().unwrap())
        .build()
        .unwrap();
    let created = client.services().create("Shop").send().await.unwrap();
    let first = client.services().list().items().try_next().await.unwrap();
    assert_eq!(first.unwrap().sid, created.sid);
}

#[tokio::test]
async fn its_certificate_is_good_for_every_name_of_the_machine_and_for_twilios() {
    let emulator = Emulator::builder().tls(true).start().await.unwrap();
    let port = port(&emulator);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let client = trusting(&emulator)
        .resolve("localhost", address)
        .resolve("verify.twilio.com", address)
        .build()
        .unwrap();
    for host in ["127.0.0.1", "localhost", "verify.twilio.com"] {
        let answer = client.get(format!("https://{host}:{port}/v2/Services"));
        let answer = answer
            .basic_auth(emulator.account_sid(), Some(emulator.auth_token()))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "{host}");
        let page: serde_json::Value = answer.json().await.unwrap();
        let url = page["meta"]["url"].as_str().unwrap();
        assert!(url.starts_with(&format!("https://{host}:{port}/v2/Services?")), "{url}");
    }
}

#[tokio::test]
async fn its_certificate_is_good_for_the_public_host_and_for_no_other() {
    let emulator = Emulator::builder()
        .tls(true)
        .public_url("https://emulator.example:1")
        .start()
        .await
        .unwrap();
    let plain = Emulator::builder().tls(true).start().await.unwrap();
    assert_eq!(emulator.url(), "https://emulator.example:1");
    assert!(emulator.ca_certificate_pem() != plain.ca_certificate_pem());

    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port(&plain)));
    let client = trusting(&plain).resolve("api.twilio.com", address).build().unwrap();
    let url = format!("https://api.twilio.com:{}", port(&plain));
    let error = client.get(url).send().await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
}

#[tokio::test]
async fn as_a_proxy_it_is_what_twilio_is_taken_for_and_leads_nowhere_else() {
    let emulator = Emulator::builder()
        .tls(true)
        .fault(Fault::reset().operation("ListVerificationTemplate"))
        .start()
        .await
        .unwrap();
    let authority = emulator.ca_certificate_pem().unwrap();
    let authority = Certificate::from_pem(authority.as_bytes()).unwrap();
    let client = Client::builder()
        .proxy(Proxy::https(emulator.url()).unwrap())
        .tls_certs_only([authority])
        .build()
        .unwrap();
    let ask = async |url: &str| {
        let request = client.get(url);
        let request = request.basic_auth(emulator.account_sid(), Some(emulator.auth_token()));
        request.send().await
    };
    let own = format!("{}/v2/Services", emulator.url());
    for url in ["https://verify.twilio.com/v2/Services", &own] {
        for _ in 0..2 {
            assert_eq!(ask(url).await.unwrap().status(), 200, "{url}");
        }
    }
    assert_eq!(emulator.requests().len(), 4);
    // Credentials are required within the tunnel.
    let answer = client.get("https://verify.twilio.com/").send().await;
    assert_eq!(answer.unwrap().status(), 401);
    // Faults apply within the tunnel.
    assert!(ask("https://verify.twilio.com/v2/Templates").await.is_err());
    for url in ["https://api.twilio.com/v2/Services", "https://127.0.0.2/"] {
        assert!(ask(url).await.unwrap_err().is_connect(), "{url}");
    }
    emulator.shutdown().await;
    assert!(ask("https://verify.twilio.com/v2/Services").await.is_err());
}

#[tokio::test]
async fn who_does_not_trust_its_authority_does_not_ask_it() {
    let emulator = Emulator::builder().tls(true).start().await.unwrap();
    let other = Emulator::builder().tls(true).start().await.unwrap();
    let client = trusting(&other).build().unwrap();
    let error = client.get(emulator.url()).send().await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert!(emulator.requests().is_empty());
}

#[tokio::test]
async fn without_tls_there_is_no_authority_and_with_it_no_plain_http() {
    let plain = Emulator::start().await.unwrap();
    assert_eq!(plain.ca_certificate_pem(), None);
    let emulator = Emulator::builder().tls(true).start().await.unwrap();
    let mut stream = connect(&emulator).await;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let (answer, _) = read_to_end(&mut stream).await;
    assert!(!answer.starts_with(b"HTTP/"), "{answer:?}");
    assert!(emulator.requests().is_empty());
}

#[tokio::test]
async fn a_client_may_offer_protocols_that_there_are_not() {
    let emulator = Emulator::builder().tls(true).start().await.unwrap();
    let authority = emulator.ca_certificate_pem().unwrap().as_bytes();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority).unwrap()).unwrap();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    // What the package https-proxy-agent sends, which twilio-node and twilio-cli use.
    config.alpn_protocols = vec![b"http 1.1".to_vec()];
    let stream = connect(&emulator).await;
    let stream = TlsConnector::from(Arc::new(config))
        .connect("localhost".try_into().unwrap(), stream)
        .await
        .unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), None);
}
