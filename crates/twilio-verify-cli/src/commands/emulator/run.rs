//! Runs an emulator until Ctrl-C.

use std::io::{self, IsTerminal};
use std::net::SocketAddr;

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify_emulator::{Emulator, EmulatorBuilder, Outbox, StartError, load_file};

use super::args::EmulatorArgs;
use super::authority::Authority;
use super::started::{Started, text};
use crate::commands::control::running::PORT;
use crate::failure::exit::Exit;
use crate::failure::report::{Failure, chain};
use crate::output::log;
use crate::output::note::note;
use crate::output::shape::Shape;
use crate::output::writer::Output;
use crate::session::connection::ConnectionArgs;
use crate::session::signals;
use crate::values::dates;

impl EmulatorArgs {
    /// Whether the command runs an emulator, rather than controls a running one.
    pub(crate) fn serves(&self) -> bool {
        self.control.is_none()
    }

    /// Returns a builder of the emulator that the flags describe.
    fn builder(&self, port: u16) -> Result<EmulatorBuilder, Failure> {
        let mut builder = Emulator::builder()
            .address(SocketAddr::from((self.host, port)))
            .allow_non_loopback(self.allow_non_loopback)
            .account_sid(self.account_sid.as_str())
            .auth_token(self.auth_token.expose())
            .seed(self.seed)
            .tls(self.tls)
            .faults(self.faults.iter().flat_map(|faults| faults.0.clone()));
        builder = self.injected.set(self.assumptions.set(builder));
        for host in &self.accept_host {
            builder = builder.accept_host(host);
        }
        if let Some(url) = &self.public_url {
            builder = builder.public_url(url);
        }
        builder = match &self.attempts {
            None if self.sample == 0 => builder,
            None => builder.sample(self.seed, self.end_of_sample(), self.sample),
            Some(path) => builder.attempts(load_file(path).map_err(|error| {
                Failure::usage(
                    format!("--attempts <FILE>: {}", chain(&error)),
                    "correct the file; the emulator reads the output of `attempts list -o json`",
                )
            })?),
        };
        Ok(match &self.data {
            Some(path) => builder.data(path),
            None => builder,
        })
    }

    /// Returns the end of the 30 days of made-up attempts.
    fn end_of_sample(&self) -> DateTime<Utc> {
        let ahead = self.assumptions.sample_ahead.unwrap_or_default();
        // At most the 30 days.
        let ahead = TimeDelta::from_std(ahead).unwrap_or(TimeDelta::MAX).min(TimeDelta::days(30));
        dates::started() + ahead
    }

    /// Starts the emulator on the given port, or else on the default port, or on a free one if the
    /// default is taken.
    async fn start(&self) -> Result<Emulator, Failure> {
        let mut started = self.builder(self.port.unwrap_or(PORT))?.start().await;
        if self.port.is_none() && matches!(started, Err(StartError::Bind { .. })) {
            started = self.builder(0)?.start().await;
        }
        started.map_err(|error| match error {
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
        })
    }
}

/// Runs an emulator, or a command for a running one.
pub(crate) async fn run(
    arguments: EmulatorArgs,
    connection: ConnectionArgs,
    output: Output,
) -> Result<Exit, Failure> {
    match arguments.control {
        Some(command) => command.run(connection, output).await.map(|()| Exit::Ok),
        None => serve(arguments, output).await,
    }
}

/// Serves until Ctrl-C or a signal that stops the process.
async fn serve(arguments: EmulatorArgs, mut output: Output) -> Result<Exit, Failure> {
    let host = arguments.host;
    if !host.is_loopback() && !arguments.allow_non_loopback {
        return Err(Failure::usage(
            format!(
                "--host <ADDRESS>: {host} is not a loopback address, and other machines could reach the emulator"
            ),
            "choose 127.0.0.1 or ::1, or add --allow-non-loopback",
        ));
    }
    let emulator = arguments.start().await?;
    arguments.injected.write(&emulator)?;
    let warnings = emulator.warnings();
    warnings.iter().for_each(|warning| note(&warning.to_string()));
    let authority = match emulator.ca_certificate_pem() {
        None => None,
        Some(pem) => Some(Authority::write(pem, arguments.tls_ca)?),
    };
    // Catch signals before the URL is printed, as its reader may stop the process at once.
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
    if io::stderr().is_terminal() {
        // A log file would keep them, and the numbers may be those of people.
        tokio::spawn(show_codes(emulator.outbox().clone()));
    }
    end.await;
    emulator.shutdown().await;
    let ended = emulator.warnings();
    let new = ended.iter().filter(|warning| !warnings.contains(warning));
    new.for_each(|warning| note(&warning.to_string()));
    Ok(Exit::Ok)
}

/// Logs each code that is sent.
async fn show_codes(outbox: Outbox) {
    let mut messages = outbox.subscribe_after(0);
    loop {
        let message = messages.next().await;
        let (code, to) = (&message.code, &message.to);
        log::line(&format!("  code {code} to {to} by {}", message.channel));
    }
}
