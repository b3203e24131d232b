//! Encodes the metrics of renewals at the time of a scrape.

use std::fmt;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;

use super::encode::families::{Families, seconds, whole};
use super::metrics;
use super::state::{Reason, Renewals, State};

/// The metrics of the renewals so far.
#[derive(Debug)]
pub(super) struct Metrics {
    pub(super) state: Arc<State>,
    pub(super) renewals: Renewals,
}

impl Collector for Metrics {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Self { state, renewals } = self;
        let mut out = Families(encoder);
        let age = renewals.shown.as_ref().map(|shown| shown.began.elapsed().as_secs_f64());
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
}
