//! Encodes the samples of a snapshot once, instead of for each scrape.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use super::cells::Cells;
use super::format::Format;
use crate::commands::exporter::snapshot::Snapshot;

/// The samples of a snapshot in each format.
#[derive(Debug)]
pub(in super::super) struct Shown {
    /// The start of the renewal of the snapshot.
    pub(in super::super) began: Instant,
    openmetrics: String,
    text: String,
}

impl Shown {
    pub(in super::super) fn new(snapshot: Snapshot) -> Result<Self, fmt::Error> {
        let began = snapshot.began;
        let snapshot = Arc::new(snapshot);
        let encode = |format: Format| format.encode(Cells(Arc::clone(&snapshot)));
        let (openmetrics, text) = (encode(Format::OpenMetrics)?, encode(Format::Text)?);
        Ok(Self { began, openmetrics, text })
    }

    pub(in super::super) fn samples(&self, format: Format) -> &str {
        match format {
            Format::OpenMetrics => &self.openmetrics,
            Format::Text => &self.text,
        }
    }
}
