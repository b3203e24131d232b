//! Builds a report from its tables.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use twilio_verify_insights::{By, Counts, Period, Table, Verdict};

use super::projection::projection;
use crate::failure::report::Failure;
use crate::output::table::grouped;
use crate::report::data::{Fee, Groups, Report};
use crate::values::dates;

/// Returns the dimensions of a report, with prefixes of `digits` digits.
pub(super) fn dimensions(digits: u8) -> [By; 5] {
    [By::Day, By::Country, By::Channel, By::Carrier, By::Prefix(digits)]
}

/// The tables of a report.
pub(super) struct Tables {
    pub(super) days: Table,
    pub(super) countries: Table,
    pub(super) channels: Table,
    pub(super) carriers: Table,
    pub(super) prefixes: Table,
    /// The table by country and channel.
    pub(super) pairs: Table,
}

impl Tables {
    /// Builds the tables from a table with all [`dimensions`].
    pub(super) fn of(table: &Table, digits: u8) -> Self {
        let by = |by: &[By]| projection(table, by);
        Self {
            days: by(&[By::Day]),
            countries: by(&[By::Country]),
            channels: by(&[By::Channel]),
            carriers: by(&[By::Carrier]),
            prefixes: by(&[By::Prefix(digits)]),
            pairs: by(&[By::Country, By::Channel]),
        }
    }
}

/// The parts of a report other than its tables.
pub(super) struct Facts {
    pub(super) source: String,
    pub(super) period: Option<Period>,
    pub(super) filters: Vec<(&'static str, String)>,
    /// The fee of a conversion, and its currency if it was given.
    pub(super) fee: Option<(Decimal, Option<String>)>,
    /// A sentence on the limits of the prefixes.
    pub(super) numbers: Option<String>,
    pub(super) proven: Vec<String>,
    pub(super) unknown: Vec<String>,
}

/// Builds a report.
pub(super) fn report(tables: Tables, facts: Facts) -> Result<Report, Failure> {
    let Facts { source, period, filters, fee, numbers, proven, mut unknown } = facts;
    let total = tables.days.total();
    unknown.extend(doubts(&total));
    let groups = |id, title, one, table, limits| Groups { id, title, one, table, limits };
    let carriers = "By the carriers’ names as Twilio gives them; calls and e-mails have none.";
    Ok(Report {
        source,
        period,
        filters,
        made: dates::started(),
        fee: fee.map(|(amount, currency)| of_currency(amount, currency, &total)).transpose()?,
        days: tables.days,
        groups: vec![
            groups("countries", "Countries", "Country", tables.countries, None),
            groups("channels", "Channels", "Channel", tables.channels, None),
            groups("carriers", "Carriers", "Carrier", tables.carriers, Some(carriers.to_owned())),
            groups("prefixes", "Prefixes", "Prefix", tables.prefixes, numbers),
        ],
        finer: vec![groups("pairs", "Pairs", "Pair", tables.pairs, None)],
        proven,
        unknown,
    })
}

/// Returns the fee in the given currency, or else in that of the prices.
fn of_currency(amount: Decimal, given: Option<String>, total: &Counts) -> Result<Fee, Failure> {
    let mut known = total.cost.iter().map(|(currency, _)| currency.to_string());
    let currency = match (given, known.next(), known.next()) {
        (Some(currency), ..) => currency,
        (None, Some(one), None) => one,
        // The currency of Twilio's list prices.
        (None, None, _) => "USD".to_owned(),
        (None, Some(_), Some(_)) => {
            let all: Vec<String> =
                total.cost.iter().map(|(currency, _)| currency.to_string()).collect();
            return Err(Failure::usage(
                format!("--fee <AMOUNT>: the prices are in {}", all.join(" and ")),
                "name the currency of the fee by --fee-currency",
            ));
        }
    };
    Ok(Fee { amount, currency })
}

/// Returns what the counts leave unknown, as sentences.
fn doubts(total: &Counts) -> Vec<String> {
    let mut doubts = Vec::new();
    let priced: u64 = total.cost.iter().map(|(_, cost)| cost.priced).sum();
    let missing = total.attempts.saturating_sub(priced);
    if missing > 0 {
        doubts.push(format!(
            "The price of {}: it may come a day after the attempt, so that costs are a lower bound.",
            counted(missing, "attempt")
        ));
    }
    let open = total.attempts.saturating_sub(total.converted).saturating_sub(total.unconverted);
    if open > 0 {
        doubts.push(format!(
            "Whether {} converted: the status is neither converted nor unconverted.",
            counted(open, "attempt")
        ));
    }
    doubts
}

/// Formats a count with its noun: `1 attempt`, `1,234 attempts`.
pub(super) fn counted(number: u64, one: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{} {one}s", grouped(number)),
    }
}

/// Returns what the proof of a breakdown says, as sentences: what is proven, and what is unknown.
pub(super) fn proof(table: &Table) -> (Vec<String>, Vec<String>) {
    let (mut proven, mut unknown) = (Vec::new(), Vec::new());
    if let Some(proof) = table.proof() {
        let whole = counted(proof.after.attempts, "attempt");
        match proof.verdict {
            Verdict::Exact => proven.push(format!(
                "The groups sum to the whole: {whole}, as the Summary endpoint counted them before \
                 and after."
            )),
            Verdict::Moved { by } => proven.push(format!(
                "The groups sum to the whole as far as can be told: it changed by {} while they were \
                 counted, and they lie in between.",
                grouped(by)
            )),
            Verdict::Inexact { by } => unknown.push(format!(
                "Whether all attempts are counted: the groups differ by {} from the whole, {whole} by \
                 the Summary endpoint.",
                grouped(by)
            )),
            _ => {}
        }
    }
    unknown.extend(table.caveats().iter().map(|caveat| sentence(&caveat.to_string())));
    unknown.extend(left_out(table));
    (proven, unknown)
}

/// Adds a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}

/// Returns sentences on the attempts that are in no group of a table.
pub(super) fn left_out(table: &Table) -> Vec<String> {
    let mut unknown = Vec::new();
    if table.unreadable() > 0 {
        unknown.push(format!(
            "What {} are: they came without a SID or a date, and are in no count.",
            counted(table.unreadable(), "attempt")
        ));
    }
    if table.other().attempts > 0 {
        unknown.push(format!(
            "The group of {}, which are counted as other.",
            counted(table.other().attempts, "attempt")
        ));
    }
    unknown
}

/// Returns the share of attempts without a number, as a sentence. Returns `None` if all have one.
pub(super) fn without_numbers(prefixes: &Table) -> Option<String> {
    let without = prefixes.get(&[twilio_verify_insights::Label::NONE])?;
    let share = Decimal::from(without.attempts) * Decimal::ONE_HUNDRED;
    let share = share.checked_div(Decimal::from(prefixes.total().attempts))?.to_f64()?;
    Some(format!("{share:.1} % of the attempts have no phone number, as e-mails have none."))
}
