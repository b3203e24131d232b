//! Formats the cells of a table.

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Value, json};
use twilio_verify_insights::{By, Caveat, Confidence, Counts, Label, Plan, Table};

use super::evidence::Evidence;
use crate::output::column::{Column, Kind};
use crate::output::fields::Fields;
use crate::output::shape::Shape;
use crate::output::table;

/// Returns the name of a dimension in the output.
pub(super) fn name(by: By) -> &'static str {
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

/// Returns the cells, and a last one, `(other)`, for the attempts that are in none of them.
pub(super) fn rows(table: &Table) -> impl Iterator<Item = (Vec<Label>, &Counts)> {
    let cells = table.cells().map(|(labels, counts)| (labels.to_vec(), counts));
    let other = vec![Label::from("(other)"); table.by().len()];
    let other = (table.other().attempts > 0).then_some((other, table.other()));
    cells.chain(other)
}

/// Returns a cell as JSON, for programs.
pub(super) fn cell(by: &[By], labels: &[Label], counts: &Counts) -> Value {
    let names = by.iter().map(|by| name(*by).to_owned());
    let mut cell: Map<String, Value> =
        names.zip(labels.iter().map(|label| json!(label.as_str()))).collect();
    cell.extend(numbers(counts));
    Value::Object(cell)
}

/// Returns the numbers of a cell as JSON, for programs.
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

/// Returns a whole table as JSON.
pub(super) fn whole(table: &Table, evidence: &Evidence) -> Value {
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
        "proof": evidence.json,
        "caveats": table.caveats().iter().map(caveat).collect::<Vec<_>>(),
    })
}

/// Returns a caveat as JSON, with its sentence for people.
fn caveat(caveat: &Caveat) -> Value {
    let mut json = json!(caveat);
    if let Value::Object(fields) = &mut json {
        fields.insert("text".to_owned(), caveat.to_string().into());
    }
    json
}

pub(super) fn plan_json(plan: &Plan) -> Value {
    json!({
        "attempts": plan.attempts,
        "by": plan.by,
        "calls": plan.calls.0,
        "is_at_least": plan.is_at_least,
        "spent_calls": plan.spent.0,
        "list_calls": plan.list.map(|calls| calls.0),
        "grid_calls": plan.grid.map(|calls| calls.0),
        "minutes": plan.minutes(),
        "budget": plan.budget.map(|budget| budget.0),
        "period": plan.period,
        "caveats": plan.caveats.iter().map(caveat).collect::<Vec<_>>(),
    })
}

/// Returns a row for people.
pub(super) fn row(by: &[By], labels: &[Label], counts: &Counts) -> Value {
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

/// Returns the columns for people.
pub(super) fn people(by: &[By]) -> Shape {
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

/// Returns the columns for programs.
pub(super) fn programs(by: &[By]) -> Shape {
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

/// Returns the text below the table.
pub(super) fn below(table: &Table, evidence: &Evidence) -> String {
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
    if let Some(proof) = &evidence.text {
        rows.push(("Proof", proof.clone()));
    }
    rows.extend(table.caveats().iter().map(|caveat| ("Caveat", caveat.to_string())));
    format!("\n{}", table::pairs(rows))
}
