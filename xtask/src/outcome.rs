//! How a chore ended.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::failure::Failure;

/// The result of a chore that succeeded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Outcome {
    /// What was found, for standard output; may hold ANSI styles.
    pub report: String,
    /// Warnings, for standard error.
    pub warnings: Vec<String>,
    /// Whether something is stale, or denied.
    pub stale: bool,
}

impl Outcome {
    /// Prints the outcome, with styles if it goes to a terminal that wants
    /// them, and gives the exit code.
    ///
    /// # Errors
    ///
    /// When standard output can't be written. A closed pipe is not an
    /// error: the exit code is still right.
    pub fn print(&self) -> Result<ExitCode, Failure> {
        let style = anstyle::AnsiColor::Yellow.on_default().bold();
        for warning in &self.warnings {
            let _ = writeln!(anstream::stderr(), "{style}warning{style:#}: {warning}");
        }
        let mut out = anstream::stdout().lock();
        match write!(out, "{}", self.report).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Print(error)),
            _ => Ok(ExitCode::from(u8::from(self.stale))),
        }
    }
}
