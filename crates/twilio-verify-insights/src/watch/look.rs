//! The result of a look.

use chrono::{DateTime, Utc};

use crate::detect::episodes::EpisodeEvent;
use crate::period::Period;

/// What a look found, and how many calls it took.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Look {
    /// The episodes that changed since the last look.
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
    /// Each call lists the new attempts, and again those that may still convert.
    #[default]
    Listed,
    /// Each attempt is listed once, some minutes after it was made, when 99 of 100 conversions have
    /// happened.
    Delayed,
    /// More attempts are made than can be listed. They are counted, and listed only while their number or
    /// rate is unusual.
    Large,
}

/// The history that was read before the first look.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Started {
    /// How many attempts were listed.
    pub listed: u64,
    /// How many calls that took.
    pub calls: u64,
    /// The time since which attempts were listed.
    pub from: DateTime<Utc>,
    /// The period that is missing, because the budget was too small or Twilio no longer lists it. It
    /// begins at the instant that was wanted, or where the given history ends.
    pub missing: Option<Period>,
}
