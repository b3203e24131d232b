//! Encodes the samples of a snapshot.

use std::fmt;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet};
use rust_decimal::prelude::ToPrimitive;
use twilio_verify_insights::{Cost, Counts, Label};

use super::families::{Families, seconds, whole};
use crate::commands::exporter::metrics::{self, CHANNEL, COUNTRY, CURRENCY, SERVICE, WINDOW};
use crate::commands::exporter::snapshot::{Cell, Snapshot, Window};

/// A snapshot to encode.
#[derive(Debug)]
pub(super) struct Cells(pub(super) Arc<Snapshot>);

impl Collector for Cells {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let snapshot = &*self.0;
        let mut out = Families(encoder);
        of_cells(&mut out, snapshot)?;
        of_costs(&mut out, snapshot)?;
        of_windows(&mut out, snapshot)?;
        out.gauge(&metrics::USUAL_FROM, snapshot.usual_from.map(seconds))
    }
}

fn of_cells(out: &mut Families<'_>, snapshot: &Snapshot) -> fmt::Result {
    let ratio = |cell: &Cell| {
        let Counts { attempts, converted, .. } = cell.counts;
        (attempts > 0).then(|| converted as f64 / attempts as f64)
    };
    out.gauges(&metrics::ATTEMPTS, cells(snapshot, |cell| Some(whole(cell.counts.attempts))))?;
    out.gauges(&metrics::CONVERTED, cells(snapshot, |cell| Some(whole(cell.counts.converted))))?;
    out.gauges(&metrics::RATIO, cells(snapshot, ratio))?;
    out.gauges(&metrics::EXCESS, cells(snapshot, |cell| cell.excess))
}

fn of_costs(out: &mut Families<'_>, snapshot: &Snapshot) -> fmt::Result {
    out.gauges(&metrics::COST, costs(snapshot, |cost| cost.sum.to_f64()))?;
    out.gauges(&metrics::PRICED, costs(snapshot, |cost| Some(whole(cost.priced))))
}

fn of_windows(out: &mut Families<'_>, snapshot: &Snapshot) -> fmt::Result {
    out.gauges(&metrics::WINDOW_ATTEMPTS, windows(snapshot, |window| whole(window.whole)))?;
    out.gauges(&metrics::WINDOW_END, windows(snapshot, |window| window.end.timestamp()))?;
    out.gauges(&metrics::DIFFERENCE, windows(snapshot, |window| whole(window.difference)))?;
    out.gauges(&metrics::DIMENSIONS, windows(snapshot, |window| whole(window.dimensions as u64)))?;
    out.gauges(&metrics::FOLDED, windows(snapshot, |window| whole(window.folded as u64)))
}

/// Returns a sample for each cell that has the value.
fn cells<V>(
    snapshot: &Snapshot,
    value: impl Fn(&Cell) -> Option<V>,
) -> impl Iterator<Item = ([(&'static str, &str); 4], V)> {
    all(snapshot).filter_map(move |(window, cell)| Some((labels(window, cell), value(cell)?)))
}

/// Returns a sample for each cell and currency that has the value.
fn costs<V>(
    snapshot: &Snapshot,
    value: impl Fn(&Cost) -> Option<V>,
) -> impl Iterator<Item = (impl EncodeLabelSet, V)> {
    let costs = all(snapshot).flat_map(|(window, cell)| {
        cell.counts.cost.iter().map(move |(currency, cost)| (labels(window, cell), currency, cost))
    });
    costs.filter_map(move |(labels, currency, cost)| {
        Some(((labels, [(CURRENCY, currency.as_str().to_owned())]), value(cost)?))
    })
}

/// Returns a sample for each window.
fn windows<V>(
    snapshot: &Snapshot,
    value: impl Fn(&Window) -> V,
) -> impl Iterator<Item = ([(&'static str, &str); 1], V)> {
    let windows = snapshot.windows.iter();
    windows.map(move |window| ([(WINDOW, window.name.as_str())], value(window)))
}

/// Returns all cells, with their windows.
fn all(snapshot: &Snapshot) -> impl Iterator<Item = (&Window, &Cell)> {
    let windows = snapshot.windows.iter();
    windows.flat_map(|window| window.cells.iter().map(move |cell| (window, cell)))
}

/// Returns the labels of a cell.
fn labels<'a>(window: &'a Window, cell: &'a Cell) -> [(&'static str, &'a str); 4] {
    let key = &cell.key;
    let text = |label: &'a Label| label.as_str().unwrap_or_default();
    [
        (SERVICE, text(&key.service)),
        (COUNTRY, text(&key.country)),
        (CHANNEL, text(&key.channel)),
        (WINDOW, &window.name),
    ]
}
