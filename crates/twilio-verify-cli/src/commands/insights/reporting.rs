//! Writes the report of `attempts report`.

use std::io::{self, Write};

use twilio_verify_insights::Calls;

use super::breakdown::{failure, live};
use super::facts::{self, Facts, Tables, dimensions};
use super::report::ReportArgs;
use crate::commands::args::given;
use crate::commands::summary::filters;
use crate::failure::report::Failure;
use crate::output::file::NewFile;
use crate::output::progress::Progress;
use crate::report::data::Report;
use crate::report::page;
use crate::session::requests::Session;
use crate::values::zone::Zone;

/// Writes a report on the account's attempts.
pub(crate) async fn report(arguments: ReportArgs, session: Session) -> Result<(), Failure> {
    let digits = arguments.prefix_digits;
    let breakdown = live(&session, arguments.filters.clone(), dimensions(digits).to_vec())?;
    let breakdown = given!(breakdown, budget: arguments.budget.map(Calls),);
    let (mut progress, quiet) = (Progress::none(), session.is_quiet());
    let table = breakdown
        .run_with(|done| {
            if !quiet {
                progress.calls(done.calls, done.planned);
            }
        })
        .await;
    progress.end();
    let table = table.map_err(failure)?;
    let (proven, unknown) = facts::proof(&table);
    let tables = Tables::of(&table, digits);
    let facts = Facts {
        source: "the API’s list of attempts, which holds 30 days".to_owned(),
        period: table.period(),
        filters: shown(&arguments, session.zone()),
        fee: arguments.fee.given(),
        numbers: facts::without_numbers(&tables.prefixes),
        proven,
        unknown,
    };
    write(&arguments, &facts::report(tables, facts)?)
}

/// Writes a report on the attempts of an archive.
#[cfg(feature = "archive")]
pub(crate) async fn report_archive(arguments: ReportArgs, zone: Zone) -> Result<(), Failure> {
    use twilio_verify_archive::NumbersMode;
    use twilio_verify_insights::{By, Table};

    use super::archive::Opened;

    let digits = arguments.prefix_digits;
    let folder = arguments.archive.clone().unwrap_or_default();
    let opened = Opened::open(&folder, "<DIR>").await?;
    let period = opened.period(&arguments.filters, zone)?;
    let filters = &arguments.filters;
    let by = async |by: &[By]| opened.table(by.iter().copied(), filters, period, 1).await;
    let prefixes = opened.prefixes(digits, filters, period).await?;
    let has_prefixes = prefixes.is_some();
    let tables = Tables {
        days: by(&[By::Day]).await?,
        countries: by(&[By::Country]).await?,
        channels: by(&[By::Channel]).await?,
        carriers: by(&[By::Carrier]).await?,
        prefixes: prefixes.unwrap_or_else(|| Table::new([By::Prefix(digits)])),
        pairs: by(&[By::Country, By::Channel]).await?,
    };
    let numbers = match opened.state.numbers {
        _ if !has_prefixes => Some(format!(
            "The archive keeps too little of numbers for prefixes of {}: only one that is synced with \
             `--numbers full` has all of them.",
            facts::counted(digits.into(), "digit")
        )),
        Some(NumbersMode::Prefix(_)) => Some(format!(
            "The archive keeps numbers without their last four digits: shorter numbers are counted as \
             other. {}",
            facts::without_numbers(&tables.prefixes).unwrap_or_default()
        )),
        _ => facts::without_numbers(&tables.prefixes),
    };
    let coverage = opened.coverage(period);
    let (proven, mut unknown) = coverage.sentences();
    let unreadable = opened.state.unreadable();
    if unreadable > 0 {
        let attempts = facts::counted(unreadable, "attempt");
        unknown.push(format!("What {attempts} are: they came without a SID or a date."));
    }
    if !opened.state.unsettled.is_empty() {
        unknown.push(
            "The last prices and statuses of some periods: Twilio deleted them before they were read \
             again."
                .to_owned(),
        );
    }
    let facts = Facts {
        source: "an archive, filled by `twilio-verify attempts sync`".to_owned(),
        period: period.or_else(|| coverage.span()),
        filters: shown(&arguments, zone),
        fee: arguments.fee.given(),
        numbers,
        proven,
        unknown: unknown.into_iter().chain(facts::left_out(&tables.days)).collect(),
    };
    write(&arguments, &facts::report(tables, facts)?)
}

/// Returns the filters that were given, for people, without the period.
fn shown(arguments: &ReportArgs, zone: Zone) -> Vec<(&'static str, String)> {
    let mut filters = filters(&arguments.filters, zone);
    filters.retain(|(name, _)| !matches!(*name, "From" | "To"));
    filters
}

/// Writes the page to the file, or to stdout.
fn write(arguments: &ReportArgs, report: &Report) -> Result<(), Failure> {
    let page = page::write(report);
    match arguments.file()? {
        Some(path) => {
            let file = NewFile::create(path, arguments.force)?;
            file.write(page.as_bytes())?;
            file.finish()
        }
        None => {
            let mut out = io::stdout();
            Ok(out.write_all(page.as_bytes()).and_then(|()| out.flush())?)
        }
    }
}
