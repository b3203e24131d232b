//! Encodes the metrics as they are at the moment of a scrape, so that a cell that is gone is not shown.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeGaugeValue, MetricEncoder, NoLabelSet};
use rust_decimal::prelude::ToPrimitive;
use twilio_verify_insights::{Cost, Label};

use super::metrics::{self, CHANNEL, COUNTRY, CURRENCY, Metric, SERVICE, WINDOW};
use super::snapshot::{Cell, Snapshot, Window};
use super::state::{Reason, Renewals, State};

/// Shows a state.
#[derive(Debug)]
pub(super) struct Metrics(pub(super) Arc<State>);

impl Collector for Metrics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let state = &*self.0;
        let renewals = state.renewals();
        let mut out = Out(&mut encoder);
        if let Some(snapshot) = &renewals.snapshot {
            of_cells(&mut out, snapshot)?;
            of_windows(&mut out, snapshot)?;
            out.gauge(&metrics::USUAL_FROM, snapshot.usual_from.map(seconds))?;
        }
        of_renewals(&mut out, state, &renewals)
    }
}

fn of_cells(out: &mut Out<'_, '_>, snapshot: &Snapshot) -> fmt::Result {
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

fn of_windows(out: &mut Out<'_, '_>, snapshot: &Snapshot) -> fmt::Result {
    out.windows(&metrics::WINDOW_ATTEMPTS, snapshot, |window| whole(window.whole))?;
    out.windows(&metrics::WINDOW_END, snapshot, |window| window.end.timestamp())?;
    out.windows(&metrics::DIFFERENCE, snapshot, |window| whole(window.difference))?;
    out.windows(&metrics::DIMENSIONS, snapshot, |window| whole(window.dimensions as u64))?;
    out.windows(&metrics::FOLDED, snapshot, |window| whole(window.folded as u64))
}

fn of_renewals(out: &mut Out<'_, '_>, state: &State, renewals: &Renewals) -> fmt::Result {
    let age = renewals.snapshot.as_ref().map(|snapshot| snapshot.began.elapsed().as_secs_f64());
    out.gauge(&metrics::UP, Some(i64::from(renewals.is_up)))?;
    out.gauge(&metrics::AGE, age)?;
    out.gauge(&metrics::LAST_SUCCESS, renewals.last_success.map(seconds))?;
    out.gauge(&metrics::LAST_FAILURE, renewals.last_failure.map(seconds))?;
    out.gauge(&metrics::DURATION, renewals.duration.map(|it| it.as_secs_f64()))?;
    out.gauge(&metrics::INTERVAL, Some(state.setting.interval.as_secs_f64()))?;
    out.gauge(&metrics::BUDGET, Some(whole(state.setting.budget)))?;
    out.counters(&metrics::RENEWALS, [([], renewals.ended)])?;
    let reasons = Reason::ALL.map(|reason| [("reason", reason.name())]);
    out.counters(&metrics::FAILURES, reasons.into_iter().zip(renewals.failures))?;
    let calls = state.calls.by_endpoint();
    out.counters(&metrics::CALLS, calls.map(|(name, count)| ([("endpoint", name)], count)))?;
    out.counters(&metrics::SCRAPES, [([], state.scraped())])?;
    out.family(&metrics::BUILD)?.encode_info(&[("version", env!("CARGO_PKG_VERSION"))])
}

/// Writes metrics, those without a sample left out.
struct Out<'a, 'b>(&'a mut DescriptorEncoder<'b>);

impl Out<'_, '_> {
    fn family(&mut self, metric: &Metric) -> Result<MetricEncoder<'_>, fmt::Error> {
        let Metric { help, kind, .. } = metric;
        self.0.encode_descriptor(metric.family(), help, kind.unit(), kind.of_openmetrics())
    }

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
        let mut family = self.family(metric)?;
        for (labels, value) in samples {
            family.encode_family(&labels)?.encode_gauge(&value)?;
        }
        Ok(())
    }

    /// The sums of each currency.
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
        let mut family = self.family(metric)?;
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
        let mut family = self.family(metric)?;
        for window in &snapshot.windows {
            let labels = [(WINDOW, window.name.as_str())];
            family.encode_family(&labels)?.encode_gauge(&value(window))?;
        }
        Ok(())
    }

    fn gauge<V: EncodeGaugeValue>(&mut self, metric: &Metric, value: Option<V>) -> fmt::Result {
        match value {
            Some(value) => self.family(metric)?.encode_gauge(&value),
            None => Ok(()),
        }
    }

    fn counters<const N: usize>(
        &mut self,
        metric: &Metric,
        samples: impl IntoIterator<Item = ([(&'static str, &'static str); N], u64)>,
    ) -> fmt::Result {
        let mut family = self.family(metric)?;
        for (labels, value) in samples {
            family.encode_family(&labels)?.encode_counter::<NoLabelSet, _, u64>(&value, None)?;
        }
        Ok(())
    }
}

/// All cells, with their windows.
fn all(snapshot: &Snapshot) -> impl Iterator<Item = (&Window, &Cell)> {
    let windows = snapshot.windows.iter();
    windows.flat_map(|window| window.cells.iter().map(move |cell| (window, cell)))
}

/// The labels of a cell.
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

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn seconds(instant: DateTime<Utc>) -> i64 {
    instant.timestamp()
}
