//! Writes families of samples to the encoder of any format.

use std::fmt;

use chrono::{DateTime, Utc};
use prometheus_client::encoding::{
    DescriptorEncoder, EncodeGaugeValue, EncodeLabelSet, MetricEncoder, NoLabelSet,
};

use crate::commands::exporter::metrics::Metric;

/// Writes families of samples. A family of gauges without samples is omitted.
pub(in super::super) struct Families<'a>(pub(in super::super) DescriptorEncoder<'a>);

impl Families<'_> {
    pub(in super::super) fn family(
        &mut self,
        metric: &Metric,
    ) -> Result<MetricEncoder<'_>, fmt::Error> {
        let Metric { help, kind, .. } = metric;
        self.0.encode_descriptor(metric.family(), help, kind.unit(), kind.of_openmetrics())
    }

    pub(in super::super) fn gauge<V: EncodeGaugeValue>(
        &mut self,
        metric: &Metric,
        value: Option<V>,
    ) -> fmt::Result {
        match value {
            Some(value) => self.family(metric)?.encode_gauge(&value),
            None => Ok(()),
        }
    }

    pub(in super::super) fn gauges<S: EncodeLabelSet, V: EncodeGaugeValue>(
        &mut self,
        metric: &Metric,
        samples: impl Iterator<Item = (S, V)>,
    ) -> fmt::Result {
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

    pub(in super::super) fn counters<const N: usize>(
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

pub(in super::super) fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(in super::super) fn seconds(instant: DateTime<Utc>) -> i64 {
    instant.timestamp()
}
