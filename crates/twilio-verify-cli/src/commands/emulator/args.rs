//! `emulator`: its command line.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::Args;
use clap::builder::BoolishValueParser;
use twilio_verify::{AccountSid, Redacted};
use twilio_verify_emulator::EmulatorBuilder;

use super::assumptions::Assumptions;
use super::injected::Injected;
use crate::commands::control::command::ControlCommand;
use crate::commands::faults::{Faults, faults};
use crate::values::numbers;
use crate::values::texts::complete;

/// The address and the settings of the emulator.
#[derive(Args, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_help_heading = "Commands for a running emulator",
    subcommand_value_name = "COMMAND",
    after_help = "\
Each request is logged to stderr, webhooks too with -v, and connections with -vv. If stderr is a
terminal, the codes that are sent are shown too.

Health checks of containers can request /_emulator/health, by any host name.

Examples:
  twilio-verify emulator --port 8080
  TWILIO_VERIFY_EMULATOR_PORT=8080 twilio-verify emulator
  twilio-verify emulator codes
  twilio-verify emulator --sample 100000 --seed 7
  twilio-verify attempts list --no-limit -o json > attempts.json
  twilio-verify emulator --attempts attempts.json
  twilio-verify emulator --data verify.data --sample 0
  twilio-verify emulator --inject 'pumping prefix=+99899394 start=-6h rate=600/h carrier=43404'
  twilio-verify emulator --inject 'voice prefix=+373 start=10m; spike prefix=+57' --truth truth.json
  twilio-verify emulator --sample-ahead 1d --list-lag 30s --price-delay 12h
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
  code=60200      the code in Twilio's error body

A scenario is KIND FIELD=VALUE…; several are separated by `;` or line breaks.
Its kinds are the attacks pumping, drip, masked and voice; and spike, launch and outage, which are not
attacks.

Fields:
  prefix=+99899394     the first digits of the numbers; required, except for an outage
  start=-6h            when it begins, before (-) or after the start; or a date in GMT
  for=4h               how long it takes
  rate=600/h           attempts per d, h, m or s
  converted=0.33       the share that converts, or 33%
  numbers=sequential   or random
  carrier=43404        the network: MCC and MNC
  channel=sms          or call, whatsapp, rbm
  service=VA…          the service"
)]
pub(crate) struct EmulatorArgs {
    #[command(subcommand)]
    pub(super) control: Option<ControlCommand>,

    /// The number of made-up attempts, spread over the last 30 days
    #[arg(
        long,
        value_name = "N",
        default_value = "10000",
        allow_negative_numbers = true,
        value_parser = |text: &str| numbers::whole(text, 0..=10_000_000_usize),
        env = "TWILIO_VERIFY_EMULATOR_SAMPLE",
        hide_env_values = true
    )]
    pub(super) sample: usize,

    /// Start with the attempts of a JSON file instead of made-up ones: an array,
    /// or the output of `attempts list -o json`
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with = "sample",
        env = "TWILIO_VERIFY_EMULATOR_ATTEMPTS",
        hide_env_values = true
    )]
    pub(super) attempts: Option<PathBuf>,

    /// The seed of made-up attempts, SIDs, codes and secrets: the same seed gives
    /// the same ones
    #[arg(
        long,
        value_name = "N",
        default_value = "1",
        allow_negative_numbers = true,
        value_parser = |text: &str| numbers::whole(text, 0..=u64::MAX),
        env = "TWILIO_VERIFY_EMULATOR_SEED",
        hide_env_values = true
    )]
    pub(super) seed: u64,

    /// The account of the emulator
    #[arg(
        long,
        value_name = "SID",
        default_value = EmulatorBuilder::DEFAULT_ACCOUNT_SID,
        env = "TWILIO_VERIFY_EMULATOR_ACCOUNT_SID",
        hide_env_values = true
    )]
    pub(super) account_sid: AccountSid,

    /// The auth token of the account; other users can see a process's flags
    #[arg(
        long,
        value_name = "TOKEN",
        default_value = EmulatorBuilder::DEFAULT_AUTH_TOKEN,
        value_parser = auth_token,
        env = "TWILIO_VERIFY_EMULATOR_AUTH_TOKEN",
        hide_env_values = true
    )]
    pub(super) auth_token: Redacted<String>,

    /// Keep the emulator's state in a file, so that it survives a restart. If the
    /// file exists, its state is used, without --sample and --attempts. It holds
    /// secrets
    #[arg(long, value_name = "FILE", env = "TWILIO_VERIFY_EMULATOR_DATA", hide_env_values = true)]
    pub(super) data: Option<PathBuf>,

    /// Faults to inject, as described below; or a file of them, one per line, or in
    /// JSON
    #[arg(
        long,
        value_name = "SPEC|FILE", value_parser = faults, env = "TWILIO_VERIFY_EMULATOR_FAULTS", hide_env_values = true
    )]
    pub(super) faults: Vec<Faults>,

    /// Accept TLS connections, with a certificate made for this run
    #[arg(
        long,
        value_parser = BoolishValueParser::new(),
        env = "TWILIO_VERIFY_EMULATOR_TLS",
        hide_env_values = true
    )]
    pub(super) tls: bool,

    /// The file to write the certificate of the CA to, which clients must trust
    /// [default: a temporary file]
    #[arg(
        long,
        value_name = "FILE",
        requires = "tls",
        env = "TWILIO_VERIFY_EMULATOR_TLS_CA",
        hide_env_values = true
    )]
    pub(super) tls_ca: Option<PathBuf>,

    /// The base of URLs in responses, if clients reach the emulator through a
    /// proxy that changes the scheme, the Host or the path
    /// [default: the Host of the request]
    #[arg(
        long,
        value_name = "URL",
        env = "TWILIO_VERIFY_EMULATOR_PUBLIC_URL",
        hide_env_values = true
    )]
    pub(super) public_url: Option<String>,

    /// A host that requests may be sent to, such as the name of a container; can be
    /// repeated. Others than loopback ones are rejected, as a web page may use them
    #[arg(
        long,
        value_name = "NAME|ADDRESS",
        env = "TWILIO_VERIFY_EMULATOR_ACCEPT_HOST",
        hide_env_values = true,
        value_delimiter = ','
    )]
    pub(super) accept_host: Vec<String>,

    /// The address to listen on
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value_t = Ipv4Addr::LOCALHOST.into(),
        value_parser = host,
        env = "TWILIO_VERIFY_EMULATOR_HOST",
        hide_env_values = true
    )]
    pub(super) host: IpAddr,

    /// The port to listen on; 0 selects a free one [default: 8374, or a free one if that is taken]
    #[arg(
        long,
        allow_negative_numbers = true,
        value_parser = |text: &str| numbers::whole(text, 0..=u16::MAX),
        env = "TWILIO_VERIFY_EMULATOR_PORT",
        hide_env_values = true
    )]
    pub(super) port: Option<u16>,

    /// Allow connections from other machines: unencrypted without --tls, and
    /// with well-known credentials without --auth-token
    #[arg(
        long,
        value_parser = BoolishValueParser::new(),
        env = "TWILIO_VERIFY_EMULATOR_ALLOW_NON_LOOPBACK",
        hide_env_values = true
    )]
    pub(super) allow_non_loopback: bool,

    #[command(flatten)]
    pub(super) injected: Injected,

    #[command(flatten)]
    pub(super) assumptions: Assumptions,
}

fn host(text: &str) -> Result<IpAddr, &'static str> {
    text.parse().map_err(|_| "expected an IP address, such as 127.0.0.1 or ::1")
}

fn auth_token(text: &str) -> Result<Redacted<String>, &'static str> {
    complete(text)?;
    if text.is_empty() {
        return Err("expected at least one character, as clients never send an empty token");
    }
    Ok(Redacted::new(text.to_owned()))
}
