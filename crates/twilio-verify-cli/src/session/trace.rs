//! Logs on stderr.

use std::io::IsTerminal;

use anstream::{AutoStream, ColorChoice};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging: requests at one `-v`, connections too at two.
pub(crate) fn start(verbose: u8) {
    // `RUST_LOG` is not read: at their finest levels the HTTP crates log
    // headers and queries, which hold phone numbers.
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
    let lines = tracing_subscriber::fmt::layer().with_ansi(color).with_writer(std::io::stderr);
    tracing_subscriber::registry().with(lines.compact()).with(targets).init();
}
