//! The client that a command asks with.

use twilio_verify::{Client, ClientBuilder};
use twilio_verify_emulator::Emulator;

use crate::cli::Connection;
use crate::commands::emulator;
use crate::dates;
use crate::failure::Failure;

/// What the attempts of `--emulator` are made from.
const SEED: u64 = 1;

/// How many attempts `--emulator` has.
const ATTEMPTS: usize = 10_000;

/// Builds the client that the flags and the environment describe, with the
/// emulator that it asks if that is to be one of this process.
pub(crate) async fn connect(settings: Connection) -> Result<(Client, Option<Emulator>), Failure> {
    let (mut builder, emulator) = if settings.emulator {
        let emulator = Emulator::builder()
            .seed(SEED)
            .sample(SEED, dates::started(), ATTEMPTS)
            .start()
            .await
            .map_err(|error| emulator::failure(&error))?;
        let builder = Client::builder()
            .credentials(emulator.credentials())
            .base_url(emulator.url());
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
