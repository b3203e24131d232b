//! Requests the parts of a breakdown.

use std::collections::BTreeMap;
use std::pin::Pin;

use chrono::{DateTime, Utc};
use twilio_verify::{Channel, ErrorKind};

use crate::breakdown::plan::error::BreakdownError;
use crate::breakdown::plan::estimate::{Model, Part, Way, pages};
use crate::breakdown::plan::sample::{Row, groups};
use crate::breakdown::plan::values;
use crate::breakdown::requests::ask::Ask;
use crate::breakdown::requests::filters::PartFilters;
use crate::breakdown::run::found::Found;
use crate::breakdown::run::node::Node;
use crate::table::by::By;
use crate::table::counts::Counts;
use crate::table::label::Label;

/// A running breakdown.
pub(crate) struct Run<'a, 'p> {
    pub(crate) ask: Ask<'p>,
    pub(crate) model: Model<'a>,
    /// The known labels of each dimension, and about how many attempts each has.
    pub(crate) known: Vec<BTreeMap<Label, u64>>,
    /// How many more pages may be listed for labels that summaries can't filter by.
    pub(crate) spare: u64,
    /// Whether the budget was used up.
    pub(crate) is_cut: bool,
    /// Whether e-mails were assumed to have no country.
    pub(crate) took_emails: bool,
    /// What was listed.
    pub(crate) lists: Lists,
}

/// What was listed of a breakdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lists {
    /// Nothing.
    None,
    /// Some parts.
    Parts,
    /// The whole, up to the newest attempt.
    Whole { newest: Option<DateTime<Utc>> },
}

/// A boxed future, because the parts of a part are broken down too.
pub(crate) type Boxed<'f> =
    Pin<Box<dyn Future<Output = Result<Found, BreakdownError>> + Send + 'f>>;

/// The result of a summary.
pub(crate) enum Answer {
    Counts(Counts),
    /// The channel is not known to the API.
    Rejected,
    /// The budget is used up.
    Cut,
}

impl<'a> Run<'a, '_> {
    /// Breaks a part down.
    pub(crate) fn part(&mut self, node: Node) -> Boxed<'_> {
        Box::pin(async move {
            let min_attempts = self.model.min_attempts;
            if node.open.is_empty() {
                return Ok(Found::cell(self.model.by, &node));
            }
            // All of its cells would be too small.
            if node.counts.attempts < min_attempts.max(1) {
                return Ok(Found::other(self.model.by, &node.counts));
            }
            match self.way(&node) {
                Way::List | Way::Nothing => self.list(node).await,
                Way::Split(dimension) => match self.model.by.get(dimension) {
                    Some(&By::Prefix(digits)) => self.prefixes(node, dimension, digits).await,
                    Some(&by) => self.split(node, dimension, by).await,
                    None => Ok(Found::other(self.model.by, &node.counts)),
                },
            }
        })
    }

    fn way(&self, node: &Node) -> Way {
        let part = Part {
            filters: &node.filters,
            open: &node.open,
            attempts: node.counts.attempts,
            listed: self.to_list(node),
            rows: &self.rows(node),
        };
        self.model.best(part).way
    }

    /// Returns the attempts of the sample that are in a part.
    pub(crate) fn rows(&self, node: &Node) -> Vec<&'a Row> {
        self.model.sample.rows().filter(|row| node.has(self.model.by, row)).collect()
    }

    /// Summarizes a part.
    pub(crate) async fn summary(
        &mut self,
        filters: &PartFilters,
    ) -> Result<Answer, BreakdownError> {
        match self.ask.summary(filters).await {
            Ok(Some(counts)) => Ok(Answer::Counts(counts)),
            Ok(None) => {
                self.is_cut = true;
                Ok(Answer::Cut)
            }
            Err(error) => {
                let is_known = filters.chosen.channel.as_ref().is_none_or(values::is_known_channel);
                let is_invalid =
                    error.kind() == ErrorKind::InvalidRequest || error.status() == Some(400);
                if is_invalid && !is_known { Ok(Answer::Rejected) } else { Err(error.into()) }
            }
        }
    }

    /// Returns the known labels of a dimension, the most frequent in this part first.
    fn labels(&self, node: &Node, dimension: usize) -> Vec<Label> {
        let here = groups(&self.rows(node), dimension).into_iter().map(|(label, _)| label);
        let mut labels: Vec<Label> = here.filter(|label| label.as_str().is_some()).collect();
        let mut elsewhere: Vec<_> = self.known.get(dimension).into_iter().flatten().collect();
        elsewhere.retain(|(label, _)| label.as_str().is_some() && !labels.contains(label));
        elsewhere.sort_by_key(|(_, attempts)| std::cmp::Reverse(**attempts));
        labels.extend(elsewhere.into_iter().map(|(label, _)| label.clone()));
        labels
    }

    /// Summarizes the children of a part, until they sum to it, and breaks them down.
    async fn split(
        &mut self,
        node: Node,
        dimension: usize,
        by: By,
    ) -> Result<Found, BreakdownError> {
        if node.filters.fixes(by) {
            let label = node.filters.label(by);
            return self.part(node.same(dimension, label)).await;
        }
        let emails_have_no_country = by == By::Country && self.model.emails_have_no_country;
        if emails_have_no_country && node.filters.is_email() {
            self.took_emails = true;
            return self.part(node.same(dimension, Label::NONE)).await;
        }
        let labels = self.labels(&node, dimension);
        let services = &self.model.sample.services;
        let children = values::children(by, &node.filters, &labels, services);
        let count = children.len();
        let first = children.iter().take_while(|(label, _)| labels.contains(label)).count();
        let min_attempts = self.model.min_attempts.max(1);
        let mut rest = node.counts.clone();
        let mut parts = Vec::new();
        let (mut asked_all, mut emails) = (true, None);
        for (index, (label, filters)) in children.into_iter().enumerate() {
            if rest.attempts < min_attempts {
                asked_all = false;
                break;
            }
            // The labels of the rest are not known: it takes many requests for few attempts.
            if index == first && first > 0 {
                if emails_have_no_country && node.filters.chosen.channel.is_none() {
                    let mut filters = node.filters.clone();
                    filters.chosen.channel = Some(Channel::Email);
                    if let Answer::Counts(counts) = self.summary(&filters).await? {
                        emails = Some((filters, counts));
                    }
                }
                let are_emails = emails.as_ref().is_some_and(|(_, counts)| *counts == rest);
                let pages = self.to_list(&node).map(pages);
                if !are_emails && pages.is_some_and(|pages| pages <= (count - index) as u64) {
                    return self.list(node).await;
                }
            }
            if let Some((filters, counts)) = emails.take_if(|(_, counts)| *counts == rest) {
                self.took_emails = true;
                parts.push(node.child(dimension, Label::NONE, filters, counts));
                rest = Counts::default();
                break;
            }
            let counts = match count {
                1 if matches!(by, By::Day | By::Hour) => node.counts.clone(),
                _ => match self.summary(&filters).await? {
                    Answer::Counts(counts) => counts,
                    Answer::Rejected => continue,
                    Answer::Cut => {
                        asked_all = false;
                        break;
                    }
                },
            };
            rest -= &counts;
            if let Some(known) = self.known.get_mut(dimension) {
                *known.entry(label.clone()).or_default() += counts.attempts;
            }
            parts.push(node.child(dimension, label, filters, counts));
        }
        let is_none = by == By::Country && asked_all;
        let pages = self.to_list(&node).map_or(u64::MAX, pages);
        // A channel that is newer than this crate, or a service that was deleted.
        let is_unknown = matches!(by, By::Channel | By::Service) && rest.attempts >= min_attempts;
        if is_unknown && pages <= self.spare && !self.is_cut {
            self.spare -= pages;
            return self.list(node).await;
        }
        let mut found = Found::new(self.model.by);
        for part in parts.into_iter().filter(|part| part.counts.attempts > 0) {
            found.absorb(&self.part(part).await?);
        }
        if is_none {
            self.none(&node, dimension, &rest, &mut found).await?;
        } else {
            found.table.add_other(&rest);
        }
        Ok(found)
    }

    /// Adds the attempts that have no value of a dimension: the rest of a part after all values were
    /// requested. No filter selects them, but each of their cells is the rest of a cell of the whole
    /// part.
    pub(crate) async fn none(
        &mut self,
        node: &Node,
        dimension: usize,
        rest: &Counts,
        found: &mut Found,
    ) -> Result<(), BreakdownError> {
        if rest.attempts < self.model.min_attempts.max(1) || found.table.other().attempts > 0 {
            found.table.add_other(rest);
            return Ok(());
        }
        let child = node.same(dimension, Label::NONE);
        if child.open.is_empty() {
            found.absorb(&Found::cell(self.model.by, &Node { counts: rest.clone(), ..child }));
            return Ok(());
        }
        // Its cells have no label of this dimension, whatever value the attempts have.
        let whole = self.part(child.of_any(dimension)).await?;
        found.add_difference(&whole, dimension, rest);
        Ok(())
    }
}
