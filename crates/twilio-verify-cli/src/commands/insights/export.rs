//! `attempts export`.

#[cfg(any(feature = "archive", feature = "xlsx"))]
use std::io::Write;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::Args;
use serde_json::Value;
use twilio_verify::{Attempt, ConversionStatus};

use super::destination::{Destination, Kind};
use super::source::Source;
use crate::commands::summary::SummaryArgs;
use crate::failure::feature::Feature;
use crate::failure::report::Failure;
use crate::output::file::NewFile;
use crate::output::format::Target;
use crate::output::formula;
use crate::output::options::Options;
use crate::output::progress::Progress;
use crate::output::shape::Shape;
use crate::output::writer::Output;
use crate::session::requests::Session;
use crate::values::dates;
use crate::values::texts::known;

const HELP: &str = "\
Exports the attempts of the last 30 days, or those of an archive of `attempts sync`. csv, tsv, json and
ndjson have the columns of `attempts list`; parquet has those of an archive. In xlsx, phone numbers and
codes are texts, dates are dates and prices are numbers. A file is written under another name and
renamed when it is complete.

Examples:
  twilio-verify attempts export -o attempts.csv
  twilio-verify attempts export --from-archive attempts -o ndjson | jq .channel_data.carrier
  twilio-verify attempts export --country NG --status unconverted -o unconverted.xlsx
  twilio-verify attempts export --date-created-after 7d -o parquet > week.parquet";

/// The attempts to export, and where to.
#[derive(Args, Debug)]
#[command(after_help = format!("{}\n\n{}\n\n{HELP}", dates::FORMS, formula::HELP))]
pub(crate) struct ExportArgs {
    /// Read this archive instead of the API; needs no account and no network
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    pub(crate) from_archive: Option<PathBuf>,

    #[command(flatten)]
    filters: SummaryArgs,

    /// Only attempts with this conversion status
    #[arg(
        long,
        ignore_case = true,
        value_parser = known::<ConversionStatus>(ConversionStatus::VALUES)
    )]
    status: Option<ConversionStatus>,

    /// The format: csv, tsv, json, ndjson, parquet or xlsx; or a file whose name ends with one; or
    /// both, one after the other
    #[arg(
        id = "format",
        short = 'o',
        long = "output",
        value_name = "FORMAT|FILE",
        action = clap::ArgAction::Append,
        value_parser = Target::any(),
        value_hint = clap::ValueHint::FilePath,
        help_heading = "Output"
    )]
    targets: Vec<Target>,

    /// Replace a file that exists
    #[arg(long, help_heading = "Output")]
    force: bool,
}

impl ExportArgs {
    /// Rejects invalid arguments before anything is sent.
    pub(crate) fn check(&self, output: &Output) -> Result<(), Failure> {
        let destination = Destination::read(&self.targets)?;
        if self.from_archive.is_some() {
            Feature::Archive.required("--from-archive")?;
        }
        match destination.kind {
            Kind::Text(_) => {}
            Kind::Parquet => Feature::Archive.required("-o parquet")?,
            Kind::Xlsx => Feature::Xlsx.required("-o xlsx")?,
        }
        let is_binary = !matches!(destination.kind, Kind::Text(_));
        if is_binary && destination.file.is_none() && io::stdout().is_terminal() {
            return Err(Failure::usage(
                "-o <FORMAT>: parquet and xlsx are not for a terminal",
                "name a file, as -o attempts.xlsx, or redirect the output to one",
            ));
        }
        if destination.kind == Kind::Parquet {
            output.options().check_unselected("attempts export -o parquet")?;
        }
        output.check(&self.shape())?;
        self.filters.period.check(output.zone())
    }
}

impl ExportArgs {
    /// Returns the columns: those of a list and, for an archive, the hash of the number.
    fn shape(&self) -> Shape {
        let shape = Shape::of::<Attempt>();
        #[cfg(feature = "archive")]
        if self.from_archive.is_some() {
            return shape.and(super::rows::HASH);
        }
        shape
    }
}

/// Exports the account's attempts.
pub(crate) async fn export(arguments: ExportArgs, mut session: Session) -> Result<(), Failure> {
    let source = Source::live(&session, &arguments.filters, arguments.status.clone());
    let quiet = session.is_quiet();
    run(arguments, source, session.output().options().clone(), quiet).await
}

/// Exports the attempts of an archive.
#[cfg(feature = "archive")]
pub(crate) async fn export_archive(
    arguments: ExportArgs,
    options: Options,
    quiet: bool,
) -> Result<(), Failure> {
    use twilio_verify_insights::By;

    use super::archive::Opened;
    use super::rows::Rows;

    let folder = arguments.from_archive.clone().unwrap_or_default();
    let opened = Opened::open(&folder, "--from-archive <DIR>").await?;
    let period = opened.period(&arguments.filters, options.zone())?;
    if arguments.filters.destination_prefix.is_some() {
        // This fails if the archive keeps fewer digits of numbers.
        opened.table([By::Channel], &arguments.filters, period, 1).await?;
    }
    let rows = Rows::new(opened, period, &arguments.filters, arguments.status.as_ref());
    run(arguments, Source::Archive(Box::new(rows)), options, quiet).await
}

/// Exports the attempts of a source.
async fn run(
    arguments: ExportArgs,
    source: Source,
    options: Options,
    quiet: bool,
) -> Result<(), Failure> {
    let Destination { kind, file } = Destination::read(&arguments.targets)?;
    let file = match file {
        Some(path) => Some(NewFile::create(&path, arguments.force)?),
        None => None,
    };
    let shape = arguments.shape();
    let mut source = Counted { source, progress: Progress::none(), count: 0, quiet };
    match kind {
        Kind::Text(format) => {
            text(&mut source, shape, options.with_format(format), file.as_ref()).await?
        }
        Kind::Xlsx => xlsx(&mut source, &shape, &options, file.as_ref()).await?,
        Kind::Parquet => parquet(&mut source, file.as_ref()).await?,
    }
    source.progress.end();
    match file {
        Some(file) => file.finish(),
        None => Ok(()),
    }
}

/// A source whose progress is shown.
struct Counted {
    source: Source,
    progress: Progress,
    count: usize,
    quiet: bool,
}

impl Counted {
    async fn next(&mut self) -> Result<Option<Vec<Value>>, Failure> {
        let rows = self.source.next().await?;
        self.counted(rows.as_ref().map(Vec::len));
        Ok(rows)
    }

    #[cfg(feature = "archive")]
    async fn next_rows(&mut self) -> Result<Option<Vec<twilio_verify_archive::Row>>, Failure> {
        let rows = self.source.next_rows().await?;
        self.counted(rows.as_ref().map(Vec::len));
        Ok(rows)
    }

    fn counted(&mut self, rows: Option<usize>) {
        self.count += rows.unwrap_or(0);
        // Rows that arrive on the same terminal are progress enough.
        if rows.is_some() && !self.quiet && !io::stdout().is_terminal() {
            self.progress.count("attempts", self.count);
        }
    }
}

async fn text(
    source: &mut Counted,
    shape: Shape,
    options: Options,
    file: Option<&NewFile>,
) -> Result<(), Failure> {
    // Nothing is written before the first response, so that stdout stays empty if it fails.
    let mut rows = source.next().await?;
    let mut output = match file {
        Some(file) => Output::file(file.writer()?, options),
        None => Output::stdout(options),
    };
    let mut list = output.list(shape)?;
    while let Some(page) = rows {
        list.page(page)?;
        rows = source.next().await?;
    }
    Ok(list.end()?)
}

/// Returns a writer to the file, or to stdout.
#[cfg(any(feature = "archive", feature = "xlsx"))]
fn write(file: Option<&NewFile>) -> Result<Box<dyn Write + Send>, Failure> {
    Ok(match file {
        Some(file) => Box::new(io::BufWriter::new(file.writer()?)),
        None => Box::new(io::stdout()),
    })
}

#[cfg(feature = "xlsx")]
async fn xlsx(
    source: &mut Counted,
    shape: &Shape,
    options: &Options,
    file: Option<&NewFile>,
) -> Result<(), Failure> {
    let shape = options.chosen(shape)?;
    let mut book = crate::output::xlsx::Book::begin(&shape, options.zone())?;
    while let Some(rows) = source.next().await? {
        rows.iter().try_for_each(|row| book.row(row))?;
    }
    let mut out = write(file)?;
    book.finish(&mut out)?;
    Ok(out.flush()?)
}

#[cfg(not(feature = "xlsx"))]
async fn xlsx(_: &mut Counted, _: &Shape, _: &Options, _: Option<&NewFile>) -> Result<(), Failure> {
    Feature::Xlsx.required("-o xlsx")
}

#[cfg(feature = "archive")]
async fn parquet(source: &mut Counted, file: Option<&NewFile>) -> Result<(), Failure> {
    use twilio_verify_archive::RowWriter;

    use super::archive::failure;

    let failed = |error| failure("-o parquet", &error);
    let mut writer = RowWriter::new(write(file)?).map_err(failed)?;
    while let Some(rows) = source.next_rows().await? {
        writer.write(&rows).map_err(failed)?;
    }
    let mut out = writer.close().map_err(failed)?;
    Ok(out.flush()?)
}

#[cfg(not(feature = "archive"))]
async fn parquet(_: &mut Counted, _: Option<&NewFile>) -> Result<(), Failure> {
    Feature::Archive.required("-o parquet")
}
