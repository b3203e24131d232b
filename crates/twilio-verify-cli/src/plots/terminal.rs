//! Draws charts in a terminal.

use kuva::backend::terminal::TerminalBackend;

use super::chart::Chart;
use super::scene::{Look, scene};

/// Draws a chart of `columns` by `rows` characters, with styles.
pub(crate) fn draw(chart: &Chart, columns: u16, rows: u16) -> String {
    let look = Look {
        // A character is about half as wide as it is high.
        width: f64::from(columns) * 8.0,
        height: f64::from(rows) * 16.0,
        text: 12,
        grid: false,
        rows: Some(rows.into()),
        mark: "#12805c",
        band: "#8a94a3",
        ink: "#8a94a3",
        line: "#8a94a3",
    };
    let text = TerminalBackend::new(columns.into(), rows.into()).render_scene(&scene(chart, look));
    // Remove the empty rows below the chart.
    let is_empty = |line: &&str| line.replace("\u{1b}[0m", "").trim().is_empty();
    let lines: Vec<&str> = text.lines().collect();
    let below = lines.iter().rev().take_while(|line| is_empty(line)).count();
    let shown = lines.iter().take(lines.len().saturating_sub(below));
    shown.fold(String::new(), |text, line| text + line.trim_end() + "\u{1b}[0m\n")
}
