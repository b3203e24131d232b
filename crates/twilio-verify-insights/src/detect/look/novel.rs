//! Finds destinations that were not used before.

use crate::detect::look::measure::Measures;
use crate::detect::look::nodes::Node;
use crate::detect::look::search::{Case, Found, Groups};
use crate::detect::look::sums::{DAY_WINDOW, LEAST_ATTEMPTS, RIPE};
use crate::detect::store::bins::WEEK;

/// Returns the shortest prefixes of each country that had no attempts before and have enough now. Returns
/// nothing if less than a week is known.
pub(crate) fn novel<'s>(groups: &'s Groups<'s>, measures: &Measures) -> Vec<Found<'s>> {
    if measures.base.known.1 - measures.base.known.0 < WEEK {
        return Vec::new();
    }
    let of_countries = groups.iter().filter(|(_, channel, _)| channel.is_none());
    let mut found = Vec::new();
    for (country, _, spots) in of_countries {
        find(*country, &Node::of(spots), &mut found);
    }
    found
}

fn find<'s>(country: u32, node: &Node<'s>, found: &mut Vec<Found<'s>>) {
    let day = node.window(DAY_WINDOW);
    if day.attempts < LEAST_ATTEMPTS {
        return;
    }
    if node.spots.iter().any(|spot| !spot.is_new) {
        node.parts.iter().for_each(|part| find(country, part, found));
    } else if day.ripe >= LEAST_ATTEMPTS.max(RIPE * day.attempts) {
        found.push(Found {
            case: Case::Novel,
            country,
            channel: None,
            prefix: node.prefix,
            within: Vec::new(),
            spots: node.spots.to_vec(),
            window: DAY_WINDOW,
            p_value: day.volume(1.0),
        });
    }
}
