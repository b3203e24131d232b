//! Finds the deepest unusual cells.

use crate::detect::look::base::Spot;
use crate::detect::look::measure::{BACK, Measures};
use crate::detect::look::nodes::Node;
use crate::detect::look::sums::{
    DAY_WINDOW, DRIP_WINDOW, LEAST_ATTEMPTS, LEAST_EXCESS, Sums, WINDOWS,
};
use crate::detect::statistics::discovery::threshold;
use crate::detect::store::prefix::Prefix;

/// What a search looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// More unconverted attempts than usual.
    Pumping,
    /// Fewer delivered attempts than usual.
    Delivery,
    /// Attempts to a destination that had none before.
    Novel,
    /// Attempts that cost more than usual.
    Spending,
}

/// An unusual cell.
#[derive(Clone, Debug)]
pub(crate) struct Found<'s> {
    pub(crate) case: Case,
    pub(crate) country: u32,
    pub(crate) channel: Option<u32>,
    pub(crate) prefix: Prefix,
    /// The prefixes of the cells that contain it and are unusual too, shortest first. The empty
    /// prefix stands for the country.
    pub(crate) within: Vec<Prefix>,
    pub(crate) spots: Vec<&'s Spot>,
    pub(crate) window: usize,
    pub(crate) p_value: f64,
}

/// A finding is narrowed to a part of its cell that has at least this share of the excess.
pub(crate) const NEARLY_ALL: f64 = 0.8;
/// Several parts are reported separately if their common prefix is at most this long.
const SHORT_PREFIX: u8 = 5;
const FEW_PARTS: usize = 3;

impl Case {
    /// Returns the size of the deviation.
    pub(crate) fn size(self, sums: &Sums) -> f64 {
        match self {
            Self::Pumping => sums.excess(),
            Self::Delivery => sums.missing(),
            Self::Novel | Self::Spending => sums.attempts - sums.usual,
        }
    }

    fn chance(self, sums: &Sums, dispersion: f64) -> Option<f64> {
        match self {
            Self::Pumping => sums.pumping(dispersion),
            Self::Delivery => sums.delivery(),
            Self::Novel | Self::Spending => None,
        }
    }
}

/// Returns the dispersion in each window of a country.
pub(crate) fn dispersions(measures: &Measures, country: u32) -> [f64; WINDOWS] {
    let usual = measures.base.usual(country);
    let (hours, days) = usual.map_or(measures.base.all.dispersion, |usual| usual.dispersion);
    let day = hours.max(days);
    [hours, hours, hours.max(f64::midpoint(hours, days)), day, day]
}

/// The destinations of a country, or of one of its channels, and the tree of their prefixes.
struct View<'s> {
    country: u32,
    channel: Option<u32>,
    tree: Node<'s>,
    dispersions: [f64; WINDOWS],
}

/// The destinations of each country, and of each of its channels.
pub(crate) struct Groups<'s>(Vec<Group<'s>>);

type Group<'s> = (u32, Option<u32>, Vec<&'s Spot>);

impl<'s> Groups<'s> {
    /// Returns the groups, each with its country and its channel.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Group<'s>> {
        self.0.iter()
    }

    pub(crate) fn of(spots: &'s [Spot]) -> Self {
        let mut groups = Vec::new();
        for of_country in spots.chunk_by(|a, b| a.place.country == b.place.country) {
            let Some(country) = of_country.first().map(|spot| spot.place.country) else {
                continue;
            };
            let all: Vec<&Spot> = of_country.iter().collect();
            if !is_worth_it(&all) {
                continue;
            }
            groups.push((country, None, all));
            let mut channels: Vec<u32> = of_country.iter().map(|spot| spot.place.channel).collect();
            channels.sort_unstable();
            channels.dedup();
            if channels.len() > 1 {
                for channel in channels {
                    let of_channel = of_country.iter().filter(|spot| spot.place.channel == channel);
                    let of_channel: Vec<&Spot> = of_channel.collect();
                    if is_worth_it(&of_channel) {
                        groups.push((country, Some(channel), of_channel));
                    }
                }
            }
        }
        Self(groups)
    }
}

/// Whether the excess in any window is large enough for a finding.
fn is_worth_it(spots: &[&Spot]) -> bool {
    (0..WINDOWS).any(|window| {
        let excess: f64 = spots
            .iter()
            .filter_map(|spot| spot.windows.get(window))
            .map(|sums| {
                let new = if sums.basis > 0.0 { 0.0 } else { sums.attempts };
                sums.excess().max(sums.missing()).max(new).max(0.0)
            })
            .sum();
        excess >= LEAST_EXCESS / 2.0
    })
}

/// Returns the cells with signs of pumping or of an outage. Of nested cells, only one is returned.
pub(crate) fn search<'s>(
    groups: &'s Groups<'s>,
    measures: &Measures,
    share: f64,
) -> Vec<Found<'s>> {
    let views: Vec<View<'s>> = groups
        .0
        .iter()
        .map(|(country, channel, spots)| View {
            country: *country,
            channel: *channel,
            tree: Node::of(spots),
            dispersions: dispersions(measures, *country),
        })
        .collect();
    let mut found: Vec<Found<'s>> = Vec::new();
    for case in [Case::Pumping, Case::Delivery] {
        let mut p_values = Vec::new();
        views.iter().for_each(|view| view.tests(&view.tree, case, measures.windows, &mut p_values));
        if p_values.is_empty() {
            continue;
        }
        // Counts every destination with attempts and every country as tested in all windows.
        let active = measures.spots.iter().filter(|spot| spot.windows[DAY_WINDOW].attempts > 0.0);
        let tests = 2 * WINDOWS * (active.count() + measures.base.countries.len());
        let Some(limit) = threshold(&mut p_values, tests, share) else {
            continue;
        };
        for view in &views {
            let finder = Finder { case, limit, windows: measures.windows, view };
            for candidate in finder.find(&view.tree, &[]) {
                if !found.iter().any(|other| other.overlaps(&candidate)) {
                    found.push(candidate);
                }
            }
        }
    }
    found
}

impl Found<'_> {
    /// Whether one of two cells contains the other.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.country == other.country
            && (self.prefix.begins_with(other.prefix) || other.prefix.begins_with(self.prefix))
    }

    /// Returns the beginning of its window, in seconds since the epoch.
    pub(crate) fn begin(&self, measures: &Measures) -> i64 {
        measures.begin(self.window)
    }
}

impl<'s> View<'s> {
    fn chance(&self, node: &Node<'s>, case: Case, window: usize) -> Option<f64> {
        let dispersion = self.dispersions.get(window).copied().unwrap_or(1.0);
        let chance = case.chance(node.window(window), dispersion)?;
        // The beginning of this window was chosen among all hours.
        let begins = if window == DRIP_WINDOW { BACK as f64 } else { 1.0 };
        Some((chance * begins).min(1.0))
    }

    fn tests(&self, node: &Node<'s>, case: Case, windows: usize, p_values: &mut Vec<f64>) {
        let most = node.window(DAY_WINDOW).attempts.max(node.window(DRIP_WINDOW).attempts);
        if most < LEAST_ATTEMPTS {
            return;
        }
        p_values.extend((0..windows).filter_map(|window| self.chance(node, case, window)));
        node.parts.iter().for_each(|part| self.tests(part, case, windows, p_values));
    }
}

struct Finder<'v, 's> {
    case: Case,
    limit: f64,
    windows: usize,
    view: &'v View<'s>,
}

impl<'s> Finder<'_, 's> {
    /// Returns the window in which a cell is most unusual, and its p-value.
    fn rejected(&self, node: &Node<'s>) -> Option<(usize, f64)> {
        let chances = (0..self.windows)
            .filter_map(|window| Some((window, self.view.chance(node, self.case, window)?)));
        let rejected = chances.filter(|(_, chance)| *chance <= self.limit);
        // Of several windows that are certain, takes the longest.
        rejected.min_by(|a, b| a.1.max(1e-30).total_cmp(&b.1.max(1e-30)).then(b.0.cmp(&a.0)))
    }

    fn is_rejected_within(&self, node: &Node<'s>) -> bool {
        self.rejected(node).is_some() || node.parts.iter().any(|part| self.is_rejected_within(part))
    }

    fn size(&self, node: &Node<'s>, window: usize) -> f64 {
        self.case.size(node.window(window))
    }

    fn find(&self, node: &Node<'s>, within: &[Prefix]) -> Vec<Found<'s>> {
        let Some((window, p_value)) = self.rejected(node) else {
            return node.parts.iter().flat_map(|part| self.find(part, within)).collect();
        };
        let rejected: Vec<&Node<'s>> =
            node.parts.iter().filter(|part| self.is_rejected_within(part)).collect();
        let size = self.size(node, window);
        let of_parts: f64 = rejected.iter().map(|part| self.size(part, window)).sum();
        let are_apart = node.prefix.length() <= SHORT_PREFIX
            && (2..=FEW_PARTS).contains(&rejected.len())
            && of_parts >= NEARLY_ALL * size;
        if are_apart {
            let within = [within, &[node.prefix]].concat();
            return rejected.into_iter().flat_map(|part| self.find(part, &within)).collect();
        }
        vec![self.descend(node, window, p_value, within)]
    }

    /// Descends to the deepest part that has nearly all of the excess.
    fn descend(
        &self,
        node: &Node<'s>,
        window: usize,
        p_value: f64,
        within: &[Prefix],
    ) -> Found<'s> {
        let (mut node, mut p_value, mut within) = (node, p_value, within.to_vec());
        loop {
            let size = self.size(node, window);
            let part = node.parts.iter().find(|part| self.size(part, window) >= NEARLY_ALL * size);
            let Some(part) = part else {
                break;
            };
            within.push(node.prefix);
            node = part;
            p_value = self.view.chance(node, self.case, window).unwrap_or(p_value);
        }
        let mut found = Found {
            case: self.case,
            country: self.view.country,
            channel: self.view.channel,
            prefix: node.prefix,
            within,
            spots: node.spots.to_vec(),
            window,
            p_value,
        };
        if found.channel.is_none() {
            self.narrow(&mut found, self.size(node, window));
        }
        found
    }

    /// Narrows a finding to the channel that has nearly all of the excess, if there is one.
    fn narrow(&self, found: &mut Found<'s>, size: f64) {
        let of = |channel: u32, found: &Found<'s>| {
            let spots = found.spots.iter().filter(|spot| spot.place.channel == channel);
            spots
                .filter_map(|spot| spot.windows.get(found.window))
                .map(|sums| self.case.size(sums))
                .sum::<f64>()
        };
        let channels = found.spots.iter().map(|spot| spot.place.channel);
        let main = channels.max_by(|a, b| of(*a, found).total_cmp(&of(*b, found)));
        if let Some(channel) = main
            && of(channel, found) >= NEARLY_ALL * size
        {
            found.channel = Some(channel);
            found.spots.retain(|spot| spot.place.channel == channel);
        }
    }
}
