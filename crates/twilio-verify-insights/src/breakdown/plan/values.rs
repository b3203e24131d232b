//! The values of a dimension that Summary can filter by.

use chrono::TimeDelta;
use twilio_verify::{Channel, Country, DestinationPrefix};

use crate::breakdown::requests::filters::PartFilters;
use crate::period::Period;
use crate::table::by::{By, DAY, HOUR};
use crate::table::label::Label;

/// A child: its label and its filters.
pub(crate) type Child = (Label, PartFilters);

/// The channels that Summary counts, according to Twilio's page.
const CHANNELS: [&str; 5] = ["sms", "call", "email", "whatsapp", "rbm"];

/// Returns the children of a part by a dimension: those with the labels in `first`, then all other
/// possible ones. Services are only those in `first` and `services`.
pub(crate) fn children(
    by: By,
    filters: &PartFilters,
    first: &[Label],
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
    let mut labels: Vec<&Label> = first.iter().filter(|label| label.as_str().is_some()).collect();
    labels.extend(known.iter().filter(|label| !first.contains(label)));
    labels
        .into_iter()
        .filter_map(|label| Some((label.clone(), with(by, filters, label.as_str()?)?)))
        .collect()
}

/// Returns how many values a dimension can have.
pub(crate) fn count(by: By, filters: &PartFilters, services: usize) -> u64 {
    let count = match by {
        _ if filters.fixes(by) => 1,
        By::Country => Country::ALL.len(),
        By::Channel => CHANNELS.len(),
        By::Service => services.max(1),
        By::Day | By::Hour => filters.period.steps(step(by)).count(),
        By::Prefix(digits) => {
            // No country's code begins with 0.
            return 9_u64.saturating_mul(10_u64.saturating_pow(u32::from(digits.max(1)) - 1));
        }
        _ => 1,
    };
    count as u64
}

/// Whether Summary is known to count a channel. Other channels may be newer, and may be rejected.
pub(crate) fn is_known_channel(channel: &Channel) -> bool {
    CHANNELS.contains(&channel.as_str())
}

fn with(by: By, filters: &PartFilters, value: &str) -> Option<PartFilters> {
    let mut filters = filters.clone();
    match by {
        By::Country => filters.chosen.country = Some(value.parse::<Country>().ok()?),
        By::Channel => filters.chosen.channel = Some(channel(value)),
        By::Service => filters.chosen.service = Some(value.parse().ok()?),
        By::Prefix(_) => match &filters.chosen.prefix {
            Some(prefix) if !value.starts_with(prefix.as_str()) => return None,
            _ => filters.chosen.prefix = Some(value.parse::<DestinationPrefix>().ok()?),
        },
        _ => return None,
    }
    Some(filters)
}

/// Parses a channel, including one that is newer than this crate.
fn channel(value: &str) -> Channel {
    value.parse().unwrap_or_else(|_| Channel::Unknown(value.to_owned()))
}

fn step(by: By) -> TimeDelta {
    match by {
        By::Hour => TimeDelta::hours(1),
        _ => TimeDelta::days(1),
    }
}

fn steps(by: By, filters: &PartFilters) -> Vec<Child> {
    let format = if by == By::Hour { HOUR } else { DAY };
    let child = |period: Period| {
        let label = period.from().format(format).to_string();
        (Label::from(label), PartFilters { period, ..filters.clone() })
    };
    filters.period.steps(step(by)).map(child).collect()
}

/// Returns the prefixes that are longer by a digit.
fn digits(filters: &PartFilters) -> Vec<Label> {
    let (begin, first) = match &filters.chosen.prefix {
        Some(prefix) => (prefix.as_str(), 0),
        None => ("+", 1),
    };
    (first..=9).map(|digit| Label::from(format!("{begin}{digit}"))).collect()
}
