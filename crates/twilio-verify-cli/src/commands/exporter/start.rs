//! Starts `exporter`, if the program was built with it.

use super::args::ExporterArgs;
use crate::failure::exit::Exit;
#[cfg(not(feature = "exporter"))]
use crate::failure::feature::Feature;
use crate::failure::report::Failure;
use crate::output::writer::Output;
use crate::session::connection::ConnectionArgs;

/// Serves metrics until Ctrl-C, or prints a dashboard or rules for them.
#[cfg(feature = "exporter")]
pub(crate) async fn start(
    arguments: ExporterArgs,
    connection: ConnectionArgs,
    output: Output,
    quiet: bool,
) -> Result<Exit, Failure> {
    arguments.check()?;
    match arguments.prints() {
        true => super::run::print(&arguments, output),
        false => super::run::run(arguments, connection.read()?, output, quiet).await,
    }
}

/// Fails with a message on how to install the program with this command.
#[cfg(not(feature = "exporter"))]
pub(crate) async fn start(
    arguments: ExporterArgs,
    _: ConnectionArgs,
    _: Output,
    _: bool,
) -> Result<Exit, Failure> {
    arguments.check()?;
    Feature::Exporter.required("exporter").map(|()| Exit::Ok)
}
