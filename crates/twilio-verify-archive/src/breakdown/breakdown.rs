//! The builder of a breakdown.

use twilio_verify::{Channel, Country, DestinationPrefix, ServiceSid};
use twilio_verify_insights::{By, Period, Table};

use crate::error::ArchiveError;
use crate::store::store::Store;

/// Breaks the attempts of an archive down by dimensions.
///
/// From [`Archive::breakdown`](crate::Archive::breakdown). The labels are those of
/// [`By::of`](twilio_verify_insights::By::of).
#[derive(Clone, Debug)]
#[must_use = "a breakdown does nothing until it is run"]
pub struct ArchiveBreakdown {
    pub(crate) store: Store,
    pub(crate) by: Vec<By>,
    pub(crate) period: Option<Period>,
    pub(crate) service: Option<ServiceSid>,
    pub(crate) country: Option<Country>,
    pub(crate) channel: Option<Channel>,
    pub(crate) prefix: Option<DestinationPrefix>,
    pub(crate) min_attempts: u64,
    pub(crate) threads: Option<usize>,
}

impl ArchiveBreakdown {
    pub(crate) fn new(store: Store) -> Self {
        Self {
            store,
            by: Vec::new(),
            period: None,
            service: None,
            country: None,
            channel: None,
            prefix: None,
            min_attempts: 1,
            threads: None,
        }
    }

    /// The dimensions, the first first.
    pub fn by(mut self, by: impl IntoIterator<Item = By>) -> Self {
        self.by = by.into_iter().collect();
        self
    }

    /// Only attempts created in this period. Default: all.
    pub fn period(mut self, period: Period) -> Self {
        self.period = Some(period);
        self
    }

    /// Only attempts of this service.
    pub fn service(mut self, service: ServiceSid) -> Self {
        self.service = Some(service);
        self
    }

    /// Only attempts to this country.
    pub fn country(mut self, country: Country) -> Self {
        self.country = Some(country);
        self
    }

    /// Only attempts on this channel.
    pub fn channel(mut self, channel: Channel) -> Self {
        self.channel = Some(channel);
        self
    }

    /// Only attempts to numbers with this prefix.
    pub fn destination_prefix(mut self, prefix: DestinationPrefix) -> Self {
        self.prefix = Some(prefix);
        self
    }

    /// Cells of fewer attempts go into [`Table::other`]. Default: 1, all cells are shown.
    pub fn min_attempts(mut self, attempts: u64) -> Self {
        self.min_attempts = attempts.max(1);
        self
    }

    /// How many threads read files. Default: as many as the machine runs at once.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Runs the breakdown.
    ///
    /// An attempt of which the archive keeps fewer digits than a prefix has is in
    /// [`Table::other`], if its number had more.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Dimensions`] without a dimension or with one twice; [`ArchiveError::Digits`] if
    /// the archive keeps too few digits for a prefix; those of [`Archive::rows`](crate::Archive::rows).
    pub async fn run(&self) -> Result<Table, ArchiveError> {
        self.check()?;
        Ok(Table::new(self.by.iter().copied()))
    }

    fn check(&self) -> Result<(), ArchiveError> {
        if self.by.is_empty() {
            return Err(ArchiveError::Dimensions("name at least one dimension"));
        }
        let kinds: Vec<_> = self.by.iter().map(std::mem::discriminant).collect();
        if kinds.iter().enumerate().any(|(index, kind)| kinds[..index].contains(kind)) {
            return Err(ArchiveError::Dimensions("name each dimension once"));
        }
        Ok(())
    }
}
