//! The flags of the output.

use std::path::Path;

use clap::Args;

use super::format::{self, Format, Target};
use super::properties;
use super::shape::Shape;
use crate::failure::report::Failure;
use crate::values::zone::Zone;

/// How the output is written.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Output")]
pub(crate) struct Options {
    /// The format of the output; a table by default
    #[arg(
        id = "format",
        short = 'o',
        long = "output",
        global = true,
        action = clap::ArgAction::Set,
        value_parser = Target::format(),
        value_name = "FORMAT",
        default_value = "table",
        hide_default_value = true
    )]
    pub(super) target: Vec<Target>,

    /// The properties to show, in this order, in every format: the API's names, separated by
    /// commas; those of an object are written as price.value
    #[arg(long, global = true, value_name = "NAME", value_delimiter = ',')]
    pub(crate) properties: Vec<String>,

    /// Use this machine's time zone instead of UTC: for days and times without an offset, and
    /// for dates in tables
    #[arg(long, global = true)]
    pub(super) local: bool,

    /// csv and tsv: write formulas unchanged. Without it, a cell that a spreadsheet would run as a
    /// formula begins with an apostrophe
    #[arg(long, global = true)]
    pub(super) raw: bool,

    /// csv and tsv: begin with a byte order mark, by which Excel recognizes UTF-8
    #[arg(long, global = true)]
    pub(super) bom: bool,
}

/// How csv and tsv are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delimited {
    /// The separator of values.
    pub(super) delimiter: u8,
    /// Whether formulas are written unchanged.
    pub(super) raw: bool,
    /// Whether the output begins with a byte order mark.
    pub(super) bom: bool,
}

impl Options {
    /// Returns the time zone of days, and of times without an offset.
    pub(crate) fn zone(&self) -> Zone {
        Zone::of(self.local)
    }

    /// Returns the format.
    pub(crate) fn format(&self) -> Format {
        let format = |target: &Target| match target {
            Target::Format(format) => Some(*format),
            // A file whose extension is the name of a format.
            Target::Other(other) => Path::new(other).extension().and_then(format::named),
        };
        self.target.iter().find_map(format).unwrap_or_default()
    }

    /// Sets the format, whatever was given.
    #[must_use]
    pub(crate) fn with_format(mut self, format: Format) -> Self {
        self.target = vec![Target::Format(format)];
        self
    }

    /// Returns the shape with the properties that were chosen.
    ///
    /// # Errors
    ///
    /// Fails if the shape doesn't have one of them.
    pub(crate) fn chosen(&self, shape: &Shape) -> Result<Shape, Failure> {
        properties::choose(shape, &self.properties)
    }

    /// Returns how csv and tsv are written, if the format is one of them.
    pub(super) fn delimited(&self) -> Option<Delimited> {
        let Self { raw, bom, .. } = *self;
        self.format().delimiter().map(|delimiter| Delimited { delimiter, raw, bom })
    }

    /// Rejects `--properties` for a command whose output has none to choose.
    pub(crate) fn check_unselected(&self, command: &str) -> Result<(), Failure> {
        match self.properties.is_empty() {
            true => Ok(()),
            false => Err(Failure::usage(
                format!("--properties <NAME>: the output of `{command}` has none to choose"),
                "remove --properties",
            )),
        }
    }

    /// Rejects flags that the format would ignore.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let unread = [("--raw", self.raw), ("--bom", self.bom)];
        match unread.iter().find(|(_, given)| *given && self.delimited().is_none()) {
            Some((flag, _)) => Err(Failure::usage(
                format!("{flag}: it is for csv and tsv only"),
                format!("add -o csv, or remove {flag}"),
            )),
            None => Ok(()),
        }
    }
}
