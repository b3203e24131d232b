//! Converts names of the document into names in Rust.
//!
//! Names in Rust are ASCII, whatever the document has, because the compiler normalizes names: two
//! different texts may be the same name.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToPascalCase, ToSnakeCase};

/// Turns any name of the document into the name of a Rust type. A name that is already valid stays
/// unchanged.
pub(crate) fn pascal(name: &str) -> String {
    let mut name = spelled(name).to_pascal_case();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.insert(0, 'X');
    }
    // After one round, a boundary of letters and digits may still be split differently by another.
    let again = name.to_pascal_case();
    if again == name { name } else { pascal(&again) }
}

/// Turns any name of the document into the name of a field, a parameter or a method, like the
/// generator does where its result is good.
pub(crate) fn snake(name: &str) -> String {
    let mut name = spelled(name).to_snake_case();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.insert(0, 'x');
    }
    if is_keyword(&name) {
        name.push('_');
    }
    name
}

/// Whether the generator turns a name into the same as [`snake`] does, as it does for all ordinary
/// names.
pub(crate) fn is_ordinary(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.all(|c| c.is_ascii_alphanumeric() || "_-. ".contains(c))
}

/// Whether a name is valid for a field, a parameter or a method, and the generator keeps it.
pub(crate) fn is_snake(name: &str) -> bool {
    is_ordinary(name) && snake(name) == name && !is_keyword(name)
}

/// A set of names that are in use.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    names: BTreeSet<String>,
    /// The next number to try for each name.
    next: BTreeMap<String, usize>,
}

impl Taken {
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Adds a name. Returns whether it was free.
    pub(crate) fn insert(&mut self, name: impl Into<String>) -> bool {
        self.names.insert(name.into())
    }

    /// Adds and returns the name, or the name with the first number that makes it free.
    pub(crate) fn free(&mut self, name: &str) -> String {
        if self.insert(name) { name.to_owned() } else { self.numbered(name) }
    }

    /// Adds and returns the name with the first number that makes it free.
    pub(crate) fn numbered(&mut self, name: &str) -> String {
        let mut number = self.next.get(name).copied().unwrap_or(2);
        let mut free = format!("{name}{number}");
        while !self.insert(&*free) {
            number += 1;
            free = format!("{name}{number}");
        }
        self.next.insert(name.to_owned(), number + 1);
        free
    }
}

impl<T: Into<String>> FromIterator<T> for Taken {
    fn from_iter<I: IntoIterator<Item = T>>(names: I) -> Self {
        let names = names.into_iter().map(Into::into).collect();
        Self { names, next: BTreeMap::new() }
    }
}

/// Spells out characters that a name can't hold, and replaces separators by spaces. `StartTime<`
/// and `StartTime>` mean "before" and "after" in Twilio's oldest API.
fn spelled(name: &str) -> String {
    let mut spelled = String::new();
    for c in name.chars() {
        match c {
            '\'' => {}
            '+' => spelled.push_str(" plus "),
            '<' => spelled.push_str(" before "),
            '>' => spelled.push_str(" after "),
            c if c.is_ascii_alphanumeric() => spelled.push(c),
            c if c.is_alphanumeric() => spelled.push_str(&format!("u{:04x}", u32::from(c))),
            _ => spelled.push(' '),
        }
    }
    spelled
}

fn is_keyword(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_err() || name == "gen"
}

#[cfg(test)]
mod tests {
    use super::{Taken, is_ordinary, is_snake, pascal, snake};

    #[test]
    fn any_text_gives_a_type_name() {
        for (name, expected) in [
            ("verify.v2.thing", "VerifyV2Thing"),
            ("in-progress", "InProgress"),
            ("+1", "Plus1"),
            ("2fa", "X2fa"),
            ("", "X"),
            ("*/", "X"),
            ("m²", "Mu00b2"),
            ("größe", "Gru00f6u00dfe"),
            ("a1B2c", "A1b2c"),
        ] {
            assert_eq!(pascal(name), expected, "{name}");
            assert_eq!(pascal(expected), expected, "{name}");
            assert!(syn::parse_str::<syn::Ident>(expected).is_ok(), "{name}");
        }
    }

    #[test]
    fn any_text_gives_the_name_of_a_field() {
        for (name, expected) in [
            ("Push.IncludeDate", "push_include_date"),
            ("Filter[Name]", "filter_name"),
            ("StartTime<", "start_time_before"),
            ("StartTime>", "start_time_after"),
            ("type", "type_"),
            ("self", "self_"),
            ("Crate", "crate_"),
            ("+", "plus"),
            ("", "x"),
            ("1st", "x1st"),
            ("名", "u540d"),
        ] {
            assert_eq!(snake(name), expected, "{name}");
            assert!(syn::parse_str::<syn::Ident>(expected).is_ok(), "{name}");
        }
    }

    #[test]
    fn odd_names_are_told_from_ordinary_ones() {
        assert!(is_ordinary("Push.IncludeDate") && is_ordinary("type"));
        assert!(!is_ordinary("StartTime<") && !is_ordinary("") && !is_ordinary("é"));
        assert!(is_snake("start_time_2") && !is_snake("type") && !is_snake("StartTime"));
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let mut taken: Taken = ["a", "a2", "a4"].into_iter().collect();
        assert_eq!(taken.free("a"), "a3");
        assert_eq!(taken.free("a"), "a5");
        assert_eq!(taken.free("b"), "b");
        assert_eq!(taken.numbered("c"), "c2");
        assert!(taken.contains("c2") && !taken.contains("c"));
    }
}
