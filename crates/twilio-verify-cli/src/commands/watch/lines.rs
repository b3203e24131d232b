//! Prints findings to stdout as they are reported.

use super::event::{Notice, shape};
use crate::failure::report::Failure;
use crate::output::format::Format;
use crate::output::options::Options;
use crate::output::writer::{List, Output};
use crate::values::zone::Zone;

/// The output of findings: a line of text for each, or a row in another format.
pub(super) enum Lines<'a> {
    Text(&'a mut Output, Zone),
    Rows(List<'a>),
}

/// Creates the output of findings. JSON is written as one object per line, so that a reader knows
/// where each one ends.
pub(super) fn output(options: Options) -> Output {
    let is_json = options.format() == Format::Json;
    Output::stdout(if is_json { options.with_format(Format::Jsonl) } else { options })
}

impl<'a> Lines<'a> {
    pub(super) fn new(output: &'a mut Output) -> Result<Self, Failure> {
        let is_chosen = !output.options().properties.is_empty();
        Ok(match output.format() {
            Format::Table if !is_chosen => {
                let zone = output.zone();
                Self::Text(output, zone)
            }
            _ => Self::Rows(output.list(shape())?),
        })
    }

    /// Prints a finding.
    pub(super) fn print(&mut self, notice: &Notice) -> Result<(), Failure> {
        match self {
            Self::Text(output, zone) => output.raw(notice.line(*zone).as_bytes())?,
            Self::Rows(list) => list.page(vec![notice.json()?])?,
        }
        Ok(())
    }

    /// Ends the output.
    pub(super) fn end(self) -> Result<(), Failure> {
        match self {
            Self::Text(..) => Ok(()),
            Self::Rows(list) => Ok(list.end()?),
        }
    }
}
