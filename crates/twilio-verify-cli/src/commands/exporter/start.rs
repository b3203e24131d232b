//! Starts `exporter`, if the program has it.

use super::args::ExporterArgs;
use crate::failure::exit::Exit;
#[cfg(not(feature = "exporter"))]
use crate::failure::feature::Feature;
use crate::failure::report::Failure;
use crate::output::writer::Output;
use crate::session::connection::ConnectionArgs;

/// Serves metrics until Ctrl-C, or prints what is made for them.
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

/// Says how to install the program with it.
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
