//! Compares the types that have a name in Rust.

use std::collections::{BTreeMap, BTreeSet};

use super::api::{Kind, Type};
use super::change::Change;
use super::comparison::{Comparison, Place};
use super::keywords;

/// A type's name, its old name and definition, and its new definition.
type Pair<'a> = (String, Option<(&'a str, &'a Type)>, Option<&'a Type>);

impl Comparison<'_> {
    /// Compares all types.
    pub(super) fn types(&mut self) {
        let (old, new) = (self.old, self.new);
        let mut all: Vec<Pair<'_>> = Vec::new();
        let mut known = BTreeSet::new();
        for (from, one) in &old.types {
            let name = self.renames.name(from).to_owned();
            let other = new.types.get(&name);
            known.insert(name.clone());
            all.push((name, Some((from, one)), other));
        }
        for (name, other) in &new.types {
            if !known.contains(name) {
                all.push((name.clone(), None, Some(other)));
            }
        }
        all.sort_by(|(one, ..), (other, ..)| one.cmp(other));
        for (name, one, other) in all {
            let types = [one.map(|(_, one)| one), other].into_iter().flatten();
            let directions = types.flat_map(|it| it.directions.iter().copied());
            let place = Place::new(&name, directions);
            match (one, other) {
                (Some((from, one)), Some(other)) => {
                    if from != name {
                        let entry = place.entry(Change::TypeRenamed);
                        self.push(entry.values_are(from, &name));
                    }
                    self.type_(&place, one, other);
                }
                (Some((_, one)), None) => {
                    let entry = place.entry(Change::TypeRemoved);
                    self.push(entry.was(summary(one)));
                }
                (None, Some(other)) => {
                    let entry = place.entry(Change::TypeAdded);
                    self.push(entry.is(summary(other)));
                }
                (None, None) => {}
            }
        }
    }

    fn type_(&mut self, place: &Place, old: &Type, new: &Type) {
        if !matches!(new.kind, Kind::Sid(_)) {
            // The documentation of a SID comes from its fields.
            self.documentation(&old.docs, &new.docs);
        }
        self.names(place, old, new);
        match (&old.kind, &new.kind) {
            (Kind::Enum(one), Kind::Enum(other)) => self.variants(place, one, other),
            (Kind::Sid(one), Kind::Sid(other)) => {
                if one != other {
                    self.push(place.entry(Change::SidChanged).values_are(one, other));
                }
            }
            (Kind::Plain(one), Kind::Plain(other)) if one == other => {
                let mut place = place.clone();
                place.is_used = !old.directions.is_empty() && !new.directions.is_empty();
                self.plain(&place, old, new);
            }
            (one, other) => {
                // The effect on the wire is reported where the type is used.
                let mut entry = place.entry(Change::TypeChanged);
                entry.wire = None;
                self.push(entry.values_are(one.name(), other.name()));
            }
        }
    }

    fn names(&mut self, place: &Place, old: &Type, new: &Type) {
        if old.wire_name != new.wire_name {
            let name = |name: &str| match name {
                "" => "unnamed".to_owned(),
                name => name.to_owned(),
            };
            let entry = place.entry(Change::ComponentRenamed);
            self.push(entry.values_are(name(&old.wire_name), name(&new.wire_name)));
        }
        let own = |one: &Type| match (&one.kind, &*one.rust_type) {
            (Kind::Plain(_), "") => Some("generated".to_owned()),
            (Kind::Plain(_), path) => Some(path.to_owned()),
            _ => None,
        };
        match (own(old), own(new)) {
            (Some(from), Some(to)) if from != to => {
                self.push(place.entry(Change::RustTypeReplaced).values_are(from, to));
            }
            _ => {}
        }
    }

    fn variants(&mut self, place: &Place, old: &[(String, String)], new: &[(String, String)]) {
        fn by_value(all: &[(String, String)]) -> BTreeMap<&str, &str> {
            all.iter().map(|(variant, value)| (&**value, &**variant)).collect()
        }
        let (known_old, known_new) = (by_value(old), by_value(new));
        let values = |all: &[(String, String)]| -> Vec<String> {
            all.iter().map(|(_, value)| value.clone()).collect()
        };
        self.order(&values(old), &values(new));
        for (variant, value) in old {
            match known_new.get(&**value).copied() {
                None => self.push(place.entry(Change::ValueRemoved).was(value)),
                Some(other) if other != variant => {
                    let entry = place.entry(Change::VariantRenamed);
                    self.push(entry.values_are(variant, other));
                }
                Some(_) => {}
            }
        }
        for (_, value) in new {
            if !known_old.contains_key(&**value) {
                self.push(place.entry(Change::ValueAdded).is(value));
            }
        }
    }

    fn plain(&mut self, place: &Place, old: &Type, new: &Type) {
        let keys: BTreeSet<&String> = old.keywords.keys().chain(new.keywords.keys()).collect();
        for key in keys {
            let (one, other) = (old.keywords.get(key), new.keywords.get(key));
            if one == other || keywords::of_the_use(key) {
                continue;
            }
            // Rust users can't see a limit.
            let place = match (one, other) {
                (Some(_), Some(_)) if key == "type" => place.clone(),
                _ => place.clone().on_the_wire(),
            };
            self.keyword(&place, key, one, other);
        }
        if old.extra != new.extra {
            let change = match new.extra {
                true => Change::ExtraAdded,
                false => Change::ExtraRemoved,
            };
            self.push(place.entry(change));
        }
        self.inner(place, &old.inner, &new.inner);
    }
}

/// Describes a type in a word or two.
fn summary(one: &Type) -> String {
    match &one.kind {
        Kind::Sid(letters) => format!("SID {letters}"),
        Kind::Enum(variants) => {
            let values: Vec<_> = variants.iter().map(|(_, value)| value.as_str()).collect();
            format!("enum {}", values.join(" | "))
        }
        Kind::Plain(name) => match one.inner.fields.len() {
            0 => (*name).to_owned(),
            1 => format!("{name} of 1 field"),
            count => format!("{name} of {count} fields"),
        },
    }
}
