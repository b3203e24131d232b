//! Encodes the samples of a snapshot.

use std::fmt;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeGaugeValue};
use rust_decimal::prelude::ToPrimitive;
use twilio_verify_insights::{Cost, Label};

use super::families::{Families, seconds, whole};
use crate::commands::exporter::metrics::{
    self, CHANNEL, COUNTRY, CURRENCY, Metric, SERVICE, WINDOW,
};
use crate::commands::exporter::snapshot::{Cell, Snapshot, Window};

/// A snapshot to encode.
#[derive(Debug)]
pub(super) struct Cells(pub(super) Arc<Snapshot>);

impl Collector for Cells {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let snapshot = &*self.0;
        let mut out = Out(Families(encoder));
        of_cells(&mut out, snapshot)?;
        of_windows(&mut out, snapshot)?;
        out.0.gauge(&metrics::USUAL_FROM, snapshot.usual_from.map(seconds))
    }
}

fn of_cells(out: &mut Out<'_>, snapshot: &Snapshot) -> fmt::Result {
    let attempts = |cell: &Cell| Some(whole(cell.counts.attempts));
    let converted = |cell: &Cell| Some(whole(cell.counts.converted));
    let ratio = |cell: &Cell| {
        (cell.counts.attempts > 0)
            .then(|| cell.counts.converted as f64 / cell.counts.attempts as f64)
    };
    out.cells(&metrics::ATTEMPTS, snapshot, attempts)?;
    out.cells(&metrics::CONVERTED, snapshot, converted)?;
    out.cells(&metrics::RATIO, snapshot, ratio)?;
    out.cells(&metrics::EXCESS, snapshot, |cell| cell.excess)?;
    out.costs(&metrics::COST, snapshot, |cost| cost.sum.to_f64())?;
    out.costs(&metrics::PRICED, snapshot, |cost| Some(whole(cost.priced)))
}

fn of_windows(out: &mut Out<'_>, snapshot: &Snapshot) -> fmt::Result {
    out.windows(&metrics::WINDOW_ATTEMPTS, snapshot, |window| whole(window.whole))?;
    out.windows(&metrics::WINDOW_END, snapshot, |window| window.end.timestamp())?;
    out.windows(&metrics::DIFFERENCE, snapshot, |window| whole(window.difference))?;
    out.windows(&metrics::DIMENSIONS, snapshot, |window| whole(window.dimensions as u64))?;
    out.windows(&metrics::FOLDED, snapshot, |window| whole(window.folded as u64))
}

/// Writes the samples of cells and windows.
struct Out<'a>(Families<'a>);

impl Out<'_> {
    fn cells<V: EncodeGaugeValue>(
        &mut self,
        metric: &Metric,
        snapshot: &Snapshot,
        value: impl Fn(&Cell) -> Option<V>,
    ) -> fmt::Result {
        let samples =
            all(snapshot).filter_map(|(window, cell)| Some((labels(window, cell), value(cell)?)));
        let mut samples = samples.peekable();
        if samples.peek().is_none() {
            return Ok(());
        }
        let mut family = self.0.family(metric)?;
        for (labels, value) in samples {
            family.encode_family(&labels)?.encode_gauge(&value)?;
        }
        Ok(())
    }

    /// Writes a sample for each cell and currency.
    fn costs<V: EncodeGaugeValue>(
        &mut self,
        metric: &Metric,
        snapshot: &Snapshot,
        value: impl Fn(&Cost) -> Option<V>,
    ) -> fmt::Result {
        let mut samples = Vec::new();
        for (window, cell) in all(snapshot) {
            for (currency, cost) in cell.counts.cost.iter() {
                samples.extend(value(cost).map(|value| (labels(window, cell), currency, value)));
            }
        }
        if samples.is_empty() {
            return Ok(());
        }
        let mut family = self.0.family(metric)?;
        for ([service, country, channel, window], currency, value) in samples {
            let labels = [service, country, channel, window, (CURRENCY, currency.as_str())];
            family.encode_family(&labels)?.encode_gauge(&value)?;
        }
        Ok(())
    }

    fn windows(
        &mut self,
        metric: &Metric,
        snapshot: &Snapshot,
        value: impl Fn(&Window) -> i64,
    ) -> fmt::Result {
        let mut family = self.0.family(metric)?;
        for window in &snapshot.windows {
            let labels = [(WINDOW, window.name.as_str())];
            family.encode_family(&labels)?.encode_gauge(&value(window))?;
        }
        Ok(())
    }
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
