//! Runs `exporter`.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;

use super::args::{ExporterArgs, Print};
use super::print::{grafana, rules};
use super::renewal::Renewal;
use super::server;
use super::started::{Started, text};
use super::state::{Setting, State};
use crate::failure::exit::Exit;
use crate::failure::report::Failure;
use crate::output::log;
use crate::output::note::note;
use crate::output::shape::Shape;
use crate::output::writer::Output;
use crate::session::calls::CallCount;
use crate::session::connection::Connection;
use crate::session::requests::Session;
use crate::session::signals;

/// Prints a dashboard or rules.
pub(super) fn print(arguments: &ExporterArgs, mut output: Output) -> Result<Exit, Failure> {
    match arguments.print {
        Some(Print::Grafana) => output.raw(grafana::dashboard(&arguments.windows()).as_bytes())?,
        Some(Print::Rules) => output.raw(rules::rules(&arguments.windows()).as_bytes())?,
        None => {}
    }
    Ok(Exit::Ok)
}

/// Serves metrics and renews them, until Ctrl-C or a signal that stops the process.
pub(super) async fn run(
    arguments: ExporterArgs,
    connection: Connection,
    output: Output,
    quiet: bool,
) -> Result<Exit, Failure> {
    // A slow reader of stderr must not keep renewals waiting.
    log::never_wait();
    let listener = listen(arguments.listen).await?;
    let address = listener.local_addr().map_err(Failure::system)?;
    if !address.ip().is_loopback() {
        note(&format!("other machines can reach {address}, which asks for no password"));
    }
    let calls = Arc::<CallCount>::default();
    let mut session = Session::start(connection.counted_by(&calls), output, quiet).await?;
    let setting = Setting { interval: arguments.interval(), budget: arguments.budget };
    let state = Arc::new(State::new(setting, calls));
    // Catch signals before the URL is printed, as its reader may stop the process at once.
    let end = signals::end().map_err(Failure::system)?;
    let (stop, stopped) = watch::channel(false);
    let server = tokio::spawn(server::serve(listener, Arc::clone(&state), stopped));
    let started = Started::new(address, &arguments);
    let json = serde_json::to_value(&started).map_err(io::Error::from)?;
    let shown = text(address, &arguments);
    session.output().line(&Shape::of::<Started>(), json, |_| shown)?;
    let renewal = Renewal::new(session.client.clone(), state, arguments);
    let result = tokio::select! {
        biased;
        () = end => Ok(Exit::Ok),
        failure = renewal.run() => Err(failure),
    };
    let _ended = stop.send(true);
    match server.await {
        Ok(()) => result,
        Err(error) => result.and(Err(Failure::from_fault(&error))),
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        let fault = match error.kind() {
            ErrorKind::AddrInUse => "another program listens there".to_owned(),
            ErrorKind::AddrNotAvailable => "this machine does not have this address".to_owned(),
            ErrorKind::PermissionDenied => "this port needs more rights".to_owned(),
            _ => error.to_string(),
        };
        Failure::usage(
            format!("--listen <ADDRESS:PORT>: {fault}"),
            "choose another address or port; port 0 is a free one",
        )
    })
}
