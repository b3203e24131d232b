//! The client that a command uses.

use std::time::Duration;

use clap::Args;
use twilio_verify::{Client, ClientBuilder};
use twilio_verify_emulator::Emulator;

use crate::failure::report::Failure;
use crate::output::note::note;
use crate::values::{dates, numbers};

/// The seed of the attempts of `--emulator`.
const SEED: u64 = 1;

/// The number of attempts of `--emulator`.
const ATTEMPTS: usize = 10_000;

/// The server to use and the timeout of its responses.
#[derive(Args, Debug)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// Use an emulator with a month of made-up attempts, started for this
    /// command alone; needs no account
    #[arg(long, global = true, conflicts_with_all = ["base_url", "region", "edge"])]
    pub(crate) emulator: bool,

    /// Send requests to this URL instead of Twilio's hosts: `https`, or a
    /// loopback address
    #[arg(long, global = true, value_name = "URL", conflicts_with_all = ["region", "edge"])]
    pub(crate) base_url: Option<String>,

    /// The region that keeps the data, such as ie1 [default: TWILIO_REGION, or us1]
    #[arg(long, global = true)]
    pub(crate) region: Option<String>,

    /// The edge where requests enter Twilio's network, such as dublin [default: TWILIO_EDGE]
    #[arg(long, global = true)]
    pub(crate) edge: Option<String>,

    /// The timeout of a call with all its attempts, such as 30s; each page of
    /// a list is a call [default: 60s]
    #[arg(long, global = true, value_name = "DURATION", value_parser = numbers::timeout)]
    pub(crate) timeout: Option<Duration>,
}

impl Connection {
    /// Notes that what a command writes to the emulator of this process is lost.
    pub(crate) fn note_what_is_lost(&self) {
        if self.emulator {
            note(
                "this emulator ends with the command, and what it holds is lost; `twilio-verify \
                 emulator` starts one that stays, and prints how to use it",
            );
        }
    }
}

/// Builds the client that the flags and the environment describe, and starts
/// its emulator if it uses one of this process.
pub(crate) async fn connect(settings: Connection) -> Result<(Client, Option<Emulator>), Failure> {
    let (mut builder, emulator) = if settings.emulator {
        let emulator = Emulator::builder()
            .seed(SEED)
            .sample(SEED, dates::started(), ATTEMPTS)
            .start()
            .await
            .map_err(|error| Failure::emulator(&error))?;
        let builder =
            Client::builder().credentials(emulator.credentials()).base_url(emulator.url());
        (builder, Some(emulator))
    } else {
        (ClientBuilder::from_env()?, None)
    };
    if let Some(url) = settings.base_url {
        builder = builder.base_url(url);
    }
    if let Some(region) = settings.region {
        builder = builder.region(region);
    }
    if let Some(edge) = settings.edge {
        builder = builder.edge(edge);
    }
    if let Some(timeout) = settings.timeout {
        builder = builder.timeout(timeout);
    }
    Ok((builder.build()?, emulator))
}
