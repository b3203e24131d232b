//! The filters of a summary.

use chrono::{DateTime, Utc};
use twilio_verify::{Channel, Country, DestinationPrefix, ServiceSid};

/// All six filters.
#[derive(Clone, Debug)]
pub struct Filters {
    /// Attempts of this service.
    pub service: ServiceSid,
    /// Attempts from this instant on.
    pub after: DateTime<Utc>,
    /// Attempts until this instant.
    pub before: DateTime<Utc>,
    /// Attempts to this country.
    pub country: Country,
    /// Attempts on this channel.
    pub channel: Channel,
    /// Attempts to numbers that begin with this prefix.
    pub prefix: DestinationPrefix,
}
