//! Finds the types of the old document that have another name in the new one.

use std::collections::{BTreeMap, BTreeSet};

use super::api::{Api, Inner, Kind, Operation, Schema, Type};

/// The old and new names of types. A type that keeps its name isn't listed.
#[derive(Debug, Default)]
pub(super) struct Renames {
    names: BTreeMap<String, String>,
}

impl Renames {
    /// Finds the renamed types: by their names in the document, by the letters of SIDs, and by
    /// their places.
    pub(super) fn find(old: &Api, new: &Api, pairs: &[(&Operation, &Operation)]) -> Self {
        let mut search = Search { old, new, renames: Self::default(), taken: BTreeSet::new() };
        search.by_identity();
        search.by_place(pairs);
        search.renames
    }

    /// Returns the new name of a type in the old document.
    pub(super) fn name<'a>(&'a self, old: &'a str) -> &'a str {
        self.names.get(old).map_or(old, String::as_str)
    }

    /// Returns a label of the old document with the new names.
    pub(super) fn label(&self, old: &str) -> String {
        let words: Vec<_> = old.split(' ').map(|word| self.name(word)).collect();
        words.join(" ")
    }
}

struct Search<'a> {
    old: &'a Api,
    new: &'a Api,
    renames: Renames,
    taken: BTreeSet<String>,
}

impl<'a> Search<'a> {
    fn by_identity(&mut self) {
        let (mut sids, mut names) = (BTreeMap::new(), BTreeMap::new());
        for (name, other) in &self.new.types {
            if let Kind::Sid(letters) = &other.kind {
                sids.entry(letters).or_insert(name);
            } else if !other.wire_name.is_empty() {
                names.entry(&other.wire_name).or_insert(name);
            }
        }
        for (name, one) in &self.old.types {
            let other = match &one.kind {
                Kind::Sid(letters) => sids.get(letters),
                _ => names.get(&one.wire_name),
            };
            if let Some(other) = other {
                self.add(name, other);
            }
        }
    }

    fn by_place(&mut self, pairs: &[(&'a Operation, &'a Operation)]) {
        for (old, new) in pairs {
            for (key, field) in &old.parameters {
                if let Some(other) = new.parameters.get(key) {
                    self.at(&field.schema, &other.schema);
                }
            }
            if let (Some(one), Some(other)) = (&old.body, &new.body) {
                self.at(&one.field.schema, &other.field.schema);
            }
            if let (Some(one), Some(other)) = (&old.answer, &new.answer) {
                self.at(one, other);
            }
        }
        let (old, new) = (self.old, self.new);
        for (name, one) in &old.types {
            if let Some(other) = new.types.get(self.renames.name(name)) {
                self.within(&one.inner, &other.inner);
            }
        }
    }

    /// Pairs the types at one place, if they are alike.
    fn at(&mut self, old: &'a Schema, new: &'a Schema) {
        if let (Some(one), Some(other)) = (&old.named, &new.named)
            && self.are_free(one, other)
        {
            let types = self.old.types.get(one).zip(self.new.types.get(other));
            if types.is_some_and(|(one, other)| alike(one, other)) && self.add(one, other) {
                let (old, new) = (&self.old.types[one], &self.new.types[other]);
                self.within(&old.inner, &new.inner);
            }
        }
        self.within(&old.inner, &new.inner);
    }

    fn within(&mut self, old: &'a Inner, new: &'a Inner) {
        for (name, field) in &old.fields {
            if let Some(other) = new.fields.get(name) {
                self.at(&field.schema, &other.schema);
            }
        }
        for (name, part) in &old.parts {
            if let Some(other) = new.parts.get(name) {
                self.at(part, other);
            }
        }
    }

    /// Whether both names are free to be paired.
    fn are_free(&self, old: &str, new: &str) -> bool {
        !self.new.types.contains_key(old)
            && !self.old.types.contains_key(new)
            && !self.renames.names.contains_key(old)
            && !self.taken.contains(new)
    }

    /// Adds a pair, if both names are free. Returns whether it did.
    fn add(&mut self, old: &str, new: &str) -> bool {
        let free = self.are_free(old, new);
        if free {
            self.renames.names.insert(old.to_owned(), new.to_owned());
            self.taken.insert(new.to_owned());
        }
        free
    }
}

/// Whether two types have at least half of their contents in common.
fn alike(old: &Type, new: &Type) -> bool {
    fn half<'a>(old: BTreeSet<&'a str>, new: BTreeSet<&'a str>) -> bool {
        old.intersection(&new).count() * 2 >= old.len().max(new.len())
    }
    fn fields(one: &Type) -> BTreeSet<&str> {
        one.inner.fields.keys().map(String::as_str).collect()
    }
    fn values(variants: &[(String, String)]) -> BTreeSet<&str> {
        variants.iter().map(|(_, value)| value.as_str()).collect()
    }
    match (&old.kind, &new.kind) {
        (Kind::Plain(one), Kind::Plain(other)) => one == other && half(fields(old), fields(new)),
        (Kind::Enum(one), Kind::Enum(other)) => half(values(one), values(other)),
        (Kind::Sid(one), Kind::Sid(other)) => one == other,
        _ => false,
    }
}
