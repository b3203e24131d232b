//! Builds the client that a command uses.

use std::path::PathBuf;
#[cfg(feature = "exporter")]
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use twilio_verify::{Client, ServiceSid};
use twilio_verify_emulator::Emulator;

#[cfg(feature = "exporter")]
use super::calls::CallCount;
use crate::failure::report::Failure;
use crate::output::note::note;
use crate::settings::host::Place;
use crate::settings::settings::{Flags, Settings};
use crate::values::{dates, numbers};

/// The seed of the attempts of `--emulator`.
const SEED: u64 = 1;

/// The number of attempts of `--emulator`.
const ATTEMPTS: usize = 10_000;

/// The server to use and the timeout of its responses.
#[derive(Args, Debug)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectionArgs {
    /// Use an emulator with a month of made-up attempts, started for this
    /// command alone; needs no account
    #[arg(
        long,
        global = true,
        conflicts_with_all = ["base_url", "region", "edge", "profile", "config_file"]
    )]
    pub(crate) emulator: bool,

    /// The profile to use from the file of profiles. Default: TWILIO_PROFILE, or `default`, if the
    /// file has it
    #[arg(short, long, global = true, value_name = "NAME")]
    pub(crate) profile: Option<String>,

    /// The file of profiles, instead of TWILIO_VERIFY_CONFIG or ~/.config/twilio-verify/config.toml
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config_file: Option<PathBuf>,

    /// Send requests to this URL instead of Twilio's hosts: `https`, or a loopback address. Default:
    /// TWILIO_BASE_URL, if it is set
    #[arg(long, global = true, value_name = "URL", conflicts_with_all = ["region", "edge"])]
    pub(crate) base_url: Option<String>,

    /// The region that stores the data, such as ie1. Default: TWILIO_REGION, or us1
    #[arg(long, global = true)]
    pub(crate) region: Option<String>,

    /// The edge where requests enter Twilio's network, such as dublin. Default: TWILIO_EDGE
    #[arg(long, global = true)]
    pub(crate) edge: Option<String>,

    /// The timeout of a call with all its retries, in seconds or with a unit, such as 30s or 200ms;
    /// each page of a list is a call. Default: 60s
    #[arg(long, global = true, value_name = "DURATION", value_parser = numbers::timeout)]
    pub(crate) timeout: Option<Duration>,
}

/// The server that a command uses.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    /// The settings, unless the server is an emulator of this process.
    settings: Option<Settings>,
    timeout: Option<Duration>,
    /// The counter of the requests.
    #[cfg(feature = "exporter")]
    calls: Option<Arc<CallCount>>,
}

impl ConnectionArgs {
    /// Reads the settings from the flags, the environment and the profile.
    pub(crate) fn read(self) -> Result<Connection, Failure> {
        let Self { emulator, profile, config_file, base_url, region, edge, timeout } = self;
        let settings = match emulator {
            true => None,
            false => {
                let place = Place { base_url, region, edge };
                Some(Settings::read(Flags { profile, config_file, place })?)
            }
        };
        Ok(Connection {
            settings,
            timeout,
            #[cfg(feature = "exporter")]
            calls: None,
        })
    }
}

impl Connection {
    /// Notes, if the server is an emulator of this process, that what a command writes is lost.
    pub(crate) fn note_what_is_lost(&self) {
        if self.settings.is_none() {
            note(
                "this emulator ends with the command, and what it holds is lost; `twilio-verify \
                 emulator` starts one that stays, and prints how to use it",
            );
        }
    }

    /// Returns the account, if the settings name it.
    pub(crate) fn account(&self) -> Option<String> {
        self.settings.as_ref()?.account()
    }

    /// Sets the timeout of a call, unless a flag sets it.
    pub(crate) fn or_timeout(mut self, timeout: Duration) -> Self {
        self.timeout.get_or_insert(timeout);
        self
    }

    /// Sets the counter of the requests.
    #[cfg(feature = "exporter")]
    pub(crate) fn counted_by(mut self, calls: &Arc<CallCount>) -> Self {
        self.calls = Some(Arc::clone(calls));
        self
    }

    /// Returns the default service, for a command that needs one and names none.
    pub(crate) fn service(&self) -> Option<&ServiceSid> {
        self.settings.as_ref()?.service()
    }

    /// Builds the client, and starts an emulator in this process if the client uses one.
    pub(super) async fn connect(self) -> Result<(Client, Option<Emulator>), Failure> {
        let (mut builder, emulator) = match &self.settings {
            None => {
                let emulator = Emulator::builder()
                    .seed(SEED)
                    .sample(SEED, dates::started(), ATTEMPTS)
                    .start()
                    .await
                    .map_err(|error| Failure::emulator(&error))?;
                let builder =
                    Client::builder().credentials(emulator.credentials()).base_url(emulator.url());
                (builder, Some(emulator))
            }
            Some(settings) => (settings.client()?, None),
        };
        if let Some(timeout) = self.timeout {
            builder = builder.timeout(timeout);
        }
        #[cfg(feature = "exporter")]
        if let Some(calls) = self.calls {
            builder = calls.set(builder);
        }
        let client = builder.build().map_err(|error| match &self.settings {
            None => Failure::from(error),
            Some(settings) => settings.failure(error),
        })?;
        Ok((client, emulator))
    }
}
