//! The formats of the output.

/// The format of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Table,
    /// For programs: one JSON value, with the API's field names.
    Json,
    /// The same, with one object a line.
    Jsonl,
    /// Comma-separated, with a header of the API's field names.
    Csv,
    /// The same, separated by tabs.
    Tsv,
}

impl Format {
    /// What separates the values of a row, if the format has rows of them.
    pub(crate) fn delimiter(self) -> Option<u8> {
        match self {
            Self::Csv => Some(b','),
            Self::Tsv => Some(b'\t'),
            Self::Table | Self::Json | Self::Jsonl => None,
        }
    }
}
