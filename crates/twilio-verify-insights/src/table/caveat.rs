//! Caveats about the numbers of a table.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

/// An assumption or an unknown about a table's numbers, which its proof does not cover.
///
/// Its [`Display`](fmt::Display) form is a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "caveat", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Caveat {
    /// The period begins before the 30 days that the list holds. How far back the Summary endpoint
    /// counts isn't documented.
    Retention {
        /// When the 30 days begin.
        listed_from: DateTime<Utc>,
        /// How many attempts the endpoint counts before that.
        attempts: u64,
    },
    /// The period ends after the settled instant.
    Unsettled {
        /// The settled instant.
        settled: DateTime<Utc>,
    },
    /// Whether the filters by date include their instants could not be measured, because too few
    /// attempts show it. They are assumed to include the beginning and not the end.
    Bounds,
    /// E-mails are assumed to have no country, because none of a sample has one.
    EmailsWithoutCountry {
        /// The number of e-mails in the sample.
        sampled: u64,
    },
    /// The budget was used up before all attempts were broken down; the rest is in
    /// [`Table::other`](crate::Table::other).
    Budget {
        /// How many requests were allowed.
        calls: u64,
    },
}

impl fmt::Display for Caveat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |instant: &DateTime<Utc>| instant.to_rfc3339_opts(SecondsFormat::Secs, true);
        match self {
            Self::Retention { listed_from, attempts: 0 } => write!(
                f,
                "no attempts are counted before {}, 30 days ago: there were none, or the Summary \
                 endpoint no longer counts them",
                text(listed_from)
            ),
            Self::Retention { listed_from, attempts } => write!(
                f,
                "{attempts} attempts are counted before {}, 30 days ago: how far back the Summary \
                 endpoint counts is not documented, so there may have been more",
                text(listed_from)
            ),
            Self::Unsettled { settled } => {
                write!(f, "attempts created after {} may still convert", text(settled))
            }
            Self::Bounds => f.write_str(
                "whether the filters by date include their instants could not be measured: taken to \
                 include the beginning, and not the end",
            ),
            Self::EmailsWithoutCountry { sampled } => write!(
                f,
                "e-mails are taken to have no country: none of {sampled} listed ones has"
            ),
            Self::Budget { calls } => write!(
                f,
                "the budget of {calls} calls was used up before all attempts were broken down"
            ),
        }
    }
}
