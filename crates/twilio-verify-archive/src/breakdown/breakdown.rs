//! The builder of a breakdown.

use twilio_verify::{Channel, Country, ServiceSid};
use twilio_verify_insights::{By, Filters, Period, Table};

use crate::breakdown::query::Query;
use crate::breakdown::run::run;
use crate::error::ArchiveError;
use crate::store::blocking::blocking;
use crate::store::store::Store;

/// Breaks the attempts of an archive down by dimensions.
///
/// Created by [`Archive::breakdown`](crate::Archive::breakdown). The labels are those of
/// [`By::of`](twilio_verify_insights::By::of).
#[derive(Clone, Debug)]
#[must_use = "a breakdown does nothing until it is run"]
pub struct ArchiveBreakdown {
    store: Store,
    by: Vec<By>,
    period: Option<Period>,
    filters: Filters,
    min_attempts: u64,
    threads: Option<usize>,
}

impl ArchiveBreakdown {
    pub(crate) fn new(store: Store) -> Self {
        Self {
            store,
            by: Vec::new(),
            period: None,
            filters: Filters::default(),
            min_attempts: 1,
            threads: None,
        }
    }

    /// Sets the dimensions, in the order of a cell's labels.
    pub fn by(mut self, by: impl IntoIterator<Item = By>) -> Self {
        self.by = by.into_iter().collect();
        self
    }

    /// Counts only attempts created in this period. Default: all attempts.
    pub fn period(mut self, period: Period) -> Self {
        self.period = Some(period);
        self
    }

    twilio_verify_insights::filter_setters!();

    /// Moves cells with fewer attempts into [`Table::other`]. Default: 1, which shows all cells.
    pub fn min_attempts(mut self, attempts: u64) -> Self {
        self.min_attempts = attempts.max(1);
        self
    }

    /// Sets how many threads read files. Default: as many as the machine can run at once.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Runs the breakdown.
    ///
    /// Where numbers are cut, attempts with fewer kept digits than the prefix has are counted in
    /// [`Table::other`], and a prefix dimension of more than 8 digits is an error.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Dimensions`] if the dimensions are missing, repeated or invalid;
    /// [`ArchiveError::Digits`] if the archive keeps too few digits for a prefix; the errors of
    /// [`Archive::rows`](crate::Archive::rows).
    pub async fn run(&self) -> Result<Table, ArchiveError> {
        let query = self.query();
        query.check()?;
        let (store, threads) = (self.store.clone(), self.threads);
        let table = blocking(move || run(&store, &query, threads)).await?;
        let table = table.min_attempts(self.min_attempts);
        Ok(match self.period {
            Some(period) => table.with_period(period),
            None => table,
        })
    }

    fn query(&self) -> Query {
        let Filters { service, country, channel, prefix } = &self.filters;
        let texts = [
            ("service_sid", service.as_ref().map(ServiceSid::as_str)),
            ("country", country.as_ref().map(Country::code)),
            ("channel", channel.as_ref().map(Channel::as_str)),
        ];
        let texts = texts.into_iter().filter_map(|(column, text)| Some((column, text?.to_owned())));
        Query {
            by: self.by.clone(),
            period: self.period,
            texts: texts.collect(),
            prefix: prefix.as_ref().map(|prefix| prefix.as_str().to_owned()),
        }
    }
}
