//! The certificates that the program trusts.

use assert_cmd::Command;
use twilio_verify_emulator::Emulator;

use crate::support::{Server, bare, with_credentials};

/// The program where no authority's certificate is installed, as in small container images.
fn without_a_store(mut command: std::process::Command) -> Command {
    command.env("SSL_CERT_FILE", "/nowhere").env("SSL_CERT_DIR", "/nowhere");
    Command::from_std(command)
}

#[test]
#[cfg(target_os = "linux")]
fn without_a_store_of_certificates_only_https_fails() {
    let mut command = without_a_store(bare());
    command.args(["--emulator", "attempts", "summary"]).assert().success();

    let mut command = without_a_store(with_credentials());
    let output = command.args(["attempts", "summary"]).assert().code(2).get_output().clone();
    let text = String::from_utf8(output.stderr).unwrap();
    for part in ["certificate store", "SSL_CERT_FILE", "TWILIO_CA_BUNDLE"] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn a_file_with_certificates_is_trusted_too() {
    let server = Server::start(Emulator::builder().tls(true));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, server.emulator.ca_certificate_pem().unwrap()).unwrap();
    let mut command = server.command();
    command.env("TWILIO_CA_BUNDLE", &file).args(["attempts", "summary"]).assert().success();
    let mut command = server.command();
    command.args(["attempts", "summary"]).assert().code(6);

    for (content, reason) in [("", "no certificate"), ("-----BEGIN CERTIFICATE-----\nx", "PEM")] {
        std::fs::write(&file, content).unwrap();
        let mut command = server.command();
        command.env("TWILIO_CA_BUNDLE", &file).args(["attempts", "summary"]);
        let output = command.assert().code(2).get_output().clone();
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains("TWILIO_CA_BUNDLE") && text.contains(reason), "{text}");
    }
    let mut command = server.command();
    command.env("TWILIO_CA_BUNDLE", folder.path().join("none.pem")).args(["attempts", "summary"]);
    let output = command.assert().code(2).get_output().clone();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("TWILIO_CA_BUNDLE: the file can't be read"), "{text}");
}
