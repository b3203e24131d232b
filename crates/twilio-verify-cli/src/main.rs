//! `twilio-verify`: Twilio Verify v2 on the command line.

mod cli;
mod commands;
mod failure;
mod operations;
mod output;
#[cfg(feature = "plots")]
mod plots;
#[cfg(feature = "plots")]
mod report;
mod session;
mod settings;
mod values;

use std::process::ExitCode;
use std::time::Duration;

use crate::cli::{Command, Global, Invocation, Requested};
use crate::commands::generated::tree::Tree;
use crate::commands::{completions, emulator, exporter, generated, man, schema};
use crate::failure::exit::Exit;
use crate::failure::report::Failure;
use crate::failure::{flags, usage};
use crate::output::log;
use crate::output::writer::Output;
use crate::session::{signals, trace};

fn main() -> ExitCode {
    let tree = cli::tree();
    let parsed = tree
        .command()
        .try_get_matches()
        .and_then(|matches| Ok((Invocation::read(&tree, &matches)?, matches)));
    let (invocation, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return usage::report(&error, &tree.command()).into(),
    };
    invocation.global.color.write_global();
    match &invocation.command {
        Requested::Written(Command::Emulator(emulator)) if emulator.serves() => {
            trace::start_emulator(invocation.global.verbose);
        }
        _ => trace::start(invocation.global.verbose),
    }
    let verbose = invocation.global.verbose > 0;
    let result = run(invocation, &tree);
    log::end();
    match result {
        Ok(exit) => exit,
        Err(failure) => failure.named(&flags::used(tree.command(), &matches)).report(verbose),
    }
    .into()
}

/// Runs a command until it ends or Ctrl-C.
fn run(invocation: Invocation, tree: &Tree) -> Result<Exit, Failure> {
    invocation.check()?;
    let Invocation { command, global } = invocation;
    let Global { connection, output, verbose, .. } = global;
    let output = Output::stdout(output);
    let quiet = verbose > 0;
    // A command runs on a worker thread, so that Ctrl-C is handled while it
    // waits for a slow reader of its output.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Failure::system)?;
    let result = match command {
        Requested::Operation(operation, values) => runtime.block_on(interruptible(
            generated::run::run(operation, values, connection.read()?, output, quiet),
        )),
        Requested::Written(Command::Verify(command)) if command.ends_itself() => {
            runtime.block_on(command.run(connection, output, quiet))
        }
        Requested::Written(Command::Verify(command)) => {
            runtime.block_on(interruptible(command.run(connection, output, quiet)))
        }
        Requested::Written(Command::Emulator(arguments)) => {
            runtime.block_on(emulator::run::run(*arguments, connection, output))
        }
        Requested::Written(Command::Exporter(arguments)) => {
            runtime.block_on(exporter::start::start(*arguments, connection, output, quiet))
        }
        Requested::Written(Command::Schema(arguments)) => {
            schema::print(arguments, output).map(|()| Exit::Ok)
        }
        Requested::Written(Command::Completions(arguments)) => {
            completions::print(&arguments, tree.command(), output).map(|()| Exit::Ok)
        }
        Requested::Written(Command::Man(arguments)) => {
            man::write(&arguments, tree.command()).map(|()| Exit::Ok)
        }
    };
    // An interrupted prompt gets time to restore the terminal; nothing else is
    // waited for.
    runtime.shutdown_timeout(match result {
        Ok(Exit::Interrupted) => Duration::from_millis(100),
        _ => Duration::ZERO,
    });
    result
}

/// Runs a command on a worker thread, until it ends or Ctrl-C.
async fn interruptible(
    command: impl Future<Output = Result<Exit, Failure>> + Send + 'static,
) -> Result<Exit, Failure> {
    let interrupted = signals::interrupt().map_err(Failure::system)?;
    let task = tokio::spawn(command);
    tokio::select! {
        ended = task => ended.unwrap_or_else(|error| Err(Failure::from_fault(&error))),
        () = interrupted => Ok(Exit::Interrupted),
    }
}
