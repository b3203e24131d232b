//! Starts logging to stderr.

use std::io::IsTerminal;

use anstream::{AutoStream, ColorChoice};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::request_log::Requests;
use crate::output::log;

/// The crate with the events of the client.
const CLIENT: &str = "twilio_verify";

/// The crate with the events of an emulator.
const EMULATOR: &str = "twilio_verify_emulator";

/// The module of the emulator that sends webhooks.
const WEBHOOKS: &str = "twilio_verify_emulator::server::sender";

/// Starts logging the requests of a client: a line for each with one `-v`, connections too with
/// two. Without `-v`, long waits are shown in a terminal.
pub(crate) fn start(verbose: u8) {
    let requests = match verbose {
        0 if std::io::stderr().is_terminal() => Requests::of_waits(),
        0 => return,
        _ => Requests::all(),
    };
    let client =
        |level| Targets::new().with_target(CLIENT, level).with_target(EMULATOR, LevelFilter::OFF);
    init(verbose, requests, client(LevelFilter::DEBUG), client(LevelFilter::TRACE));
}

/// Starts logging the requests of an emulator: a line for each, webhooks too with one `-v`, and
/// connections with two. Requests never wait for a reader of the log.
pub(crate) fn start_emulator(verbose: u8) {
    log::never_wait();
    let targets = Targets::new().with_target(EMULATOR, LevelFilter::DEBUG);
    let targets = match verbose {
        0 => targets,
        1 => targets.with_target(WEBHOOKS, LevelFilter::TRACE),
        _ => targets.with_target(EMULATOR, LevelFilter::TRACE),
    };
    init(verbose, Requests::all(), targets, Targets::new());
}

fn init(verbose: u8, requests: Requests, targets: Targets, details: Targets) {
    // `RUST_LOG` is not read: at their finest levels the HTTP crates log
    // headers and queries, which hold phone numbers.
    let details = (verbose > 1).then(|| {
        let color = match AutoStream::choice(&std::io::stderr()) {
            ColorChoice::Never => false,
            ColorChoice::Auto => std::io::stderr().is_terminal(),
            ColorChoice::Always | ColorChoice::AlwaysAnsi => true,
        };
        let lines = tracing_subscriber::fmt::layer().with_ansi(color).with_writer(std::io::stderr);
        let details = details
            .with_target("reqwest", LevelFilter::DEBUG)
            .with_target("hyper_util", LevelFilter::DEBUG);
        lines.compact().with_filter(details)
    });
    let requests = requests.with_filter(targets);
    tracing_subscriber::registry().with(details).with(requests).init();
}
