//! Sends POSTs through connections that break.

#![allow(clippy::print_stdout, reason = "the result is printed")]

use std::process::ExitCode;
use std::time::Duration;

use benches::error::Error;
use benches::loads::posts::{self, Settings};
use clap::{Parser, Subcommand};

/// POSTs through connections that break: none may be sent twice.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    server: Server,
    /// How many POSTs are made.
    #[arg(long, global = true, default_value_t = 6000)]
    calls: usize,
    /// How many callers make them.
    #[arg(long, global = true, default_value_t = 16)]
    callers: usize,
    /// Decides how long callers pause.
    #[arg(long, global = true, default_value_t = 1)]
    seed: u64,
}

#[derive(Clone, Copy, Subcommand)]
enum Server {
    /// A server of HTTP/2 that refuses requests, sends GOAWAY, and goes silent.
    Http2,
    /// A server of HTTP/1 that closes idle connections when requests come.
    Idle {
        /// The client's `idle_timeout`, in milliseconds.
        #[arg(long)]
        idle_timeout: Option<u64>,
    },
}

#[tokio::main]
async fn main() -> Result<ExitCode, Error> {
    let Arguments { server, calls, callers, seed } = Arguments::parse();
    let settings = Settings { calls, callers, seed };
    let outcome = match server {
        Server::Http2 => posts::http2(settings).await?,
        Server::Idle { idle_timeout } => {
            posts::idle(settings, idle_timeout.map(Duration::from_millis)).await?
        }
    };
    println!("{outcome}");
    Ok(if outcome.twice == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
