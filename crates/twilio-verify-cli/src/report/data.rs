//! The data of a report.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use twilio_verify_insights::{Counts, Period, Table};

/// The data of a report. All tables are of the same attempts.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    /// The source of the attempts.
    pub(crate) source: String,
    pub(crate) period: Option<Period>,
    /// The filters that were given, with their names.
    pub(crate) filters: Vec<(&'static str, String)>,
    /// The time at which the report was made.
    pub(crate) made: DateTime<Utc>,
    /// The table by day.
    pub(crate) days: Table,
    /// The tables of groups, in the order in which they are shown.
    pub(crate) groups: Vec<Groups>,
    /// Tables of which only the findings are shown.
    pub(crate) finer: Vec<Groups>,
    pub(crate) fee: Option<Fee>,
    /// What is proven about the counts, as sentences.
    pub(crate) proven: Vec<String>,
    /// What is unknown about them, as sentences.
    pub(crate) unknown: Vec<String>,
}

/// A table, and the words for its groups.
#[derive(Clone, Debug)]
pub(crate) struct Groups {
    /// The anchor in the page.
    pub(crate) id: &'static str,
    /// The heading, such as `Countries`.
    pub(crate) title: &'static str,
    /// The name of one group, such as `Country`.
    pub(crate) one: &'static str,
    pub(crate) table: Table,
    /// A sentence on the limits of the table.
    pub(crate) limits: Option<String>,
}

/// The fee of a conversion, which prices leave out.
#[derive(Clone, Debug)]
pub(crate) struct Fee {
    pub(crate) amount: Decimal,
    pub(crate) currency: String,
}

impl Report {
    /// Returns the counts of all attempts.
    pub(crate) fn total(&self) -> Counts {
        self.days.total()
    }

    /// Returns the currencies of the prices and the fee.
    pub(crate) fn currencies(&self) -> Vec<String> {
        let total = self.total();
        let fee = self.fee.iter().map(|fee| fee.currency.clone());
        let all: BTreeSet<String> =
            total.cost.iter().map(|(currency, _)| currency.to_string()).chain(fee).collect();
        all.into_iter().collect()
    }

    /// Returns the fee if it is in this currency, or else 0.
    pub(crate) fn fee_in(&self, currency: &str) -> Decimal {
        match &self.fee {
            Some(fee) if fee.currency == currency => fee.amount,
            _ => Decimal::ZERO,
        }
    }
}
