//! `emulator`: an emulator of Verify on this machine, until Ctrl-C.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use tempfile::NamedTempFile;
use twilio_verify::{AccountSid, Redacted};
use twilio_verify_emulator::{Emulator, EmulatorBuilder, Fault, StartError, load_file};

use crate::failure::exit::Exit;
use crate::failure::report::{Failure, chain};
use crate::output::column::Column;
use crate::output::note::note;
use crate::output::shape::{Resource, Shape};
use crate::output::writer::Output;
use crate::session::signals;
use crate::values::{dates, numbers};

/// The address and the settings of the emulator.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  twilio-verify emulator --port 8080
  twilio-verify emulator --sample 100000 --seed 7
  twilio-verify attempts list --no-limit -o json > attempts.json
  twilio-verify emulator --attempts attempts.json
  twilio-verify emulator --data verify.data --sample 0
  twilio-verify emulator --tls --tls-ca ca.pem
  twilio-verify emulator --faults 'CreateVerification:429=0.1,retry-after=2; *:latency=50ms..200ms'
  twilio-verify emulator --faults '*:503,on=1; *:reset,on=2,after; *:latency=80ms,p99=900ms'

A fault is OPERATION:EFFECT[,OPTION]…; several are separated by `;` or line breaks. An operation is
named as in the API's document, or * for all.
Effects:
  STATUS        an error, 400 to 599, instead of the response
  reset, close  the connection ends without a response
  reset-midway  half of the response's body, then a reset
  truncate      half of the body that Content-Length announces, then the end
  latency=D     a delay of D; D..D is uniformly distributed; with p99=D it is log-normal, and the
                first D is its median
  slow=D        the body is sent in pieces, over D
  Any but the last two may be followed by a probability: 503=0.1
Options:
  p=0.1           a probability
  on=3, on=1..3   only the requests with these numbers, counted from 1
  every=3         every third request
  after           after the request is processed, not instead
  retry-after=2   the Retry-After header of an error
  body=html       the body of an error: html, empty or twilio
  code=60200      the code in Twilio's error body")]
pub(crate) struct EmulatorArgs {
    /// The number of made-up attempts, spread over the last 30 days
    #[arg(
        long,
        value_name = "N",
        default_value = "10000",
        allow_negative_numbers = true,
        value_parser = |text: &str| numbers::whole(text, 0..=10_000_000_usize)
    )]
    sample: usize,

    /// Start with the attempts of a JSON file instead of made-up ones: an array,
    /// or the output of `attempts list -o json`
    #[arg(long, value_name = "FILE", conflicts_with = "sample")]
    attempts: Option<PathBuf>,

    /// The seed of made-up attempts, SIDs, codes and secrets: the same seed gives
    /// the same ones
    #[arg(
        long,
        value_name = "N",
        default_value = "1",
        allow_negative_numbers = true,
        value_parser = |text: &str| numbers::whole(text, 0..=u64::MAX)
    )]
    seed: u64,

    /// The account of the emulator
    #[arg(long, value_name = "SID", default_value = EmulatorBuilder::DEFAULT_ACCOUNT_SID)]
    account_sid: AccountSid,

    /// The auth token of the account; other users can see a process's flags
    #[arg(
        long,
        value_name = "TOKEN",
        default_value = EmulatorBuilder::DEFAULT_AUTH_TOKEN,
        value_parser = auth_token
    )]
    auth_token: Redacted<String>,

    /// Keep the emulator's state in a file, so that it survives a restart. If the
    /// file exists, its state is used, without --sample and --attempts. It holds
    /// secrets
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,

    /// Faults to inject, as described below; or a file of them, one per line, or in
    /// JSON
    #[arg(long, value_name = "SPEC|FILE", value_parser = faults)]
    faults: Vec<Faults>,

    /// Accept TLS connections, with a certificate made for this run
    #[arg(long)]
    tls: bool,

    /// The file to write the certificate of the CA to, which clients must trust
    /// [default: a temporary file]
    #[arg(long, value_name = "FILE", requires = "tls")]
    tls_ca: Option<PathBuf>,

    /// The base of URLs in responses, if clients reach the emulator through a
    /// proxy that changes the scheme, the Host or the path
    /// [default: the Host of the request]
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,

    /// A host that requests may be sent to, such as the name of a container; can be
    /// repeated. Others than loopback ones are rejected, as a web page may use them
    #[arg(long, value_name = "NAME|ADDRESS")]
    accept_host: Vec<String>,

    /// The address to listen on
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value_t = Ipv4Addr::LOCALHOST.into(),
        value_parser = host
    )]
    host: IpAddr,

    /// The port to listen on; 0 selects a free one
    #[arg(
        long,
        default_value = "0",
        allow_negative_numbers = true,
        value_parser = |text: &str| numbers::whole(text, 0..=u16::MAX)
    )]
    port: u16,

    /// Allow connections from other machines: unencrypted without --tls, and
    /// with well-known credentials without --auth-token
    #[arg(long)]
    allow_non_loopback: bool,
}

fn host(text: &str) -> Result<IpAddr, &'static str> {
    text.parse().map_err(|_| "expected an IP address, such as 127.0.0.1 or ::1")
}

fn auth_token(text: &str) -> Result<Redacted<String>, &'static str> {
    if text.is_empty() {
        return Err("expected at least one character, as clients never send an empty token");
    }
    Ok(Redacted::new(text.to_owned()))
}

/// The faults of one flag.
#[derive(Clone, Debug)]
struct Faults(Vec<Fault>);

fn faults(text: &str) -> Result<Faults, String> {
    let file = Path::new(text);
    let faults = if file.is_file() {
        let text = std::fs::read_to_string(file);
        Fault::parse_all(&text.map_err(|error| format!("cannot read the file: {error}"))?)
    } else {
        Fault::parse_all(text)
    };
    faults.map(Faults).map_err(|error| error.to_string())
}

/// The address of an emulator and its credentials.
#[derive(JsonSchema, Serialize)]
struct Started<'a> {
    /// Its URL.
    url: &'a str,
    /// Its account.
    account_sid: &'a str,
    /// The auth token of the account: it protects nothing real, and is shown.
    auth_token: &'a str,
    /// The URL of its page, for a browser.
    page: String,
    /// The number of attempts at the start.
    attempts: usize,
    /// With TLS: the file with the certificate of the CA to trust.
    ca_certificate: Option<&'a Path>,
}

impl Resource for Started<'_> {
    const PLURAL: &'static str = "emulators";
    const COLUMNS: &'static [Column] = &[Column::new("URL", "url")];
}

/// Serves until Ctrl-C or a signal that stops the process.
pub(crate) async fn serve(arguments: EmulatorArgs, mut output: Output) -> Result<Exit, Failure> {
    let EmulatorArgs { host, port, allow_non_loopback, .. } = arguments;
    if !host.is_loopback() && !allow_non_loopback {
        return Err(Failure::usage(
            format!(
                "--host <ADDRESS>: {host} is not a loopback address, and other machines could reach the emulator"
            ),
            "choose 127.0.0.1 or ::1, or add --allow-non-loopback",
        ));
    }
    let mut builder = Emulator::builder()
        .address(SocketAddr::from((host, port)))
        .allow_non_loopback(allow_non_loopback)
        .account_sid(arguments.account_sid.as_str())
        .auth_token(arguments.auth_token.into_inner())
        .seed(arguments.seed)
        .tls(arguments.tls)
        .faults(arguments.faults.into_iter().flat_map(|faults| faults.0));
    for host in arguments.accept_host {
        builder = builder.accept_host(host);
    }
    if let Some(url) = arguments.public_url {
        builder = builder.public_url(url);
    }
    builder = match &arguments.attempts {
        None if arguments.sample == 0 => builder,
        None => builder.sample(arguments.seed, dates::started(), arguments.sample),
        Some(path) => builder.attempts(load_file(path).map_err(|error| {
            Failure::usage(
                format!("--attempts <FILE>: {}", chain(&error)),
                "correct the file; the emulator reads the output of `attempts list -o json`",
            )
        })?),
    };
    if let Some(path) = arguments.data {
        builder = builder.data(path);
    }
    let emulator = builder.start().await.map_err(|error| match error {
        StartError::InvalidPublicUrl => Failure::usage(
            format!("--public-url <URL>: {error}"),
            "correct the URL, or remove --public-url",
        ),
        StartError::InvalidAcceptedHost => Failure::usage(
            format!("--accept-host <NAME|ADDRESS>: {error}"),
            "correct the host, or remove --accept-host",
        ),
        StartError::DataFileInUse { .. }
        | StartError::DataFileNotOpened { .. }
        | StartError::DataFileUnreadable { .. }
        | StartError::DataFileVersion { .. } => Failure::usage(
            format!("--data <FILE>: {}", chain(&error)),
            "choose another file; it is created if it doesn't exist",
        ),
        error => Failure::emulator(&error),
    })?;
    let warnings = emulator.warnings();
    warnings.iter().for_each(|warning| note(&warning.to_string()));
    let authority = match emulator.ca_certificate_pem() {
        None => None,
        Some(pem) => Some(Authority::write(pem, arguments.tls_ca)?),
    };
    // Before the URL is printed: its reader may stop the process at once.
    let end = signals::end().map_err(Failure::system)?;
    let started = Started {
        url: emulator.url(),
        account_sid: emulator.account_sid(),
        auth_token: emulator.auth_token(),
        page: format!("{}/_emulator/", emulator.url()),
        attempts: emulator.store().len(),
        ca_certificate: authority.as_ref().map(Authority::path),
    };
    let shape = Shape::of::<Started<'_>>();
    let json = serde_json::to_value(&started).map_err(io::Error::from)?;
    output.line(&shape, json, |_| text(&started))?;
    end.await;
    emulator.shutdown().await;
    let ended = emulator.warnings();
    let new = ended.iter().filter(|warning| !warnings.contains(warning));
    new.for_each(|warning| note(&warning.to_string()));
    Ok(Exit::Ok)
}

/// A file with the certificate of an emulator's CA.
enum Authority {
    /// At the given path.
    Given(PathBuf),
    /// A temporary one, deleted when the emulator stops.
    Temporary(NamedTempFile),
}

impl Authority {
    fn write(pem: &str, path: Option<PathBuf>) -> Result<Self, Failure> {
        let (flag, written) = match path {
            Some(path) => {
                ("--tls-ca <FILE>", std::fs::write(&path, pem).map(|()| Self::Given(path)))
            }
            None => ("--tls", Self::temporary(pem).map(Self::Temporary)),
        };
        written.map_err(|error| {
            Failure::usage(
                format!("{flag}: cannot write the certificate: {error}"),
                "choose a writable file with --tls-ca FILE",
            )
        })
    }

    fn temporary(pem: &str) -> std::io::Result<NamedTempFile> {
        let mut file =
            tempfile::Builder::new().prefix("twilio-verify-ca-").suffix(".pem").tempfile()?;
        file.write_all(pem.as_bytes())?;
        file.flush()?;
        Ok(file)
    }

    fn path(&self) -> &Path {
        match self {
            Self::Given(path) => path,
            Self::Temporary(file) => file.path(),
        }
    }
}

/// Commands for another shell.
fn text(started: &Started<'_>) -> String {
    let Started { url, account_sid, auth_token, page, attempts, ca_certificate } = started;
    let (trust, curl) = match ca_certificate {
        None => (String::new(), "curl".to_owned()),
        Some(path) => {
            let path = path.display();
            (format!("export SSL_CERT_FILE='{path}'\n"), format!("curl --cacert '{path}'"))
        }
    };
    format!(
        "\
# Twilio Verify emulator at {url} with {attempts} attempts; Ctrl-C stops it.
# In a browser: {page}
# In another shell:
export TWILIO_ACCOUNT_SID={account_sid}
export TWILIO_AUTH_TOKEN={auth_token}
{trust}twilio-verify --base-url {url} attempts summary
{curl} -u {account_sid}:{auth_token} '{url}/v2/Attempts/Summary?Country=CO&Channel=sms'
"
    )
}
