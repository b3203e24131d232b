//! Excludes findings from what is usual.

use chrono::{DateTime, Utc};

use crate::detect::finding::Finding;
use crate::detect::history::History;
use crate::detect::store::bins::HOUR;
use crate::detect::store::destinations::Place;
use crate::detect::store::names::Names;
use crate::detect::store::prefix::Prefix;
use crate::table::label::Label;

impl History {
    /// Excludes the attempts of a finding from what is usual. Call it when an attack has
    /// [ended](crate::EpisodeState::Ended); otherwise its attempts are expected in the same hours of the next
    /// weeks. Hours that differ greatly from the same hours of other weeks are always excluded.
    pub fn leave_out(&mut self, finding: &Finding) {
        let hour = |date: DateTime<Utc>| date.timestamp().div_euclid(HOUR);
        let prefix = Prefix::of(&finding.cell.prefix);
        let any = |label: &Label, number: u32, names: &Names| {
            label.as_str().is_none() || names.label(number) == *label
        };
        let mut left_out = Vec::new();
        for (number, destination) in self.destinations.iter() {
            let Place { country, channel, prefix: own } = destination.place;
            let is_in_cell = any(&finding.cell.country, country, &self.names)
                && any(&finding.cell.channel, channel, &self.names)
                && (own.begins_with(prefix)
                    || own.length() < prefix.length() && prefix.begins_with(own));
            if is_in_cell {
                let hours = destination
                    .hours
                    .between(hour(finding.from), hour(finding.to).saturating_add(1));
                left_out
                    .extend(hours.map(|(hour, tally)| (hour, destination.place, number, tally)));
            }
        }
        for (hour, place, number, tally) in left_out {
            if self.left_out.insert((hour, place)) {
                self.count_usual(place.country, number, hour, &tally.negative());
            }
        }
    }
}
