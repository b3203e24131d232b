//! The formats of the output, and what `-o` accepts.

use std::ffi::{OsStr, OsString};

use clap::ValueEnum;
use clap::builder::{EnumValueParser, OsStringValueParser, TypedValueParser};

/// The format of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Table,
    /// For programs: one JSON value, with the API's field names.
    Json,
    /// The same, with one object a line.
    #[value(alias = "ndjson")]
    Jsonl,
    /// Comma-separated, with a header of the API's field names.
    Csv,
    /// The same, separated by tabs.
    Tsv,
}

impl Format {
    /// Returns the separator of the values of a row, if the format has rows.
    pub(crate) fn delimiter(self) -> Option<u8> {
        match self {
            Self::Csv => Some(b','),
            Self::Tsv => Some(b'\t'),
            Self::Table | Self::Json | Self::Jsonl => None,
        }
    }
}

/// The value of `-o`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// One of the formats of all commands.
    Format(Format),
    /// Another format or a file, which only some commands accept.
    Other(OsString),
}

impl Target {
    /// Reads the name of a format.
    pub(super) fn format() -> impl TypedValueParser<Value = Self> {
        EnumValueParser::<Format>::new().map(Self::Format)
    }

    /// Reads the name of a format, or anything else.
    pub(crate) fn any() -> impl TypedValueParser<Value = Self> {
        OsStringValueParser::new().map(|text| match named(&text) {
            Some(format) => Self::Format(format),
            None => Self::Other(text),
        })
    }
}

/// Returns the format with a name.
pub(crate) fn named(name: &OsStr) -> Option<Format> {
    Format::from_str(name.to_str()?, false).ok()
}
