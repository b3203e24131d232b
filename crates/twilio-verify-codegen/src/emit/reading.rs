//! Generates how a type is read from JSON: with `read_fields!` of the support crate instead of
//! serde's derive, which takes long to compile.

use std::fmt::Write;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Field, Fields, ItemStruct, Meta, Path, Token, punctuated::Punctuated};

use super::finish::{parsed, serde_arguments, string};
use super::requests::{is_option, wire_name};
use super::rust_type::last_segment;

/// Removes the derive from a type whose fields may all be missing, and returns the code that
/// replaces it.
pub(super) fn take(item: &mut ItemStruct) -> Option<String> {
    let Fields::Named(fields) = &item.fields else {
        return None;
    };
    let ways: Vec<Way> = fields.named.iter().map(way).collect::<Option<_>>()?;
    if !take_derive(&mut item.attrs) {
        return None;
    }
    let mut code = format!("crate::read_fields! {{ {} {{\n", item.ident);
    let (mut rest, mut blank) = (String::new(), String::new());
    for (field, way) in item.fields.iter_mut().zip(ways) {
        let name = field.ident.as_ref()?;
        // Writing to a text doesn't fail.
        let _ = match way {
            Way::By(how) => writeln!(code, "    {name}: {how} {:?},", wire_name(field)),
            Way::Rest => writeln!(rest, "    @keep {name},"),
            Way::Blank => writeln!(blank, "    @blank {name},"),
        };
        if let Way::By(_) = way {
            written_only(field);
        }
    }
    Some(format!("{code}{rest}{blank}}} }}\n"))
}

/// How a field is read.
#[derive(Clone, Copy)]
enum Way {
    /// With a function of the support crate.
    By(&'static str),
    /// It holds the unknown fields.
    Rest,
    /// It is not read.
    Blank,
}

/// Returns how a field is read, or `None` if it must not be missing or is read in another way.
fn way(field: &Field) -> Option<Way> {
    let mut how = "plain";
    let mut may_be_missing = is_option(field);
    for argument in parsed(&serde_arguments(field)) {
        let name = argument.path().get_ident().map(ToString::to_string);
        match (name.as_deref()?, &argument) {
            ("flatten", _) => {
                let kind = last_segment(&field.ty)?;
                return ["Extra", "Map"].contains(&&*kind).then_some(Way::Rest);
            }
            ("skip", _) => return Some(Way::Blank),
            ("default", Meta::Path(_)) => may_be_missing = true,
            ("deserialize_with", Meta::NameValue(reader)) => {
                how = match &*string(&reader.value)? {
                    "crate::lenient::field" => "field",
                    "crate::lenient::each" => "each",
                    _ => return None,
                };
            }
            ("rename" | "skip_serializing_if", _) => {}
            _ => return None,
        }
    }
    may_be_missing.then_some(Way::By(how))
}

/// Removes `Deserialize` from the derived traits. Returns whether it was there.
fn take_derive(attributes: &mut [Attribute]) -> bool {
    let derive = attributes.iter_mut().find(|attribute| attribute.path().is_ident("derive"));
    let Some((derive, Ok(derived))) = derive.map(|attribute| {
        let derived = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated);
        (attribute, derived)
    }) else {
        return false;
    };
    let is_read =
        |path: &Path| path.segments.last().is_some_and(|last| last.ident == "Deserialize");
    let kept: Vec<&Path> = derived.iter().filter(|path| !is_read(path)).collect();
    let is_taken = kept.len() < derived.len();
    if let Meta::List(list) = &mut derive.meta {
        list.tokens = quote!(#(#kept),*);
    }
    is_taken
}

/// Removes the attributes of a field that only serde's `Deserialize` needs. `default` stays unless
/// the type is an option, because it tells the JSON Schema that the field may be missing.
fn written_only(field: &mut Field) {
    let is_optional = is_option(field);
    let is_needed = |argument: &Meta| {
        let path = argument.path();
        !path.is_ident("deserialize_with") && (!is_optional || !path.is_ident("default"))
    };
    let kept: Vec<Meta> = parsed(&serde_arguments(field)).into_iter().filter(is_needed).collect();
    field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
    if !kept.is_empty() {
        let serde: TokenStream = quote!(#(#kept),*);
        field.attrs.push(syn::parse_quote!(#[serde(#serde)]));
    }
}
