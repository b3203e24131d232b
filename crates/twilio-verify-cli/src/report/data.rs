//! What a report is made of.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use twilio_verify_insights::{Counts, Period, Table};

/// What a report is made of. The tables are of the same attempts.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    /// Where the attempts come from.
    pub(crate) source: String,
    pub(crate) period: Option<Period>,
    /// The filters that were given, by their names.
    pub(crate) filters: Vec<(&'static str, String)>,
    /// When it was made.
    pub(crate) made: DateTime<Utc>,
    /// By day.
    pub(crate) days: Table,
    /// The tables of groups, in the order in which they are shown.
    pub(crate) groups: Vec<Groups>,
    /// Tables of which only what stands out is shown.
    pub(crate) finer: Vec<Groups>,
    pub(crate) fee: Option<Fee>,
    /// What is proven of the counts, a sentence each.
    pub(crate) proven: Vec<String>,
    /// What is not, a sentence each.
    pub(crate) unknown: Vec<String>,
}

/// A table, and what its groups are called.
#[derive(Clone, Debug)]
pub(crate) struct Groups {
    /// The anchor in the page.
    pub(crate) id: &'static str,
    /// The heading, as `Countries`.
    pub(crate) title: &'static str,
    /// The name of one, as `Country`.
    pub(crate) one: &'static str,
    pub(crate) table: Table,
    /// What the table can't know, a sentence.
    pub(crate) limits: Option<String>,
}

/// The fee of a success, which prices leave out.
#[derive(Clone, Debug)]
pub(crate) struct Fee {
    pub(crate) amount: Decimal,
    pub(crate) currency: String,
}

impl Report {
    /// All attempts.
    pub(crate) fn total(&self) -> Counts {
        self.days.total()
    }

    /// The currencies of prices and fee.
    pub(crate) fn currencies(&self) -> Vec<String> {
        let total = self.total();
        let fee = self.fee.iter().map(|fee| fee.currency.clone());
        let all: BTreeSet<String> =
            total.cost.iter().map(|(currency, _)| currency.to_string()).chain(fee).collect();
        all.into_iter().collect()
    }

    /// The fee in a currency; 0 in others.
    pub(crate) fn fee_in(&self, currency: &str) -> Decimal {
        match &self.fee {
            Some(fee) if fee.currency == currency => fee.amount,
            _ => Decimal::ZERO,
        }
    }
}
