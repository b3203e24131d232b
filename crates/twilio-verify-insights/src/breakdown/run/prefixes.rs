//! Breaks a part down by prefixes of numbers, digit by digit.

use crate::breakdown::plan::error::BreakdownError;
use crate::breakdown::plan::sample::Row;
use crate::breakdown::plan::values;
use crate::breakdown::run::found::Found;
use crate::breakdown::run::node::Node;
use crate::breakdown::run::run::{Answer, Run};
use crate::table::by::By;
use crate::table::counts::Counts;
use crate::table::label::Label;

impl Run<'_, '_> {
    /// Follows the digits of numbers, one per level, down to prefixes of `digits` digits.
    pub(crate) async fn prefixes(
        &mut self,
        node: Node,
        dimension: usize,
        digits: u8,
    ) -> Result<Found, BreakdownError> {
        let min_attempts = self.model.min_attempts.max(1);
        let rows = self.rows(&node);
        let mut found = Found::new(self.model.by);
        let mut without = Counts::default();
        let mut open = vec![(node.filters.clone(), node.counts.clone())];
        while let Some((filters, counts)) = open.pop() {
            let prefix =
                filters.chosen.prefix.as_ref().map_or("+", |prefix| prefix.as_str()).to_owned();
            if prefix.len() > usize::from(digits) {
                let label = Label::from(prefix.get(..=usize::from(digits)).unwrap_or(&prefix));
                let child = node.child(dimension, label, filters, counts);
                found.absorb(&self.part(child).await?);
                continue;
            }
            if counts.attempts < min_attempts {
                found.table.add_other(&counts);
                continue;
            }
            let mut rest = counts;
            let mut asked_all = true;
            let is_root = filters.chosen.prefix.is_none();
            let first = longer(&rows, dimension, &prefix);
            for (_, filters) in values::children(By::Prefix(digits), &filters, &first, &[]) {
                if rest.attempts < min_attempts {
                    asked_all = false;
                    break;
                }
                let Answer::Counts(counts) = self.summary(&filters).await? else {
                    asked_all = false;
                    break;
                };
                rest -= &counts;
                if counts.attempts > 0 {
                    open.push((filters, counts));
                }
            }
            if !asked_all || rest.attempts == 0 {
                found.table.add_other(&rest);
            } else if is_root {
                // The rest are e-mails.
                without += &rest;
            } else {
                // The rest are numbers as short as the prefix.
                let child = node.child(dimension, Label::from(prefix.as_str()), filters, rest);
                if child.open.is_empty() {
                    found.absorb(&self.part(child).await?);
                } else {
                    found.table.add_other(&child.counts);
                }
            }
        }
        if without.attempts > 0 {
            self.none(&node, dimension, &without, &mut found).await?;
        }
        Ok(found)
    }
}

/// Returns the prefixes in the sample that are longer by a digit, the most frequent first.
fn longer(rows: &[&Row], dimension: usize, prefix: &str) -> Vec<Label> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for row in rows {
        let text = row.labels.get(dimension).and_then(Label::as_str);
        let text = text.filter(|text| text.starts_with(prefix));
        let Some(text) = text.and_then(|text| text.get(..=prefix.len())) else { continue };
        match counts.iter_mut().find(|(known, _)| *known == text) {
            Some((_, count)) => *count += 1,
            None => counts.push((text, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.into_iter().map(|(text, _)| Label::from(text)).collect()
}
