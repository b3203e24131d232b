//! Formats tables, and a bar, for people.
//!
//! Styles are always written; the stream removes them where they are not
//! wanted.

use anstyle::{AnsiColor, Style};
use comfy_table::{Cell, CellAlignment, Table, presets};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;
use twilio_verify::parse_date;

use super::column::{Column, Kind};
use super::fields;
use super::shape::Shape;
use crate::values::clean;
use crate::values::zone::Zone;

const HEADING: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();
const GOOD: Style = AnsiColor::Green.on_default();
const OPEN: Style = AnsiColor::Yellow.on_default();

/// The length of the bar, in characters.
const BAR: u32 = 25;

/// The partial blocks, in eighths.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Formats resources as a table, a row each. In a terminal that is too narrow,
/// spare columns are left out, and the last line names them.
pub(super) fn rows(shape: &Shape, zone: Zone, resources: &[Value]) -> String {
    if resources.is_empty() {
        return format!("no {}\n", shape.words());
    }
    let width = Table::new().width();
    let mut shown = shape.columns.clone();
    let mut table = draw(&shown, zone, resources);
    while width.is_some_and(|width| widest(&table) > usize::from(width)) {
        let spare = shown.iter().filter_map(|column| column.spare).min();
        let Some(spare) = spare else { break };
        shown.retain(|column| column.spare != Some(spare));
        table = draw(&shown, zone, resources);
    }
    let hidden: Vec<String> = shape
        .columns
        .iter()
        .filter(|column| shown.iter().all(|shown| shown.path != column.path))
        .map(|column| column.heading.to_lowercase())
        .collect();
    let mut text = lines(&table);
    if !hidden.is_empty() {
        text.push_str(&format!(
            "{FAINT}not shown, as the terminal is too narrow: {}{FAINT:#}\n",
            hidden.join(", ")
        ));
    }
    text
}

/// Formats the fields of a resource, a line each: those that were chosen, or all
/// except the API's own URLs, which are for programs.
pub(crate) fn resource(shape: &Shape, resource: &Value) -> String {
    let mut table = blank();
    for path in &fields::all(resource, &shape.paths) {
        let is_shown = match &shape.chosen {
            Some(chosen) => chosen.iter().any(|chosen| fields::is_within(path, chosen)),
            None => !fields::is_own_url(path),
        };
        if let Some(value) = fields::value(resource, path).filter(|_| is_shown) {
            let (path, value) = (clean::value(path), fields::plain(value));
            let value = clean::value(&value);
            table.add_row([styled(FAINT, &path), styled(status_style(&path, &value), &value)]);
        }
    }
    lines(&spaced(table))
}

/// Formats names and values, a line each. Values are shown unchanged.
pub(crate) fn pairs(rows: Vec<(&str, String)>) -> String {
    let mut table = blank();
    for (name, value) in rows {
        table.add_row([styled(FAINT, name), value]);
    }
    lines(&spaced(table))
}

/// Returns the width of the terminal, or `None` if stdout is not one.
#[cfg(feature = "plots")]
pub(crate) fn width() -> Option<u16> {
    Table::new().width()
}

/// Formats a percentage as a bar.
pub(crate) fn bar(percent: Decimal) -> String {
    let percent = percent.clamp(Decimal::ZERO, Decimal::ONE_HUNDRED);
    let eighths =
        (percent * Decimal::from(BAR * 8) / Decimal::ONE_HUNDRED).round().to_usize().unwrap_or(0);
    let part = EIGHTHS.get(eighths % 8).copied().unwrap_or("");
    let full = "█".repeat(eighths / 8);
    let used = eighths.div_ceil(8);
    let rest = "░".repeat((BAR as usize).saturating_sub(used));
    format!("{GOOD}{full}{part}{GOOD:#}{FAINT}{rest}{FAINT:#}")
}

/// Formats a count with thousands separators: `1,234,567`.
pub(crate) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn draw(shown: &[Column], zone: Zone, resources: &[Value]) -> Table {
    let mut table = blank();
    table.set_header(shown.iter().map(|column| {
        let heading = match column.kind {
            Kind::Date => format!("{} ({})", column.heading, zone.name()),
            _ => column.heading.to_string(),
        };
        styled(HEADING, &heading)
    }));
    for resource in resources {
        table.add_row(shown.iter().map(|column| cell(column, zone, resource)));
    }
    spaced(table)
}

fn blank() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table
}

/// Sets two spaces between columns, and none before the first.
fn spaced(mut table: Table) -> Table {
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table
}

fn cell(column: &Column, zone: Zone, resource: &Value) -> Cell {
    let Some(value) = fields::value(resource, &column.path) else {
        return Cell::new("");
    };
    let text = match column.kind {
        Kind::Text | Kind::Status => fields::plain(value),
        Kind::Date => date(zone, value),
        Kind::Money => money(value),
        Kind::List => list(value),
    };
    // In a table, the host and the path of a URL are enough.
    let text = clean::value(text.strip_prefix("https://").unwrap_or(&text));
    match column.kind {
        Kind::Status => Cell::new(styled(status_style(&column.path, &text), &text)),
        Kind::Money => Cell::new(text).set_alignment(CellAlignment::Right),
        Kind::Text | Kind::Date | Kind::List => Cell::new(text),
    }
}

fn date(zone: Zone, value: &Value) -> String {
    let text = fields::text(value);
    match parse_date(&text) {
        Some(date) => zone.wall(date).format("%Y-%m-%d %H:%M:%S").to_string(),
        None => text,
    }
}

fn money(value: &Value) -> String {
    let part = |name| fields::value(value, name).map(fields::text);
    match (part("value"), part("currency")) {
        (Some(amount), Some(currency)) => format!("{amount} {}", currency.to_uppercase()),
        (Some(amount), None) => amount,
        (None, _) => String::new(),
    }
}

fn list(value: &Value) -> String {
    match value {
        Value::Object(fields) => fields.keys().cloned().collect::<Vec<_>>().join(", "),
        value => fields::plain(value),
    }
}

fn status_style(path: &str, text: &str) -> Style {
    match (path, text) {
        ("conversion_status", "converted") => GOOD,
        ("status", "approved" | "verified" | "enabled") => GOOD,
        ("conversion_status" | "status", _) => OPEN,
        _ => Style::new(),
    }
}

fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

fn lines(table: &Table) -> String {
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn widest(table: &Table) -> usize {
    let plain = |line: String| anstream::adapter::strip_str(line.trim_end()).to_string();
    let width = |line: String| plain(line).trim_end().chars().count();
    table.lines().map(width).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use anstream::adapter::strip_str;
    use rust_decimal::Decimal;

    use super::{bar, grouped};

    #[test]
    fn the_bar_is_as_long_as_the_rate_and_never_longer_than_itself() {
        let drawn = |rate: Decimal| strip_str(&bar(rate)).to_string();
        let blocks = |full: usize, part: &str, rest: usize| {
            format!("{}{part}{}", "█".repeat(full), "░".repeat(rest))
        };
        for (rate, expected) in [
            ("0", blocks(0, "", 25)),
            ("50", blocks(12, "▌", 12)),
            ("81.818181818", blocks(20, "▌", 4)),
            ("99.99", blocks(25, "", 0)),
            ("100", blocks(25, "", 0)),
            // Out of range.
            ("-3", blocks(0, "", 25)),
            ("250", blocks(25, "", 0)),
        ] {
            assert_eq!(drawn(rate.parse().unwrap()), expected, "{rate}");
        }
        assert_eq!(drawn(Decimal::MAX), drawn(Decimal::ONE_HUNDRED));
    }

    #[test]
    fn thousands_are_apart() {
        for (count, expected) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (1_234_567, "1,234,567"),
            (u64::MAX, "18,446,744,073,709,551,615"),
        ] {
            assert_eq!(grouped(count), expected);
        }
    }
}
