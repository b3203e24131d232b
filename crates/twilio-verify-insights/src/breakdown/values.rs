//! The values of a dimension that Summary can be asked for.

use chrono::TimeDelta;
use twilio_verify::{Channel, Country, DestinationPrefix};

use crate::breakdown::filters::Filters;
use crate::period::Period;
use crate::table::by::{By, DAY, HOUR};
use crate::table::label::Label;

/// A child: its label and its filters.
pub(crate) type Child = (Label, Filters);

/// The channels that Summary counts, from Twilio's page.
const CHANNELS: [&str; 5] = ["sms", "call", "email", "whatsapp", "rbm"];

/// The children of a part by a dimension, those first whose labels were seen. Services are only those
/// seen and `services`.
pub(crate) fn children(
    by: By,
    filters: &Filters,
    seen: &[Label],
    services: &[Label],
) -> Vec<Child> {
    let known: Vec<Label> = match by {
        By::Day | By::Hour => return steps(by, filters),
        By::Country => Country::ALL.iter().map(|country| Label::from(country.code())).collect(),
        By::Channel => CHANNELS.into_iter().map(Label::from).collect(),
        By::Service => services.to_vec(),
        By::Prefix(_) => digits(filters),
        _ => Vec::new(),
    };
    let mut labels: Vec<&Label> = seen.iter().filter(|label| label.as_str().is_some()).collect();
    labels.extend(known.iter().filter(|label| !seen.contains(label)));
    labels
        .into_iter()
        .filter_map(|label| Some((label.clone(), with(by, filters, label.as_str()?)?)))
        .collect()
}

/// How many children there are, where none was seen.
pub(crate) fn count(by: By, filters: &Filters, services: usize) -> usize {
    match by {
        By::Service => services,
        _ => children(by, filters, &[], &[]).len(),
    }
}

fn with(by: By, filters: &Filters, value: &str) -> Option<Filters> {
    let mut filters = filters.clone();
    match by {
        By::Country => match &filters.country {
            Some(country) if country.code() != value => return None,
            _ => filters.country = Some(value.parse::<Country>().ok()?),
        },
        By::Channel => match &filters.channel {
            Some(channel) if channel.as_str() != value => return None,
            _ => filters.channel = Some(channel(value)),
        },
        By::Service => match &filters.service {
            Some(service) if service.as_str() != value => return None,
            _ => filters.service = Some(value.parse().ok()?),
        },
        By::Prefix(_) => match &filters.prefix {
            Some(prefix) if !value.starts_with(prefix.as_str()) => return None,
            _ => filters.prefix = Some(value.parse::<DestinationPrefix>().ok()?),
        },
        _ => return None,
    }
    Some(filters)
}

/// A channel, one that is newer than this crate too.
fn channel(value: &str) -> Channel {
    value.parse().unwrap_or_else(|_| Channel::Unknown(value.to_owned()))
}

fn steps(by: By, filters: &Filters) -> Vec<Child> {
    let (step, format) = match by {
        By::Hour => (TimeDelta::hours(1), HOUR),
        _ => (TimeDelta::days(1), DAY),
    };
    let child = |period: Period| {
        let label = period.from().format(format).to_string();
        (Label::from(label.as_str()), Filters { period, ..filters.clone() })
    };
    filters.period.steps(step).map(child).collect()
}

/// The prefixes that are longer by a digit.
fn digits(filters: &Filters) -> Vec<Label> {
    let (begin, first) = match &filters.prefix {
        Some(prefix) => (prefix.as_str(), 0),
        // No country's code begins with 0.
        None => ("+", 1),
    };
    (first..=9).map(|digit| Label::from(format!("{begin}{digit}").as_str())).collect()
}
