//! `emulator`: a Verify on this machine, for as long as the command runs.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Args;
use schemars::JsonSchema;
use serde::Serialize;
use twilio_verify::{AccountSid, Redacted};
use twilio_verify_emulator::{Emulator, EmulatorBuilder, load_file};

use crate::exit::Exit;
use crate::failure::{Failure, causes_of};
use crate::output::{Column, Output, Resource};
use crate::{dates, signals, values};

/// What is served, and where.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  twilio-verify emulator --port 8080
  twilio-verify emulator --sample 100000 --seed 7
  twilio-verify attempts list --no-limit -o json > attempts.json
  twilio-verify emulator --attempts attempts.json")]
pub(crate) struct EmulatorArgs {
    /// How many attempts to make up, spread over the last 30 days
    #[arg(
        long,
        value_name = "N",
        default_value = "10000",
        allow_negative_numbers = true,
        value_parser = |text: &str| values::whole(text, 0..=10_000_000_usize)
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
        value_parser = |text: &str| values::whole(text, 0..=u64::MAX)
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
        value_parser = |text: &str| values::whole(text, 0..=u16::MAX)
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
        .seed(arguments.seed);
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
    let emulator = builder.start().await.map_err(|error| failure(&error))?;
    // Before it is said to be there: whoever reads that may end it at once.
    let end = signals::end().map_err(Failure::system)?;
    let started = Started {
        url: emulator.url(),
        account_sid: emulator.account_sid(),
        auth_token: emulator.auth_token(),
        page: format!("{}/_emulator/", emulator.url()),
        attempts: emulator.store().len(),
    };
    output.line(&started, |started| Ok(text(started)))?;
    end.await;
    emulator.shutdown().await;
    Ok(Exit::Ok)
}

/// A failure to start an emulator.
pub(crate) fn failure(error: &dyn Error) -> Failure {
    Failure::other(format!("the emulator can't start: {}", chain(error)))
}

/// An error and its causes in one line.
fn chain(error: &dyn Error) -> String {
    let mut words = vec![error.to_string()];
    words.extend(causes_of(error));
    words.join(": ")
}

/// What to paste into another shell.
fn text(started: &Started<'_>) -> String {
    let Started {
        url,
        account_sid,
        auth_token,
        page,
        attempts,
    } = started;
    format!(
        "\
# Twilio Verify emulator at {url} with {attempts} attempts; Ctrl-C ends it.
# In a browser: {page}
# In another shell:
export TWILIO_ACCOUNT_SID={account_sid}
export TWILIO_AUTH_TOKEN={auth_token}
twilio-verify --base-url {url} attempts summary
curl -u {account_sid}:{auth_token} '{url}/v2/Attempts/Summary?Country=CO&Channel=sms'
"
    )
}
