//! Reads the `-o` of an export, which names a format, a file, or both.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::failure::report::Failure;
use crate::output::format::{Format, Target, named};

/// The format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One of the formats of all commands.
    Text(Format),
    /// Parquet, with the columns of an archive.
    Parquet,
    /// A spreadsheet.
    Xlsx,
}

/// The format and the file of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Destination {
    pub(super) kind: Kind,
    /// The file, or `None` for stdout.
    pub(super) file: Option<PathBuf>,
}

impl Destination {
    /// Reads the values of `-o`. Ignores `table`, which is not a format of an export.
    pub(super) fn read(targets: &[Target]) -> Result<Self, Failure> {
        let (mut kind, mut file) = (None, None);
        for target in targets {
            let name = match target {
                // This is also the default of the program.
                Target::Format(Format::Table) => continue,
                Target::Format(format) => {
                    set(&mut kind, Kind::Text(*format))?;
                    continue;
                }
                Target::Other(name) => name,
            };
            match kind_of(name) {
                Some(found) => set(&mut kind, found)?,
                None => set(&mut file, PathBuf::from(name))?,
            }
        }
        let extension = file.as_deref().and_then(Path::extension);
        match kind.or_else(|| extension.and_then(kind_of)) {
            Some(kind) => Ok(Self { kind, file }),
            None if file.is_some() => Err(Failure::usage(
                "-o <FILE>: its name ends with no format",
                "name the format too, as -o csv -o FILE",
            )),
            None => Err(Failure::usage(
                "-o <FORMAT>: no format was given",
                "one of csv, tsv, json, ndjson, parquet and xlsx, or a file such as attempts.csv",
            )),
        }
    }
}

fn kind_of(name: &OsStr) -> Option<Kind> {
    match name.to_str()? {
        "parquet" => Some(Kind::Parquet),
        "xlsx" => Some(Kind::Xlsx),
        _ => named(name).filter(|format| *format != Format::Table).map(Kind::Text),
    }
}

fn set<T>(place: &mut Option<T>, value: T) -> Result<(), Failure> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(Failure::usage(
            "-o: more than one format, or more than one file, was given",
            "name one format and one file",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::{Destination, Kind};
    use crate::output::format::{Format, Target, named};

    fn read(names: &[&str]) -> Option<(Kind, Option<String>)> {
        let target = |name: &&str| match named(name.as_ref()) {
            Some(format) => Target::Format(format),
            None => Target::Other(name.into()),
        };
        let targets: Vec<Target> = names.iter().map(target).collect();
        let read = Destination::read(&targets).ok()?;
        Some((read.kind, read.file.map(|file| file.to_str().unwrap().to_owned())))
    }

    #[test]
    fn a_format_a_file_or_both() {
        let csv = Kind::Text(Format::Csv);
        for (names, kind, file) in [
            (&["csv"][..], csv, None),
            (&["ndjson"], Kind::Text(Format::Jsonl), None),
            (&["xlsx"], Kind::Xlsx, None),
            (&["a.csv"], csv, Some("a.csv")),
            (&["a.parquet"], Kind::Parquet, Some("a.parquet")),
            (&["x/a.ndjson"], Kind::Text(Format::Jsonl), Some("x/a.ndjson")),
            (&["xlsx", "a.book"], Kind::Xlsx, Some("a.book")),
            (&["a.txt", "csv"], csv, Some("a.txt")),
            // A file of this name.
            (&["csv", "./csv"], csv, Some("./csv")),
            (&["csv", "a.xlsx"], csv, Some("a.xlsx")),
            (&["table", "csv"], csv, None),
        ] {
            assert_eq!(read(names), Some((kind, file.map(str::to_owned))), "{names:?}");
        }
        for names in [
            &[][..],
            &["table"],
            &["a.txt"],
            &["csv", "json"],
            &["csv", "xlsx"],
            &["a.csv", "b.csv"],
        ] {
            assert_eq!(read(names), None, "{names:?}");
        }
    }
}
