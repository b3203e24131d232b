//! `twilio-verify`: Twilio Verify v2 on the command line.

mod attempts;
mod cli;
mod connect;
mod dates;
mod emulator;
mod exit;
mod failure;
mod output;
mod signals;
mod trace;
mod usage;
mod values;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage::report(&error).into(),
    };
    cli.color.write_global();
    trace::start(cli.verbose);
    let verbose = cli.verbose > 0;
    match run(cli) {
        Ok(exit) => exit,
        Err(failure) => failure.report(verbose),
    }
    .into()
}

/// Runs a command to its end, or until Ctrl-C.
fn run(cli: Cli) -> Result<Exit, Failure> {
    cli.check()?;
    let Cli {
        command,
        connection,
        format,
        verbose,
        ..
    } = cli;
    let output = Output::stdout(format);
    // The command runs on a worker, so that Ctrl-C is heard while it waits
    // for a slow reader of its output.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Failure::system)?;
    let result = match command {
        Command::Attempts(command) => {
            let settings = attempts::Settings {
                connection,
                quiet: verbose > 0,
            };
            runtime.block_on(async {
                let interrupted = signals::interrupt().map_err(Failure::system)?;
                let task = tokio::spawn(attempts::run(command, settings, output));
                tokio::select! {
                    ended = task => ended.unwrap_or_else(|error| Err(Failure::from_fault(&error))),
                    () = interrupted => Ok(Exit::Interrupted),
                }
            })
        }
        Command::Emulator(arguments) => runtime.block_on(emulator::serve(arguments, output)),
        Command::Completions { shell } => cli::completions(shell, output).map(|()| Exit::Ok),
    };
    runtime.shutdown_background();
    result
}
