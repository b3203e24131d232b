//! Generates the JSON Schemas of types: with `describe_fields!` of the support crate instead of
//! schemars' derive, which takes long to compile.

use std::fmt::Write;

use quote::ToTokens;
use syn::{Attribute, Field, Fields, ItemStruct, Meta};

use super::finish::{parsed, serde_arguments, string};
use super::requests::{is_option, wire_name};

/// The file of the schemas, which belongs to the module of the types.
pub(super) const FILE: &str = "schemas.rs";

/// Removes the derive from a type, and returns the code that replaces it.
pub(super) fn take(item: &mut ItemStruct) -> Option<String> {
    let Fields::Named(fields) = &item.fields else {
        return None;
    };
    let derive = item.attrs.iter().position(is_derive)?;
    let mut properties = String::new();
    let mut rest = "";
    for field in &fields.named {
        match kind(field)? {
            Kind::Property(kind) => {
                let (name, text) = (wire_name(field), documentation(&field.attrs));
                let field = field.ty.to_token_stream().to_string().replace(' ', "");
                // Writing to a text doesn't fail.
                let _ = writeln!(properties, "    {name:?}: {kind} {field}, {text:?};");
            }
            Kind::Rest => rest = "    @open true;\n",
            Kind::None => {}
        }
    }
    let text = documentation(&item.attrs);
    let name = item.ident.to_string();
    item.attrs.remove(derive);
    Some(format!("crate::describe_fields! {{ {name}, {text:?} {{\n{properties}{rest}}} }}\n"))
}

/// Whether it is `#[cfg_attr(feature = "schemas", derive(::schemars::JsonSchema))]`.
fn is_derive(attribute: &Attribute) -> bool {
    let is_conditional = attribute.path().is_ident("cfg_attr");
    is_conditional && attribute.to_token_stream().to_string().contains("JsonSchema")
}

/// The role of a field in a schema.
enum Kind {
    /// A property, created by the constructor with this name.
    Property(&'static str),
    /// It holds the unknown fields.
    Rest,
    /// It is neither read nor written.
    None,
}

/// Returns the role of a field, or `None` if it has a serde attribute that is not handled here.
fn kind(field: &Field) -> Option<Kind> {
    let (mut is_skipped, mut has_default) = (false, false);
    for argument in parsed(&serde_arguments(field)) {
        let name = argument.path().get_ident().map(ToString::to_string);
        match (name.as_deref()?, &argument) {
            ("flatten", _) => return Some(Kind::Rest),
            ("skip", _) => return Some(Kind::None),
            ("skip_serializing_if", _) => is_skipped = true,
            ("default", Meta::Path(_)) => has_default = true,
            ("rename" | "deserialize_with", _) => {}
            _ => return None,
        }
    }
    Some(Kind::Property(match (is_skipped, has_default, is_option(field)) {
        (true, true, _) | (true, false, true) => "optional",
        (false, true, _) => "default",
        (false, false, false) => "required",
        (true, false, false) | (false, false, true) => return None,
    }))
}

/// Returns the lines of documentation, without their leading space.
fn documentation(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => string(&meta.value),
        _ => None,
    });
    let lines = lines.map(|line| line.strip_prefix(' ').map(str::to_owned).unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}
