//! `attempts breakdown`.

use chrono::{DateTime, Utc};
use clap::Args;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Value, json};
use twilio_verify_insights::{
    AttemptsExt, Breakdown, BreakdownError, By, Calls, Confidence, Counts, KEPT, Label,
    Period as Whole, Plan, Proof, Table, settled,
};

use crate::commands::args::given;
use crate::commands::summary::SummaryArgs;
use crate::failure::report::Failure;
use crate::output::column::{Column, Kind};
use crate::output::fields::Fields;
use crate::output::format::Format;
use crate::output::note::note;
use crate::output::shape::Shape;
use crate::output::table;
use crate::session::requests::Session;
use crate::values::dates;
use crate::values::zone::Zone;

const HELP: &str = "\
Cells are counted by the Summary endpoint, or the attempts are listed: whichever takes fewer
requests. carrier, locale, error-code and status are only known from the list, which holds 30 days.
Without a period, the last 30 days are broken down. The period ends 11 minutes ago, unless
--date-created-before says otherwise: younger attempts may still convert.

The sum of the cells is compared with the whole, counted before and after. A rate of fewer than 20
attempts says little, and has no interval in the table.

Examples:
  twilio-verify attempts breakdown --by country,channel --date-created-after 7d
  twilio-verify attempts breakdown --by prefix:5 --country NG --min-attempts 50
  twilio-verify attempts breakdown --by day,carrier --country CO -o csv
  twilio-verify attempts breakdown --by country,day --plan";

/// The dimensions and filters of a breakdown.
#[derive(Args, Debug)]
#[command(after_help = format!("{}\n\n{HELP}", dates::FORMS))]
pub(crate) struct BreakdownArgs {
    /// The dimensions: country, channel, service, day, hour, prefix:DIGITS, carrier, locale,
    /// error-code and status
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',', required = true)]
    by: Vec<By>,

    #[command(flatten)]
    filters: SummaryArgs,

    /// Count cells of fewer attempts together, as other
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        value_parser = clap::value_parser!(u64).range(1..)
    )]
    min_attempts: u64,

    /// Send at most N requests; a plan that takes more is an error
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    budget: Option<u64>,

    /// Only show what the breakdown takes, and why
    #[arg(long)]
    plan: bool,
}

impl BreakdownArgs {
    /// Rejects what is invalid, before anything is sent.
    pub(super) fn check(&self, zone: Zone) -> Result<(), Failure> {
        self.filters.period.check(zone)
    }
}

/// Breaks attempts down.
pub(super) async fn breakdown(
    arguments: BreakdownArgs,
    mut session: Session,
) -> Result<(), Failure> {
    let (after, before) = arguments.filters.period.at(session.zone());
    let period = period(after, before)?;
    let filters = arguments.filters;
    let breakdown: Breakdown = given!(
        session
            .client
            .attempts()
            .breakdown()
            .now(dates::started())
            .by(arguments.by)
            .period(period)
            .min_attempts(arguments.min_attempts),
        service: filters.verify_service_sid,
        country: filters.country,
        channel: filters.channel,
        destination_prefix: filters.destination_prefix,
        budget: arguments.budget.map(Calls),
    );
    if arguments.plan {
        let plan = breakdown.plan().await.map_err(failure)?;
        return match session.format() {
            Format::Table => session.text(&format!("{plan}\n")),
            _ => session.json(&plan_json(&plan)),
        };
    }
    let table = breakdown.run().await.map_err(failure)?;
    match session.format() {
        Format::Json => session.json(&whole(&table)),
        Format::Table => {
            let rows = rows(&table).map(|(labels, counts)| row(table.by(), &labels, counts));
            let rows = rows.collect();
            session.rows(people(table.by()), rows)?;
            session.text(&below(&table))
        }
        Format::Jsonl | Format::Csv | Format::Tsv => {
            let rows = rows(&table).map(|(labels, counts)| cell(table.by(), &labels, counts));
            let rows = rows.collect();
            session.rows(programs(table.by()), rows)?;
            if let Some(proof) = table.proof() {
                note(&proof.verdict.to_string());
            }
            Ok(())
        }
    }
}

/// The period: by default, 30 days up to the instant before which nothing converts any more.
fn period(after: Option<DateTime<Utc>>, before: Option<DateTime<Utc>>) -> Result<Whole, Failure> {
    let now = dates::started();
    let from = after.unwrap_or(now - KEPT);
    Whole::new(from, before.unwrap_or_else(|| settled(now))).map_err(|error| failure(error.into()))
}

fn failure(error: BreakdownError) -> Failure {
    match error {
        BreakdownError::Request(error) => error.into(),
        BreakdownError::Budget(plan) => Failure::usage(
            format!("--budget <N>: the breakdown takes more requests\n{plan}"),
            format!("allow {}, or choose fewer dimensions or a shorter period", plan.calls.0),
        ),
        BreakdownError::Dimensions(reason) => {
            Failure::usage(format!("--by <DIMENSION>: {reason}"), "such as --by country,channel")
        }
        other => Failure::usage(
            other.to_string(),
            "correct --date-created-after or --date-created-before; --date-created-before 11m is \
             the latest end whose counts don't change",
        ),
    }
}

/// The name of a dimension in the output.
fn name(by: By) -> &'static str {
    match by {
        By::Country => "country",
        By::Channel => "channel",
        By::Service => "service",
        By::Day => "day",
        By::Hour => "hour",
        By::Prefix(_) => "prefix",
        By::Carrier => "carrier",
        By::Locale => "locale",
        By::ErrorCode => "error_code",
        _ => "status",
    }
}

/// The cells, and what is in none of them.
fn rows(table: &Table) -> impl Iterator<Item = (Vec<Label>, &Counts)> {
    let cells = table.cells().map(|(labels, counts)| (labels.to_vec(), counts));
    let other = vec![Label::from("(other)"); table.by().len()];
    let other = (table.other().attempts > 0).then_some((other, table.other()));
    cells.chain(other)
}

/// A cell for programs.
fn cell(by: &[By], labels: &[Label], counts: &Counts) -> Value {
    let names = by.iter().map(|by| name(*by).to_owned());
    let mut cell: Map<String, Value> =
        names.zip(labels.iter().map(|label| json!(label.as_str()))).collect();
    cell.extend(numbers(counts));
    Value::Object(cell)
}

/// The numbers of a cell, for programs.
fn numbers(counts: &Counts) -> Map<String, Value> {
    let interval = counts.interval(Confidence::P95);
    let json = json!({
        "attempts": counts.attempts,
        "converted": counts.converted,
        "unconverted": counts.unconverted,
        "conversion_rate_percentage": counts.rate(),
        "interval_low": interval.map(|interval| interval.low),
        "interval_high": interval.map(|interval| interval.high),
        "cost": counts.cost,
    });
    match json {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// All of a table, as JSON.
fn whole(table: &Table) -> Value {
    let cells: Vec<Value> =
        table.cells().map(|(labels, counts)| cell(table.by(), labels, counts)).collect();
    let total = table.total();
    json!({
        "by": table.by(),
        "period": table.period(),
        "cells": cells,
        "other": numbers(table.other()),
        "total": numbers(&total),
        "unreadable": table.unreadable(),
        "proof": table.proof().map(proof),
    })
}

fn proof(proof: &Proof) -> Value {
    let mut json = json!(proof.verdict);
    if let Value::Object(fields) = &mut json {
        for (name, counts) in
            [("before", &proof.before), ("parts", &proof.parts), ("after", &proof.after)]
        {
            let numbers = json!({ "attempts": counts.attempts, "converted": counts.converted });
            fields.insert(name.to_owned(), numbers);
        }
    }
    json
}

fn plan_json(plan: &Plan) -> Value {
    json!({
        "attempts": plan.attempts,
        "by": plan.by,
        "calls": plan.calls.0,
        "list_calls": plan.list.map(|calls| calls.0),
        "minutes": plan.minutes(),
        "budget": plan.budget.map(|budget| budget.0),
        "period": plan.period,
    })
}

/// A row for people.
fn row(by: &[By], labels: &[Label], counts: &Counts) -> Value {
    let names = by.iter().map(|by| name(*by).to_owned());
    let mut row: Map<String, Value> =
        names.zip(labels.iter().map(|label| Value::from(label.to_string()))).collect();
    let interval = match counts.interval(Confidence::P95) {
        Some(interval) if counts.is_judged() => {
            format!("{:.1} to {:.1} %", interval.low, interval.high)
        }
        _ => "too few".to_owned(),
    };
    let numbers = [
        ("attempts", table::grouped(counts.attempts)),
        ("converted", table::grouped(counts.converted)),
        ("rate", percent(counts.rate())),
        ("interval", interval),
    ];
    row.extend(numbers.map(|(name, text)| (name.to_owned(), Value::from(text))));
    Value::Object(row)
}

fn percent(rate: Option<Decimal>) -> String {
    // Formatting truncates decimals instead of rounding them.
    let rounded = rate
        .map(|rate| rate.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
        .map(|rate| format!("{rate:.2} %"));
    rounded.unwrap_or_else(|| "-".to_owned())
}

/// The columns for people.
fn people(by: &[By]) -> Shape {
    shape(
        by,
        &[
            ("ATTEMPTS", "attempts"),
            ("CONVERTED", "converted"),
            ("RATE", "rate"),
            ("95 % INTERVAL", "interval"),
        ],
    )
}

/// The columns for programs.
fn programs(by: &[By]) -> Shape {
    shape(
        by,
        &[
            ("ATTEMPTS", "attempts"),
            ("CONVERTED", "converted"),
            ("UNCONVERTED", "unconverted"),
            ("RATE", "conversion_rate_percentage"),
            ("LOW", "interval_low"),
            ("HIGH", "interval_high"),
            ("COST", "cost"),
        ],
    )
}

fn shape(by: &[By], numbers: &[(&'static str, &'static str)]) -> Shape {
    let dimensions = by.iter().map(|by| {
        let heading = by.to_string().to_uppercase().replace('-', " ");
        Column::named(heading, name(*by).to_owned(), Kind::Text)
    });
    let numbers = numbers.iter().map(|(heading, path)| Column::new(heading, path));
    let columns: Vec<Column> = dimensions.chain(numbers).collect();
    let mut paths: Vec<String> = by.iter().map(|by| name(*by).to_owned()).collect();
    paths.extend(columns.iter().skip(by.len()).map(|column| column.path().to_owned()));
    let fields = Fields { paths, maps: vec!["cost".to_owned()] };
    Shape::new("cells", columns, fields)
}

/// What stands below the table.
fn below(table: &Table) -> String {
    let total = table.total();
    let mut rows = Vec::new();
    if let Some(period) = table.period() {
        rows.push(("Period", period.to_string()));
    }
    rows.push(("Attempts", table::grouped(total.attempts)));
    rows.push(("Conversion", percent(total.rate())));
    if table.unreadable() > 0 {
        rows.push(("Unreadable", table::grouped(table.unreadable())));
    }
    if let Some(proof) = table.proof() {
        rows.push(("Proof", proof.verdict.to_string()));
    }
    format!("\n{}", table::pairs(rows))
}
