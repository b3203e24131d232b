//! The filters of a summary.

use chrono::{DateTime, Utc};
use twilio_verify::{Channel, Country, DestinationPrefix, ServiceSid};

/// All six filters.
#[derive(Clone, Debug)]
pub struct Filters {
    /// Attempts of this service.
    pub service: ServiceSid,
    /// From this instant on.
    pub after: DateTime<Utc>,
    /// Until this instant.
    pub before: DateTime<Utc>,
    /// To this country.
    pub country: Country,
    /// On this channel.
    pub channel: Channel,
    /// To numbers that begin with this prefix.
    pub prefix: DestinationPrefix,
}
