//! Converts charts to kuva's scenes.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use kuva::plot::{BandPlot, BarPlot, LinePlot};
use kuva::render::datetime::{DateTimeAxis, DateUnit};
use kuva::render::layout::{Layout, TickFormat};
use kuva::render::plots::Plot;
use kuva::render::render::{Scene, render_multiple};
use kuva::render::theme::Theme;

use super::chart::{Bar, Chart, Instant};

/// How a chart is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    pub(super) width: f64,
    pub(super) height: f64,
    /// The size of text.
    pub(super) text: u32,
    /// Whether grid lines are drawn.
    pub(super) grid: bool,
    /// The number of rows, if the chart is drawn in a terminal.
    pub(super) rows: Option<u32>,
    /// The colours: of lines and bars, of the band, of text, of the grid.
    pub(super) mark: &'static str,
    pub(super) band: &'static str,
    pub(super) ink: &'static str,
    pub(super) line: &'static str,
}

/// Draws a chart.
pub(super) fn scene(chart: &Chart, look: Look) -> Scene {
    let (plots, layout) = match chart {
        Chart::Trend { points, step } => {
            let plots = trend(points, *step, look);
            let layout = percent(Layout::auto_from_plots(&plots).with_y_axis_min(0.0));
            let at: Vec<DateTime<Utc>> = points.iter().map(|point| point.at).collect();
            (plots, over_time(layout.with_y_axis_max(100.0), &at, *step, look))
        }
        Chart::Amounts { points, step } => {
            let plots = amounts(points, *step, look);
            let layout = Layout::auto_from_plots(&plots).with_y_axis_min(0.0);
            let at: Vec<DateTime<Utc>> = points.iter().map(|(at, _)| *at).collect();
            (plots, over_time(layout, &at, *step, look))
        }
        Chart::Bars(bars) => {
            let plots = side_by_side(bars, look);
            let layout =
                Layout::auto_from_plots(&plots).with_x_axis_min(0.0).with_x_axis_max(100.0);
            (plots, layout.with_x_tick_format(percentage()))
        }
    };
    let mut layout = layout
        .with_theme(theme(look))
        .with_show_grid(look.grid)
        .with_width(look.width)
        .with_height(look.height)
        .with_tick_size(look.text)
        .with_label_size(look.text)
        .with_body_size(look.text);
    layout = match look.rows {
        Some(rows) => layout.with_term_rows(rows),
        // With fixed margins, charts below each other have the same axis.
        None => layout.with_force_margins(56.0, 12.0).with_force_margins_y(10.0, 26.0),
    };
    render_multiple(plots, layout)
}

/// Draws a line and its band for each run of consecutive instants.
fn trend(points: &[Instant], step: i64, look: Look) -> Vec<Plot> {
    let runs = points.chunk_by(|one, next| (next.at - one.at).num_seconds() <= step);
    let mut plots = Vec::new();
    for run in runs {
        // A single instant is as wide as half a step.
        let half = seconds_of(step) / 4.0;
        let spread = |point: &Instant| match run.len() {
            1 => vec![seconds(point.at) - half, seconds(point.at) + half],
            _ => vec![seconds(point.at)],
        };
        let along = |value: fn(&Instant) -> f64| {
            run.iter().flat_map(move |point| {
                let value = value(point);
                spread(point).into_iter().map(move |at| (at, value))
            })
        };
        let at: Vec<f64> = along(|point| point.rate).map(|(at, _)| at).collect();
        let low: Vec<f64> = along(|point| point.low).map(|(_, low)| low).collect();
        let high: Vec<f64> = along(|point| point.high).map(|(_, high)| high).collect();
        plots
            .push(Plot::Band(BandPlot::new(at, low, high).with_color(look.band).with_opacity(1.0)));
        let line = LinePlot::new().with_data(along(|point| point.rate));
        plots.push(Plot::Line(line.with_color(look.mark).with_stroke_width(2.0)));
    }
    plots
}

/// Draws amounts as steps that are filled down to the axis.
fn amounts(points: &[(DateTime<Utc>, f64)], step: i64, look: Look) -> Vec<Plot> {
    let half = seconds_of(step) * 0.4;
    let fill = |(at, amount): &(DateTime<Utc>, f64)| {
        let at = seconds(*at);
        let band = BandPlot::new([at - half, at + half], [0.0, 0.0], [*amount, *amount]);
        Plot::Band(band.with_color(look.mark).with_opacity(1.0))
    };
    points.iter().map(fill).collect()
}

fn side_by_side(bars: &[Bar], look: Look) -> Vec<Plot> {
    // kuva's first category is at the bottom.
    let plot = bars
        .iter()
        .rev()
        .fold(BarPlot::new(), |plot, bar| plot.with_bar(bar.name.as_str(), bar.rate));
    // In a terminal, a bar is one row.
    let width = if look.rows.is_some() { 0.2 } else { 0.7 };
    vec![Plot::Bar(plot.with_color(look.mark).with_horizontal(true).with_width(width))]
}

/// Sets an axis of dates, with about one tick for every 90 units of width.
fn over_time(layout: Layout, at: &[DateTime<Utc>], step: i64, look: Look) -> Layout {
    const DAY: i64 = 86_400;
    let (Some(first), Some(last)) = (at.first(), at.last()) else {
        return layout;
    };
    let length = (*last - *first).num_seconds();
    let ticks = usize::max(2, whole(look.width / 90.0));
    let every = |unit: i64| {
        let units = usize::try_from(length / unit.max(1)).unwrap_or(usize::MAX);
        units.div_ceil(ticks).max(1)
    };
    let (unit, every, format) = match length {
        _ if step < DAY && length <= 3 * DAY => (DateUnit::Hour, every(3600), "%d %H:00"),
        _ if length <= 92 * DAY => (DateUnit::Day, every(DAY), "%b %-d"),
        _ if length <= 1100 * DAY => (DateUnit::Month, every(30 * DAY), "%b %Y"),
        _ => (DateUnit::Year, 1, "%Y"),
    };
    let axis = DateTimeAxis { unit, step: every, format: format.to_owned() };
    let half = seconds_of(step) / 2.0;
    layout
        .with_x_datetime(axis)
        .with_x_axis_min(seconds(*first) - half)
        .with_x_axis_max(seconds(*last) + half)
}

fn percent(layout: Layout) -> Layout {
    layout.with_y_tick_format(percentage()).with_y_tick_step(25.0)
}

fn percentage() -> TickFormat {
    TickFormat::Custom(Arc::new(|value| format!("{value:.0} %")))
}

fn theme(look: Look) -> Theme {
    Theme {
        background: "none".to_owned(),
        axis_color: look.line.to_owned(),
        grid_color: look.line.to_owned(),
        tick_color: look.line.to_owned(),
        text_color: look.ink.to_owned(),
        show_grid: look.grid,
        ..Theme::light()
    }
}

fn seconds(at: DateTime<Utc>) -> f64 {
    seconds_of(at.timestamp())
}

#[expect(clippy::cast_precision_loss, reason = "exact to 2^53 seconds, 285 million years")]
fn seconds_of(seconds: i64) -> f64 {
    seconds as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a small positive number of ticks"
)]
fn whole(number: f64) -> usize {
    number as usize
}
