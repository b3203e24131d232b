//! Filters of attempts, and how they are set on requests.

use twilio_verify::{Channel, Country, DestinationPrefix, ServiceSid};

/// The most items on a page of the list.
pub(crate) const PAGE: u16 = 1000;

/// Filters of attempts, apart from their period. An attempt must match every filter that is set.
#[derive(Clone, Debug, Default)]
#[doc(hidden)]
pub struct Filters {
    pub service: Option<ServiceSid>,
    pub country: Option<Country>,
    pub channel: Option<Channel>,
    pub prefix: Option<DestinationPrefix>,
}

/// Defines the setters of a builder's field `filters`.
#[doc(hidden)]
#[macro_export]
macro_rules! filter_setters {
    () => {
        /// Includes only attempts of this service.
        pub fn service(mut self, service: ::twilio_verify::ServiceSid) -> Self {
            self.filters.service = Some(service);
            self
        }

        /// Includes only attempts to this country.
        pub fn country(mut self, country: ::twilio_verify::Country) -> Self {
            self.filters.country = Some(country);
            self
        }

        /// Includes only attempts on this channel.
        pub fn channel(mut self, channel: ::twilio_verify::Channel) -> Self {
            self.filters.channel = Some(channel);
            self
        }

        /// Includes only attempts to numbers with this prefix.
        pub fn destination_prefix(mut self, prefix: ::twilio_verify::DestinationPrefix) -> Self {
            self.filters.prefix = Some(prefix);
            self
        }
    };
}

/// Sets the filters that the requests for a summary and for a list have in common. The list has no
/// filter by prefix.
macro_rules! filtered {
    ($request:expr, $filters:expr) => {{
        let (mut request, filters) = ($request, $filters);
        if let Some(service) = &filters.service {
            request = request.service(service.clone());
        }
        if let Some(country) = &filters.country {
            request = request.country(country.clone());
        }
        if let Some(channel) = &filters.channel {
            request = request.channel(channel.clone());
        }
        request
    }};
}

pub(crate) use filtered;
