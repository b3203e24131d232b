//! Draws a breakdown in the terminal.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rust_decimal::prelude::ToPrimitive;
use twilio_verify_insights::{By, Confidence, Counts, Label, Table};

use super::projection::projection;
use crate::output::table::{grouped, width};
use crate::plots::chart::{Bar, Chart, Instant};
use crate::plots::terminal;
use crate::values::clean;

/// The most bars in a chart.
const BARS: usize = 20;

/// The width if there is no terminal.
const COLUMNS: u16 = 80;

/// Draws conversion over the days or hours of a table, or by its first dimension. The title says
/// how many bars there are in all if some are left out.
pub(super) fn draw(table: &Table) -> String {
    let columns = width().unwrap_or(COLUMNS).clamp(40, 120);
    let time = table.by().iter().find(|by| matches!(by, By::Day | By::Hour));
    let Some(by) = time.or(table.by().first()) else {
        return String::new();
    };
    let table = projection(table, &[*by]);
    let mut rows: Vec<(&Label, &Counts)> =
        table.cells().filter_map(|(labels, counts)| Some((labels.first()?, counts))).collect();
    if rows.is_empty() {
        return String::new();
    }
    if time.is_some() {
        let title = format!("Conversion by {by}, and its 95 % interval");
        return format!("{title}\n{}\n", terminal::draw(&trend(*by, &rows), columns, 18));
    }
    rows.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.attempts));
    let hidden = rows.len().saturating_sub(BARS);
    rows.truncate(BARS);
    let title = match hidden {
        0 => format!("Conversion by {by}"),
        _ => format!(
            "Conversion by {by}: the {BARS} with the most attempts of {}",
            rows.len() + hidden
        ),
    };
    let height = u16::try_from(rows.len()).unwrap_or(0).saturating_add(4);
    format!("{title}\n{}\n", terminal::draw(&bars(&rows), columns, height))
}

fn trend(by: By, rows: &[(&Label, &Counts)]) -> Chart {
    let step = if by == By::Day { 86_400 } else { 3_600 };
    let point = |(label, counts): &(&Label, &Counts)| {
        let interval = counts.interval(Confidence::P95)?;
        Some(Instant {
            at: instant(label.as_str()?)?,
            rate: rate(counts),
            low: interval.low,
            high: interval.high,
        })
    };
    Chart::Trend { points: rows.iter().filter_map(point).collect(), step }
}

/// Returns the start of a day, or of an hour such as `2026-03-02T21`.
fn instant(label: &str) -> Option<DateTime<Utc>> {
    match label.split_once('T') {
        None => label.parse::<NaiveDate>().ok().map(|day| day.and_time(NaiveTime::MIN).and_utc()),
        Some(_) => {
            let hour = format!("{label}:00:00").parse::<NaiveDateTime>().ok();
            hour.map(|hour| hour.and_utc())
        }
    }
}

fn bars(rows: &[(&Label, &Counts)]) -> Chart {
    let bar = |(label, counts): &(&Label, &Counts)| {
        let name: String = clean::value(&label.to_string()).chars().take(24).collect();
        Bar { name: format!("{name} ({})", grouped(counts.attempts)), rate: rate(counts) }
    };
    Chart::Bars(rows.iter().map(bar).collect())
}

fn rate(counts: &Counts) -> f64 {
    counts.rate().and_then(|rate| rate.to_f64()).unwrap_or_default()
}
