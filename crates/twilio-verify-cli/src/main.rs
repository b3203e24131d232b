//! `twilio-verify`: Twilio Verify v2 on the command line.

mod cli;
mod commands;
mod failure;
mod output;
mod session;
mod values;

use std::process::ExitCode;
use std::time::Duration;

use clap::{CommandFactory, FromArgMatches};

use crate::cli::{Cli, Command};
use crate::commands::{emulator, schema};
use crate::failure::exit::Exit;
use crate::failure::report::Failure;
use crate::failure::{flags, usage};
use crate::output::writer::Output;
use crate::session::{signals, trace};

fn main() -> ExitCode {
    let parsed = Cli::command()
        .try_get_matches()
        .and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches)));
    let (cli, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return usage::report(&error).into(),
    };
    cli.color.write_global();
    trace::start(cli.verbose);
    let verbose = cli.verbose > 0;
    match run(cli) {
        Ok(exit) => exit,
        Err(failure) => failure
            .named(&flags::used(Cli::command(), &matches))
            .report(verbose),
    }
    .into()
}

/// Runs a command until it ends or Ctrl-C.
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
    // The command runs on a worker thread, so that Ctrl-C is handled while it
    // waits for a slow reader of its output.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Failure::system)?;
    let result = match command {
        Command::Verify(command) => runtime.block_on(async {
            let interrupted = signals::interrupt().map_err(Failure::system)?;
            let task = tokio::spawn(command.run(connection, output, verbose > 0));
            tokio::select! {
                ended = task => ended.unwrap_or_else(|error| Err(Failure::from_fault(&error))),
                () = interrupted => Ok(Exit::Interrupted),
            }
        }),
        Command::Emulator(arguments) => runtime.block_on(emulator::serve(arguments, output)),
        Command::Schema(arguments) => schema::print(arguments, output).map(|()| Exit::Ok),
        Command::Completions { shell } => cli::completions(shell, output).map(|()| Exit::Ok),
    };
    // Time for an interrupted prompt to restore the terminal; nothing else is
    // waited for.
    runtime.shutdown_timeout(match result {
        Ok(Exit::Interrupted) => Duration::from_millis(100),
        _ => Duration::ZERO,
    });
    result
}
