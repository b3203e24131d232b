//! Compares operations.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use super::api::{Api, Body, Operation};
use super::change::Change;
use super::comparison::{Comparison, Place};
use super::schemas::describe;
use super::severity::{Direction, Severity};
use crate::document::names::pascal;

/// Pairs the operations of two documents: by their ids, and those with different ids by method and
/// path.
pub(super) fn pairs<'a>(old: &'a Api, new: &'a Api) -> Vec<(&'a Operation, &'a Operation)> {
    let mut pairs: Vec<(&Operation, &Operation)> = Vec::new();
    let (mut old, mut new): (Vec<_>, Vec<_>) =
        (old.operations.iter().collect(), new.operations.iter().collect());
    let by_id = |one: &Operation| pascal(&one.id);
    let by_path = |one: &Operation| format!("{} {}", one.method, shape(one));
    for identity in [&by_id as &dyn Fn(&Operation) -> String, &by_path] {
        let mut free: BTreeMap<String, VecDeque<&Operation>> = BTreeMap::new();
        for other in new {
            free.entry(identity(other)).or_default().push_back(other);
        }
        old.retain(|one| {
            let other = free.get_mut(&identity(one)).and_then(VecDeque::pop_front);
            pairs.extend(other.map(|other| (*one, other)));
            other.is_none()
        });
        new = free.into_values().flatten().collect();
    }
    pairs
}

/// Returns the path without the names of its parameters.
fn shape(operation: &Operation) -> String {
    let mut path = String::new();
    let mut rest = operation.path.as_str();
    while let Some((before, (_, after))) =
        rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        path = path + before + "{}";
        rest = after;
    }
    path + rest
}

/// Returns the names of a path's parameters, in their order.
fn path_parameters(operation: &Operation) -> Vec<&str> {
    let parts = operation.path.split('{').skip(1);
    parts.filter_map(|part| Some(part.split_once('}')?.0)).collect()
}

fn address(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

impl Comparison<'_> {
    /// Compares all operations.
    pub(super) fn operations(&mut self, pairs: &[(&Operation, &Operation)]) {
        self.servers(pairs);
        let mut all: Vec<(Option<&Operation>, Option<&Operation>)> = Vec::new();
        let mut paired = HashSet::new();
        for (old, new) in pairs {
            all.push((Some(old), Some(new)));
            paired.extend([*old, *new].map(std::ptr::from_ref));
        }
        let (old, new) = (self.old.operations.iter(), self.new.operations.iter());
        let alone = |one: &&Operation| !paired.contains(&std::ptr::from_ref(*one));
        all.extend(old.filter(alone).map(|one| (Some(one), None)));
        all.extend(new.filter(alone).map(|other| (None, Some(other))));
        all.sort_by_key(|(old, new)| new.or(*old).map(|it| (&it.path, &it.method, new.is_some())));
        for pair in all {
            match pair {
                (Some(old), Some(new)) => self.operation(old, new),
                (Some(old), None) => {
                    let entry = Place::whole(&old.id).entry(Change::OperationRemoved);
                    self.push(entry.was(address(old)));
                }
                (None, Some(new)) => {
                    let entry = Place::whole(&new.id).entry(Change::OperationAdded);
                    self.push(entry.is(address(new)));
                }
                (None, None) => {}
            }
        }
    }

    /// Adds one entry for all operations whose servers change in the same way.
    fn servers(&mut self, pairs: &[(&Operation, &Operation)]) {
        let mut changes: BTreeMap<(&BTreeSet<String>, &BTreeSet<String>), Vec<&str>> =
            BTreeMap::new();
        for (old, new) in pairs.iter().filter(|(old, new)| old.servers != new.servers) {
            changes.entry((&old.servers, &new.servers)).or_default().push(&new.id);
        }
        for ((old, new), ids) in changes {
            let subject = match ids.as_slice() {
                [only] => (*only).to_owned(),
                all if all.len() == pairs.len() => "document".to_owned(),
                all => all.join(", "),
            };
            let change = match old.is_subset(new) {
                true => Change::ServersAdded,
                false => Change::ServersChanged,
            };
            let entry = Place::whole(subject).entry(change);
            self.push(entry.values_are(join(old), join(new)));
        }
    }

    fn operation(&mut self, old: &Operation, new: &Operation) {
        let place = Place::whole(&new.id);
        self.documentation(&old.docs, &new.docs);
        self.order(&old.order, &new.order);
        if old.id != new.id {
            let mut entry = place.entry(Change::OperationRenamed);
            if old.rust_name == new.rust_name {
                entry.rust = None;
            }
            self.push(entry.values_are(&old.id, &new.id));
        } else if old.rust_name != new.rust_name {
            let entry = place.entry(Change::OperationRenamed);
            self.push(entry.values_are(&old.rust_name, &new.rust_name));
        }
        let moved = old.method != new.method || shape(old) != shape(new);
        if moved {
            let entry = place.entry(Change::OperationMoved);
            self.push(entry.values_are(address(old), address(new)));
        }
        if old.security != new.security {
            let change = match !old.security.is_empty() && old.security.is_subset(&new.security) {
                true => Change::SecurityAdded,
                false => Change::SecurityChanged,
            };
            let entry = place.entry(change);
            self.push(entry.values_are(join(&old.security), join(&new.security)));
        }
        self.parameters(&place, old, new, moved);
        self.body(&place.child(" body"), old.body.as_ref(), new.body.as_ref());
        self.answer(old, new);
    }

    fn parameters(&mut self, place: &Place, old: &Operation, new: &Operation, moved: bool) {
        let names: Vec<(&str, &str)> = match moved {
            true => Vec::new(),
            false => path_parameters(old).into_iter().zip(path_parameters(new)).collect(),
        };
        let names: BTreeMap<&str, &str> = names.into_iter().rev().collect();
        let renamed = |key: &(String, String)| {
            let name = names.get(&*key.1).filter(|_| key.0 == "path");
            (key.0.clone(), (*name.unwrap_or(&&*key.1)).to_owned())
        };
        let fresh = new.parameters.iter().rev();
        let fresh = fresh.filter(|(other, _)| !old.parameters.contains_key(*other));
        let fresh: BTreeMap<&str, _> = fresh.map(|entry| (&*entry.0.1, entry)).collect();
        let mut seen = BTreeSet::new();
        for (key, one) in &old.parameters {
            let same = renamed(key);
            let by_name = || fresh.get(&*key.1).copied();
            let other = new.parameters.get_key_value(&same).or_else(by_name);
            let Some((found, other)) = other else {
                self.removed(&place.child(&format!(".{}", key.1)), one);
                continue;
            };
            let place = place.child(&format!(".{}", found.1));
            if found.1 != key.1 {
                let entry = place.entry(Change::PathParameterRenamed);
                self.push(entry.values_are(&key.1, &found.1));
            }
            if found.0 != key.0 {
                let entry = place.entry(Change::ParameterMoved);
                self.push(entry.values_are(&key.0, &found.0));
            }
            let mut one = one.clone();
            one.rust_name.clone_from(&other.rust_name);
            self.field(&place, &one, other);
            seen.insert(found);
        }
        for (key, other) in &new.parameters {
            if !seen.contains(key) {
                self.added(&place.child(&format!(".{}", key.1)), other);
            }
        }
    }

    fn body(&mut self, place: &Place, old: Option<&Body>, new: Option<&Body>) {
        match (old, new) {
            (None, None) => {}
            (Some(old), None) => self.removed(place, &old.field),
            (None, Some(new)) => self.added(place, &new.field),
            (Some(old), Some(new)) => {
                if old.media != new.media {
                    let entry = place.entry(Change::ContentTypeChanged);
                    self.push(entry.values_are(&old.media, &new.media));
                }
                // Whether a body is required follows from its fields.
                self.schema(place, &old.field.schema, &new.field.schema);
            }
        }
    }

    fn answer(&mut self, old: &Operation, new: &Operation) {
        let place = Place::new(&new.id, [Direction::Response]);
        if old.successes != new.successes {
            let change = match old.successes.is_subset(&new.successes) {
                true => Change::StatusAdded,
                false => Change::StatusChanged,
            };
            let entry = place.entry(change);
            self.push(entry.values_are(join(&old.successes), join(&new.successes)));
        }
        if old.errors != new.errors {
            let entry = place.entry(Change::ErrorsChanged);
            self.push(entry.values_are(join(&old.errors), join(&new.errors)));
        }
        let answer = place.child(" answer");
        match (&old.answer, &new.answer) {
            (None, None) => {}
            (Some(old), Some(new)) => self.schema(&answer, old, new),
            // A method that begins or stops to return a value returns another type.
            (old, new) => {
                let label = |answer: Option<_>| answer.map_or("nothing".to_owned(), describe);
                let mut entry = answer.entry(Change::TypeChanged);
                if old.is_none() {
                    entry.wire = answer.entry(Change::Added).wire;
                }
                self.push(entry.values_are(label(old.as_ref()), label(new.as_ref())));
            }
        }
        self.headers(old, new);
        self.rules(&place, old, new);
    }

    /// Compares the headers of the responses that both declare. Callers can't rely on a header that
    /// may be missing.
    fn headers(&mut self, old: &Operation, new: &Operation) {
        let declares = |operation: &Operation, status: &String| {
            operation.successes.contains(status) || operation.errors.contains(status)
        };
        let keys: BTreeSet<_> = old.headers.keys().chain(new.headers.keys()).collect();
        for key @ (status, _) in keys {
            if !declares(old, status) || !declares(new, status) {
                continue;
            }
            let (one, other) = (old.headers.get(key), new.headers.get(key));
            let Some(header) = other.or(one) else { continue };
            let subject = format!("{} {status} header {}", new.id, header.rust_name);
            let place = Place::new(subject, [Direction::Response]).on_the_wire();
            let mut entries = self.collect(|this| match (one, other) {
                (Some(one), Some(other)) => this.field(&place, one, other),
                (Some(one), None) => this.removed(&place, one),
                (None, Some(other)) => this.added(&place, other),
                (None, None) => {}
            });
            if one.is_none_or(|one| !one.required) {
                for entry in &mut entries {
                    entry.wire = entry.wire.min(Some(Severity::Additive));
                }
            }
            self.diff.entries.extend(entries);
        }
    }

    /// Compares the other keywords of two operations, whose meaning is unknown here.
    fn rules(&mut self, response: &Place, old: &Operation, new: &Operation) {
        let operation = Place::whole(&new.id);
        let keys: BTreeSet<&String> = old.rules.keys().chain(new.rules.keys()).collect();
        for key in keys {
            let (one, other) = (old.rules.get(key), new.rules.get(key));
            let status = key.split(' ').next().unwrap_or_default();
            let appeared = |all: &BTreeSet<String>| !all.contains(status);
            let is_status = status.bytes().next().is_some_and(|c| c.is_ascii_digit());
            let place = if is_status { response } else { &operation };
            let reported = is_status
                && (appeared(&old.successes) && appeared(&old.errors)
                    || appeared(&new.successes) && appeared(&new.errors));
            if one == other || reported {
                continue;
            }
            if key.ends_with(" content") {
                // In Rust all errors have one type, whatever is declared.
                let entry = place.entry(Change::ErrorsChanged);
                self.push(entry.values_are(status, format!("{status} with another body")));
                continue;
            }
            self.keyword(place, key, one, other);
        }
    }
}

fn join(words: &BTreeSet<String>) -> String {
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    match words.is_empty() {
        true => "none".to_owned(),
        false => words.join(", "),
    }
}
