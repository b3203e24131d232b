//! Compares schemas: of parameters, fields, request bodies and responses.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::api::{Api, Field, Inner, Kind, Schema};
use super::change::Change;
use super::comparison::{Comparison, Place, on_the_wire};
use super::keywords::{self, show};
use super::severity::Severity;

impl Comparison<'_> {
    /// Compares two fields with the same name.
    pub(super) fn field(&mut self, place: &Place, old: &Field, new: &Field) {
        if old.rust_name != new.rust_name && both_in_rust(&old.schema, &new.schema) {
            let entry = place.entry(Change::FieldRenamed);
            self.push(entry.values_are(&old.rust_name, &new.rust_name));
        }
        let start = self.diff.entries.len();
        if old.required != new.required {
            let change = match new.required {
                true => Change::RequiredGained,
                false => Change::RequiredLost,
            };
            let mut entry = place.entry(change);
            if !both_in_rust(&old.schema, &new.schema) {
                entry.rust = None;
            }
            self.push(entry);
        }
        self.schema(place, &old.schema, &new.schema);
        let both = both_in_rust(&old.schema, &new.schema);
        if old.optional != new.optional && both && place.is_used {
            self.option(place, start, old, new);
        }
    }

    /// Reports a field that has become an `Option` for Rust users, or is no longer one: such a
    /// change breaks their code.
    fn option(&mut self, place: &Place, start: usize, old: &Field, new: &Field) {
        let mut reasons = self.diff.entries[start..].iter_mut();
        let reason = reasons.find(|entry| {
            entry.subject == place.subject
                && matches!(
                    entry.change,
                    Change::NullableGained
                        | Change::NullableLost
                        | Change::DefaultChanged
                        | Change::RequiredGained
                        | Change::RequiredLost
                        | Change::TypeChanged
                )
        });
        if let Some(entry) = reason {
            entry.rust = Some(Severity::Breaking);
            return;
        }
        let label = |field: &Field| {
            let label = field.schema.rust.clone().unwrap_or_default();
            match field.optional {
                true => format!("optional {label}"),
                false => label,
            }
        };
        let mut entry = place.entry(Change::TypeChanged);
        entry.wire = None;
        self.push(entry.values_are(label(old), label(new)));
    }

    /// Compares two schemas at one place.
    pub(super) fn schema(&mut self, place: &Place, old: &Schema, new: &Schema) {
        self.documentation(&old.docs, &new.docs);
        let place = match both_in_rust(old, new) {
            true => place.clone(),
            false => place.clone().on_the_wire(),
        };
        let labels = old.rust.as_ref().zip(new.rust.as_ref());
        let retyped = labels.is_some_and(|(one, other)| self.renames.label(one) != *other);
        if retyped {
            self.retyped(&place, old, new);
            return;
        }
        self.keywords(&place, old, new);
        self.inner(&place, &old.inner, &new.inner);
    }

    /// Reports another type in Rust as one change, whatever its cause. Changes of null and defaults
    /// are reported separately.
    fn retyped(&mut self, place: &Place, old: &Schema, new: &Schema) {
        let mut found = self.apart(|this| {
            this.keywords(place, old, new);
            this.held(place, old, new);
        });
        let own = |keyword: Option<&String>| keyword.is_some_and(|key| keywords::of_the_use(key));
        let (kept, folded): (Vec<_>, Vec<_>) = found
            .drain(..)
            .partition(|entry| entry.subject == place.subject && own(entry.keyword.as_ref()));
        let mut entry = place.entry(Change::TypeChanged);
        entry.wire = on_the_wire(&folded);
        let label = |schema: &Schema| schema.rust.clone().unwrap_or_default();
        self.push(entry.values_are(label(old), label(new)));
        self.diff.entries.extend(kept);
    }

    /// Compares the contents of two schemas of different types.
    fn held(&mut self, place: &Place, old: &Schema, new: &Schema) {
        let pair = (old.named.clone(), new.named.clone());
        if self.within.contains(&pair) {
            return;
        }
        let (old, new) = (held(self.old, old), held(self.new, new));
        self.within.push(pair);
        self.inner(place, old, new);
        self.within.pop();
    }

    fn keywords(&mut self, place: &Place, old: &Schema, new: &Schema) {
        let kind = match (&old.named, &new.named) {
            (Some(old), Some(new)) if self.renames.name(old) == new => {
                let types = self.old.types.get(old).zip(self.new.types.get(new));
                let kinds = types.map(|(old, new)| (&old.kind, &new.kind));
                kinds.filter(|(old, new)| old.name() == new.name())
            }
            _ => None,
        };
        let of_the_type = |key: &str| match kind {
            Some((Kind::Plain(_), _)) => !keywords::of_the_use(key),
            // A change of the letters is reported once, for the SID's type.
            Some((Kind::Sid(old), Kind::Sid(new))) => old != new && key == "pattern",
            _ => false,
        };
        let (known_old, known_new) = match kind {
            Some((Kind::Enum(old), Kind::Enum(new))) => (values(old), values(new)),
            _ => Default::default(),
        };
        let keys: BTreeSet<&String> = old.keywords.keys().chain(new.keywords.keys()).collect();
        for key in keys {
            let (one, other) = (old.keywords.get(key), new.keywords.get(key));
            if one == other || of_the_type(key) {
                continue;
            }
            if let ("enum", Some(one), Some(other)) = (key.as_str(), one, other) {
                // Values that the type has gained or lost are reported for the type.
                let of_type = |from: &BTreeSet<String>, to: &BTreeSet<String>, value: &&Value| {
                    from.contains(&show(value)) && !to.contains(&show(value))
                };
                let mut gone = elements(one, other);
                gone.retain(|value| !of_type(&known_old, &known_new, value));
                let mut come = elements(other, one);
                come.retain(|value| !of_type(&known_new, &known_old, value));
                self.values(place, &gone, &come);
                continue;
            }
            self.keyword(place, key, one, other);
        }
    }

    /// Adds an entry for a keyword.
    pub(super) fn keyword(
        &mut self,
        place: &Place,
        key: &str,
        old: Option<&Value>,
        new: Option<&Value>,
    ) {
        let mut entry = place.entry(keywords::change(key, old, new));
        entry.keyword = Some(key.to_owned());
        let show = |value: Option<&Value>| match (value, key) {
            (value, "deprecated") => if value.is_some() { "yes" } else { "no" }.to_owned(),
            (Some(value), _) => show(value),
            (None, _) => "none".to_owned(),
        };
        // The kind of change already says whether it may be null.
        if key != "nullable" {
            entry = entry.values_are(show(old), show(new));
        }
        self.push(entry);
    }

    /// Reports values that are sent or received here, of an enum that is wider or has no name.
    fn values(&mut self, place: &Place, gone: &[&Value], come: &[&Value]) {
        let place = place.clone().on_the_wire();
        for value in gone {
            self.push(place.entry(Change::ValueRemoved).was(show(value)));
        }
        for value in come {
            self.push(place.entry(Change::ValueAdded).is(show(value)));
        }
    }

    /// Compares the contents of two schemas or types.
    pub(super) fn inner(&mut self, place: &Place, old: &Inner, new: &Inner) {
        for (name, field) in &old.fields {
            let place = place.child(&format!(".{name}"));
            match new.fields.get(name) {
                Some(other) => self.field(&place, field, other),
                None => self.removed(&place, field),
            }
        }
        for (name, field) in &new.fields {
            if !old.fields.contains_key(name) {
                self.added(&place.child(&format!(".{name}")), field);
            }
        }
        let keys: BTreeSet<&String> = old.parts.keys().chain(new.parts.keys()).collect();
        for key in keys {
            let place = place.child(key);
            match (old.parts.get(key), new.parts.get(key)) {
                (Some(one), Some(other)) => self.schema(&place, one, other),
                (one, other) => {
                    let change = match other {
                        Some(_) => Change::Tightened,
                        None => Change::Loosened,
                    };
                    let mut entry = place.on_the_wire().entry(change);
                    entry.keyword = Some("type".to_owned());
                    let name = |schema| Option::map_or(schema, "any".to_owned(), describe);
                    self.push(entry.values_are(name(one), name(other)));
                }
            }
        }
    }

    pub(super) fn added(&mut self, place: &Place, field: &Field) {
        let change = match field.required {
            true => Change::RequiredAdded,
            false => Change::Added,
        };
        let place = seen(place, &field.schema);
        self.push(place.entry(change).is(describe(&field.schema)));
    }

    pub(super) fn removed(&mut self, place: &Place, field: &Field) {
        let place = seen(place, &field.schema);
        let entry = place.entry(Change::Removed);
        self.push(entry.was(describe(&field.schema)));
    }
}

/// Returns the contents of a schema, or of the type that it refers to.
fn held<'a>(api: &'a Api, schema: &'a Schema) -> &'a Inner {
    let named = schema.named.as_ref().and_then(|name| api.types.get(name));
    named.map_or(&schema.inner, |named| &named.inner)
}

fn seen(place: &Place, schema: &Schema) -> Place {
    match schema.rust {
        Some(_) => place.clone(),
        None => place.clone().on_the_wire(),
    }
}

fn both_in_rust(old: &Schema, new: &Schema) -> bool {
    old.rust.is_some() && new.rust.is_some()
}

/// Returns the name of a schema in messages.
pub(super) fn describe(schema: &Schema) -> String {
    let wire = || schema.keywords.get("type").map(show);
    let name = schema.rust.clone().or_else(wire);
    name.unwrap_or_else(|| "any".to_owned())
}

fn values(variants: &[(String, String)]) -> BTreeSet<String> {
    variants.iter().map(|(_, value)| value.clone()).collect()
}

/// Returns the elements of an array that the other doesn't have.
fn elements<'a>(array: &'a Value, other: &Value) -> Vec<&'a Value> {
    let other: HashSet<&Value> = other.as_array().into_iter().flatten().collect();
    let all = array.as_array().into_iter().flatten();
    all.filter(|element| !other.contains(element)).collect()
}
