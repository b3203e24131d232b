//! The messaging configurations of services.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::tables::parent::Parent;
use crate::tables::table::Record;
use crate::values::country::Country;
use crate::values::sid::ServiceSid;

/// The value for all countries without their own configuration.
const ALL: &str = "all";

/// A messaging configuration of a service.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct MessagingConfiguration {
    pub(crate) service_sid: ServiceSid,
    /// The two letters of a country, or `all`.
    pub(crate) country: String,
    pub(crate) messaging_service_sid: String,
    pub(crate) date_created: DateTime<Utc>,
    pub(crate) date_updated: DateTime<Utc>,
}

impl Record for MessagingConfiguration {
    /// The service and the country: there is at most one configuration for each country.
    type Key = (ServiceSid, String);

    fn key(&self) -> Self::Key {
        (self.service_sid, self.country.clone())
    }

    fn is_within(&self, parent: &Parent) -> bool {
        matches!(parent, Parent::Service(service) if *service == self.service_sid)
    }
}

/// Reads a country in either case, and returns it as it is stored.
pub(crate) fn country_of(text: &str) -> Option<String> {
    if text.eq_ignore_ascii_case(ALL) {
        return Some(ALL.into());
    }
    let country: Country = text.to_ascii_uppercase().parse().ok()?;
    Some(country.to_string())
}
