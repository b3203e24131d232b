//! Rejects types that are nested deeper than the compiler supports.

use std::collections::BTreeMap;

use crate::document::document::Document;
use crate::document::error::{Error, Pointer};
use crate::document::schema::references;

/// The maximum depth of types. The compiler gives up at 128 steps, and takes up to three for each
/// type: the type, its option, its list.
const DEEPEST: usize = 40;

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    let components = document.components().map(|(name, schema)| {
        let mut names = Vec::new();
        references(schema, &mut names);
        (name, names)
    });
    let mut nesting =
        Nesting { held: components.collect(), done: BTreeMap::new(), within: Vec::new() };
    let names: Vec<&str> = nesting.held.keys().copied().collect();
    for name in names {
        if nesting.depth(name) > DEEPEST {
            let place = Pointer::root().child("components").child("schemas");
            let reason = format!(
                "types are nested more than {DEEPEST} deep in this one; \
                 give a field in between no type by an overlay"
            );
            return Err(Error::document(&place.child(name), reason));
        }
    }
    Ok(())
}

struct Nesting<'a> {
    held: BTreeMap<&'a str, Vec<String>>,
    done: BTreeMap<String, usize>,
    within: Vec<String>,
}

impl Nesting<'_> {
    /// Returns the depth of a type, itself included, or enough of it to know that it is too deep. A
    /// type within itself counts as 1.
    fn depth(&mut self, name: &str) -> usize {
        if let Some(done) = self.done.get(name) {
            return *done;
        }
        if self.within.len() > DEEPEST || self.within.iter().any(|other| other == name) {
            return 1;
        }
        self.within.push(name.to_owned());
        let mut deepest = 0;
        for held in self.held.get(name).cloned().unwrap_or_default() {
            deepest = deepest.max(self.depth(&held));
        }
        self.within.pop();
        self.done.insert(name.to_owned(), deepest + 1);
        deepest + 1
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::run;
    use crate::passes::base::testing::document;

    fn chain(length: usize, last: Value) -> Value {
        let mut components = json!({ format!("C{length}"): last });
        for index in 0..length {
            let next = format!("#/components/schemas/C{}", index + 1);
            components[format!("C{index}")] = json!({ "properties": { "a": { "$ref": next } } });
        }
        components
    }

    #[test]
    fn a_long_chain_is_refused_and_a_short_one_is_not() {
        for (length, refused) in [(39, false), (40, true), (20_000, true)] {
            let mut document = document(chain(length, json!({})), json!([]), json!({}));
            assert_eq!(run(&mut document).is_err(), refused, "{length}");
        }
    }

    #[test]
    fn a_circle_ends() {
        let back = json!({ "properties": { "b": { "$ref": "#/components/schemas/C0" } } });
        let mut document = document(chain(5, back), json!([]), json!({}));
        run(&mut document).unwrap();
    }
}
