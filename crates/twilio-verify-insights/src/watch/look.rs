//! What a look gives.

use chrono::{DateTime, Utc};

use crate::detect::episodes::EpisodeEvent;
use crate::period::Period;

/// What a look has found, and what it took.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Look {
    /// What has changed since the last look.
    pub events: Vec<EpisodeEvent>,
    /// How many calls it took.
    pub calls: u64,
    /// How the account was read.
    pub scale: Scale,
}

/// How an account is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scale {
    /// Each call lists what is new, and again what may still convert.
    #[default]
    Listed,
    /// Each attempt is listed once, when 99 of 100 of those that convert have: some minutes after it was
    /// made.
    Delayed,
    /// More attempts are made than can be listed: they are counted, and listed only while their number or
    /// rate is unusual.
    Large,
}

/// What is known before the first look.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Started {
    /// How many attempts were listed.
    pub listed: u64,
    /// How many calls that took.
    pub calls: u64,
    /// From when on they were listed.
    pub from: DateTime<Utc>,
    /// What is not known, because the budget was too small, or Twilio doesn't list it any more: from the
    /// instant that was wanted, or where the given history ends.
    pub missing: Option<Period>,
}
