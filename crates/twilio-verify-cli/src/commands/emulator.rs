//! `emulator`: a Verify on this machine, for as long as the command runs.

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
use crate::output::shape::{Resource, Shape};
use crate::output::writer::Output;
use crate::session::signals;
use crate::values::{dates, numbers};

/// What is served, and where.
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

A fault is OPERATION:EFFECT[,OPTION]…; several have `;` or a line's end between
them. An operation is named as in the API's document, or * for all.
Effects:
  STATUS        an error, 400 to 599, in place of the answer
  reset, close  the connection ends without an answer
  reset-midway  half of the answer's body, then a reset
  truncate      half of the body that Content-Length promises, then the end
  latency=D     so long; D..D is evenly distributed; with p99=D log-normal, the
                first being its median
  slow=D        the body comes in pieces, over so long
  Any but the last two may have a probability behind it: 503=0.1
Options:
  p=0.1           a probability
  on=3, on=1..3   these of the requests, the first being 1
  every=3         every third of them
  after           after the request was processed, not in place of that
  retry-after=2   a header of an error
  body=html       an error's body; or empty, or twilio
  code=60200      the code in Twilio's body")]
pub(crate) struct EmulatorArgs {
    /// How many attempts to make up, spread over the last 30 days
    #[arg(
        long,
        value_name = "N",
        default_value = "10000",
        allow_negative_numbers = true,
        value_parser = |text: &str| numbers::whole(text, 0..=10_000_000_usize)
    )]
    sample: usize,

    /// Begin with the attempts of a JSON file in place of made-up ones: an
    /// array, or what `attempts list -o json` writes
    #[arg(long, value_name = "FILE", conflicts_with = "sample")]
    attempts: Option<PathBuf>,

    /// What attempts, SIDs, codes and secrets are made up from: the same seed
    /// gives the same ones
    #[arg(
        long,
        value_name = "N",
        default_value = "1",
        allow_negative_numbers = true,
        value_parser = |text: &str| numbers::whole(text, 0..=u64::MAX)
    )]
    seed: u64,

    /// The account that the emulator is
    #[arg(long, value_name = "SID", default_value = EmulatorBuilder::DEFAULT_ACCOUNT_SID)]
    account_sid: AccountSid,

    /// The auth token of the account; like everything on a command line, it is
    /// for all to see
    #[arg(
        long,
        value_name = "TOKEN",
        default_value = EmulatorBuilder::DEFAULT_AUTH_TOKEN,
        value_parser = auth_token
    )]
    auth_token: Redacted<String>,

    /// Keep what the emulator knows in a file, for when it is started again. A
    /// file that is there already begins as it was left: neither --sample nor
    /// --attempts adds to it. It holds secrets
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,

    /// What goes wrong, as below; or a file with that, one a line, or in JSON
    #[arg(long, value_name = "SPEC|FILE", value_parser = faults)]
    faults: Vec<Faults>,

    /// Take TLS connections, with a certificate made for this run
    #[arg(long)]
    tls: bool,

    /// Where to write the certificate of the CA that clients have to trust
    /// [default: a temporary file]
    #[arg(long, value_name = "FILE", requires = "tls")]
    tls_ca: Option<PathBuf>,

    /// What URLs in answers begin with, where clients reach the emulator by
    /// another address than it listens on
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,

    /// The address to listen on
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value_t = Ipv4Addr::LOCALHOST.into(),
        value_parser = host
    )]
    host: IpAddr,

    /// The port to listen on; 0 is any that is free
    #[arg(
        long,
        default_value = "0",
        allow_negative_numbers = true,
        value_parser = |text: &str| numbers::whole(text, 0..=u16::MAX)
    )]
    port: u16,

    /// Let other machines reach the emulator, in the clear and, without
    /// --auth-token, with credentials that everybody knows
    #[arg(long)]
    allow_non_loopback: bool,
}

fn host(text: &str) -> Result<IpAddr, &'static str> {
    text.parse()
        .map_err(|_| "expected an IP address, such as 127.0.0.1 or ::1")
}

fn auth_token(text: &str) -> Result<Redacted<String>, &'static str> {
    if text.is_empty() {
        return Err("expected at least one character, as no client sends an empty token");
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
        Fault::parse_all(&text.map_err(|error| format!("the file can't be read: {error}"))?)
    } else {
        Fault::parse_all(text)
    };
    faults.map(Faults).map_err(|error| error.to_string())
}

/// Where an emulator is, and who may ask it.
#[derive(JsonSchema, Serialize)]
struct Started<'a> {
    /// Where it listens.
    url: &'a str,
    /// The account that it is.
    account_sid: &'a str,
    /// The token of the account: it guards nothing, and is shown to be used.
    auth_token: &'a str,
    /// Its page, for a browser.
    page: String,
    /// How many attempts it begins with.
    attempts: usize,
    /// The file with the certificate of the CA to trust, with TLS.
    ca_certificate: Option<&'a Path>,
}

impl Resource for Started<'_> {
    const PLURAL: &'static str = "emulators";
    const COLUMNS: &'static [Column] = &[Column::new("URL", "url")];
}

/// Serves until Ctrl-C, or until the process is told to end.
pub(crate) async fn serve(arguments: EmulatorArgs, mut output: Output) -> Result<Exit, Failure> {
    let EmulatorArgs {
        host,
        port,
        allow_non_loopback,
        ..
    } = arguments;
    if !host.is_loopback() && !allow_non_loopback {
        return Err(Failure::usage(
            format!(
                "--host <ADDRESS>: {host} is not loopback, so that other machines could reach the emulator"
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
    if let Some(url) = arguments.public_url {
        builder = builder.public_url(url);
    }
    builder = match &arguments.attempts {
        None if arguments.sample == 0 => builder,
        None => builder.sample(arguments.seed, dates::started(), arguments.sample),
        Some(path) => builder.attempts(load_file(path).map_err(|error| {
            Failure::usage(
                format!("--attempts <FILE>: {}", chain(&error)),
                "correct the file; the emulator takes what `attempts list -o json` writes",
            )
        })?),
    };
    if let Some(path) = arguments.data {
        builder = builder.data(path);
    }
    let emulator = builder.start().await.map_err(|error| match error {
        StartError::InvalidPublicUrl => Failure::usage(
            format!("--public-url <URL>: {error}"),
            "correct the URL, or leave it out",
        ),
        StartError::DataFileInUse { .. }
        | StartError::DataFileNotOpened { .. }
        | StartError::DataFileUnreadable { .. }
        | StartError::DataFileVersion { .. } => Failure::usage(
            format!("--data <FILE>: {}", chain(&error)),
            "choose another file; a new one is made if it is not there",
        ),
        error => Failure::emulator(&error),
    })?;
    let authority = match emulator.ca_certificate_pem() {
        None => None,
        Some(pem) => Some(Authority::write(pem, arguments.tls_ca)?),
    };
    // Before it is said to be there: whoever reads that may end it at once.
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
    Ok(Exit::Ok)
}

/// A file with the certificate of an emulator's CA.
enum Authority {
    /// Of this name.
    Given(PathBuf),
    /// Of any, for as long as the emulator runs.
    Temporary(NamedTempFile),
}

impl Authority {
    fn write(pem: &str, path: Option<PathBuf>) -> Result<Self, Failure> {
        let (flag, written) = match path {
            Some(path) => (
                "--tls-ca <FILE>",
                std::fs::write(&path, pem).map(|()| Self::Given(path)),
            ),
            None => ("--tls", Self::temporary(pem).map(Self::Temporary)),
        };
        written.map_err(|error| {
            Failure::usage(
                format!("{flag}: the certificate can't be written: {error}"),
                "choose a file that can be written, with --tls-ca FILE",
            )
        })
    }

    fn temporary(pem: &str) -> std::io::Result<NamedTempFile> {
        let mut file = tempfile::Builder::new()
            .prefix("twilio-verify-ca-")
            .suffix(".pem")
            .tempfile()?;
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

/// What to paste into another shell.
fn text(started: &Started<'_>) -> String {
    let Started {
        url,
        account_sid,
        auth_token,
        page,
        attempts,
        ca_certificate,
    } = started;
    let (trust, curl) = match ca_certificate {
        None => (String::new(), "curl".to_owned()),
        Some(path) => {
            let path = path.display();
            (
                format!("export SSL_CERT_FILE='{path}'\n"),
                format!("curl --cacert '{path}'"),
            )
        }
    };
    format!(
        "\
# Twilio Verify emulator at {url} with {attempts} attempts; Ctrl-C ends it.
# In a browser: {page}
# In another shell:
export TWILIO_ACCOUNT_SID={account_sid}
export TWILIO_AUTH_TOKEN={auth_token}
{trust}twilio-verify --base-url {url} attempts summary
{curl} -u {account_sid}:{auth_token} '{url}/v2/Attempts/Summary?Country=CO&Channel=sms'
"
    )
}
