//! What happens, told on stderr.

use std::io::IsTerminal;

use anstream::{AutoStream, ColorChoice};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Begins to tell: with one `-v` every request, with two the connections too.
pub(crate) fn start(verbose: u8) {
    // Nothing by way of `RUST_LOG`: at their finest levels the HTTP crates
    // tell headers and queries, which hold phone numbers.
    let targets = match verbose {
        0 => return,
        1 => Targets::new().with_target("twilio_verify", LevelFilter::DEBUG),
        _ => Targets::new()
            .with_target("twilio_verify", LevelFilter::TRACE)
            .with_target("reqwest", LevelFilter::DEBUG)
            .with_target("hyper_util", LevelFilter::DEBUG),
    };
    let color = match AutoStream::choice(&std::io::stderr()) {
        ColorChoice::Never => false,
        ColorChoice::Auto => std::io::stderr().is_terminal(),
        ColorChoice::Always | ColorChoice::AlwaysAnsi => true,
    };
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(color)
        .with_writer(std::io::stderr);
    tracing_subscriber::registry()
        .with(lines.compact())
        .with(targets)
        .init();
}
