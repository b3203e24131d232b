//! Checks the extensions that an overlay may have, and their values.

use serde_json::{Map, Value};
use syn::{GenericArgument, PathArguments, Type, TypePath};

use crate::document::error::{Error, Pointer};
use crate::document::extensions::{OVERLAYS, find};
use crate::document::mark;
use crate::document::names::is_snake;

/// Checks the extensions in what an action adds. `place` is its place in the overlay.
pub(crate) fn check(place: &Pointer, update: &Value) -> Result<(), Error> {
    for (within, key, value) in find(update) {
        if let Err(reason) = check_value(key, value) {
            let place = within.tokens().fold(place.clone(), |place, token| place.child(token));
            return Err(Error::overlay(&place, reason));
        }
    }
    Ok(())
}

fn check_value(key: &str, value: &Value) -> Result<(), &'static str> {
    let fits = |fits: bool, reason| if fits { Ok(()) } else { Err(reason) };
    match key {
        mark::RUST_TYPE | mark::FROM => fits(
            value.as_str().is_some_and(is_plain_path),
            "expected the plain path of a Rust type, from `crate::` or `::` on",
        ),
        mark::CHECK | mark::FIELD => {
            fits(value.as_str().is_some_and(is_snake), "expected a name in snake_case")
        }
        mark::RUST_NAME | mark::ERRORS | mark::MUST_USE => {
            fits(value.is_string(), "expected a text")
        }
        mark::FLATTEN => fits(*value == true, "expected true"),
        mark::IS => fits(
            is_object_of(value, |name, text| is_suffix(name) && text.is_string()),
            "expected an object of texts, by values that can be in the name of a method",
        ),
        mark::REQUESTS => fits(
            is_object_of(value, |_, settings| settings.as_object().is_some_and(is_request)),
            "expected an object of builders, each with `description` and `omits` at most",
        ),
        mark::TOGETHER => fits(
            is_object_of(value, |name, group| is_snake(name) && are_texts(group.get("fields"))),
            "expected an object by names in snake_case, each with a list of `fields`",
        ),
        mark::ITEM => fits(are_texts(value.get("arguments")), "expected a list of `arguments`"),
        mark::ORDER => fits(
            value.as_array().is_some_and(|pairs| {
                let mut pairs = pairs.iter();
                pairs.all(|pair| {
                    are_texts(Some(pair)) && pair[1].is_string() && pair.get(2).is_none()
                })
            }),
            "expected a list of pairs of names",
        ),
        key if key.starts_with(OVERLAYS) => Err("there is no such extension"),
        _ => Err("this extension is the generator's own"),
    }
}

fn is_object_of(value: &Value, is: impl Fn(&str, &Value) -> bool) -> bool {
    value.as_object().is_some_and(|object| object.iter().all(|(name, value)| is(name, value)))
}

fn is_request(settings: &Map<String, Value>) -> bool {
    settings.iter().all(|(key, value)| match key.as_str() {
        "description" => value.is_string(),
        "omits" => are_texts(Some(value)),
        _ => false,
    })
}

fn are_texts(value: Option<&Value>) -> bool {
    let values = value.and_then(Value::as_array);
    values.is_some_and(|values| values.iter().all(Value::is_string))
}

/// Whether a text is valid as the end of a method's name.
fn is_suffix(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether a text is the path of a type from its crate on. Its generic arguments must be such paths
/// or names of types.
fn is_plain_path(text: &str) -> bool {
    fn is_plain(path: &TypePath) -> bool {
        path.qself.is_none()
            && path.path.segments.iter().all(|segment| match &segment.arguments {
                PathArguments::None => true,
                PathArguments::AngleBracketed(arguments) => {
                    arguments.args.iter().all(|argument| match argument {
                        GenericArgument::Type(Type::Path(path)) => is_plain(path),
                        _ => false,
                    })
                }
                PathArguments::Parenthesized(_) => false,
            })
    }
    let is_one = |c: char| c.is_ascii_alphanumeric() || "_:<>, ".contains(c);
    (text.starts_with("crate::") || text.starts_with("::"))
        && text.chars().all(is_one)
        && matches!(syn::parse_str(text), Ok(Type::Path(path)) if is_plain(&path))
}

#[cfg(test)]
mod tests {
    use super::is_plain_path;

    #[test]
    fn a_type_is_a_plain_path() {
        for path in [
            "crate::Seconds",
            "::std::time::Duration",
            "crate::Redacted<::std::string::String>",
            "::std::collections::BTreeMap<String, Vec<crate::Country>>",
        ] {
            assert!(is_plain_path(path), "{path}");
        }
        for other in [
            "",
            "crate",
            "crate::",
            "Seconds",
            "fn()",
            "crate::a!()",
            "crate::Fn(u8)",
            "<crate::A as crate::B>::C",
            "::A<{ panic!() }>",
            "::A<3>",
            "::A<'static>",
            "::A<[u8]>",
            "::A<B = C>",
            "::A<&u8>",
            "::A<dyn B>",
            "crate::A; fn main() {}",
            "crate::A /* and */",
            "crate::A\n",
        ] {
            assert!(!is_plain_path(other), "{other}");
        }
    }
}
