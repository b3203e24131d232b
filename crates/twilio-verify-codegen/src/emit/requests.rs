//! Completes the types that are sent: a constructor without the optional fields, and a check
//! against the document's limits.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::{Field, Fields, Item, ItemStruct, parse_quote};

use super::finish::{parsed, renamed, serde_arguments, string};
use super::rust_type::{is_string, last_segment, plain_name};
use crate::document::document::Document;
use crate::document::json::text;
use crate::document::mark;
use crate::document::schema::target;

/// Adds a constructor and a check to every type that is sent.
pub(super) fn complete(document: &Document, file: &mut syn::File) {
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
            && let Some((_, items)) = &mut module.content
        {
            for item in items.iter_mut() {
                if let Item::Struct(item) = item
                    && document
                        .component(&item.ident.to_string())
                        .is_some_and(|schema| schema.get(mark::RECEIVED).is_none())
                {
                    in_order_of_the_wire(item);
                }
            }
            let added: Vec<Item> = items
                .iter()
                .filter_map(|item| match item {
                    Item::Struct(item) if matches!(item.fields, Fields::Named(_)) => Some(item),
                    _ => None,
                })
                .filter_map(|item| Some((item, document.component(&item.ident.to_string())?)))
                .filter(|(_, schema)| schema.get(mark::RECEIVED).is_none())
                .flat_map(|(item, schema)| [constructor(item), check(document, schema, item)])
                .collect();
            items.extend(added);
        }
    }
}

/// Sorts the fields by their names on the wire, so that another name in Rust changes no byte of a
/// request.
fn in_order_of_the_wire(item: &mut ItemStruct) {
    if let Fields::Named(fields) = &mut item.fields {
        let mut sorted: Vec<Field> = std::mem::take(&mut fields.named).into_iter().collect();
        sorted.sort_by_cached_key(wire_name);
        fields.named = sorted.into_iter().collect();
    }
}

/// Generates `new`, which takes the required fields.
fn constructor(item: &ItemStruct) -> Item {
    let name = &item.ident;
    let mut arguments = Vec::new();
    let mut fields = Vec::new();
    for field in &item.fields {
        let (Some(ident), kind) = (&field.ident, &field.ty) else {
            continue;
        };
        if is_option(field) {
            fields.push(quote!(#ident: None));
        } else if let Some(default) = default(field) {
            fields.push(quote!(#ident: #default));
        } else if is_text(field) {
            arguments.push(quote!(#ident: impl Into<String>));
            fields.push(quote!(#ident: #ident.into().into()));
        } else {
            arguments.push(quote!(#ident: #kind));
            fields.push(quote!(#ident));
        }
    }
    parse_quote! {
        impl #name {
            /// With what is required, and nothing more.
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#fields),* }
            }
        }
    }
}

/// Whether a field has no default.
pub(super) fn is_required(field: &Field) -> bool {
    !is_option(field) && default(field).is_none()
}

/// Returns the default of a field.
fn default(field: &Field) -> Option<TokenStream> {
    let arguments = parsed(&serde_arguments(field));
    arguments.iter().find_map(|argument| match argument {
        syn::Meta::Path(path) if path.is_ident("default") => Some(quote!(Default::default())),
        syn::Meta::NameValue(argument) if argument.path.is_ident("default") => {
            let function: syn::ExprPath = syn::parse_str(&string(&argument.value)?).ok()?;
            Some(quote!(#function()))
        }
        _ => None,
    })
}

/// Generates the check of all fields that have a limit.
fn check(document: &Document, schema: &Value, item: &ItemStruct) -> Item {
    let name = &item.ident;
    let checks: Vec<TokenStream> = item
        .fields
        .iter()
        .filter_map(|field| {
            let ident = field.ident.as_ref()?;
            let is_rest = parsed(&serde_arguments(field))
                .iter()
                .any(|argument| argument.path().is_ident("flatten"));
            if is_rest {
                return None;
            }
            let property = schema.get("properties")?.get(wire_name(field))?;
            let value = if is_option(field) {
                quote!(self.#ident.as_ref())
            } else {
                quote!(Some(&self.#ident))
            };
            let presence = Presence { required: is_required(field), text: is_text(field) };
            Some(check_value(document, property, &plain_name(ident), &value, presence))
        })
        .flatten()
        .collect();
    parse_quote! {
        impl crate::Check for #name {
            fn check(&self) -> Result<(), crate::Invalid> {
                #(#checks)*
                Ok(())
            }
        }
    }
}

/// Whether a value is required, and whether it is a text.
#[derive(Clone, Copy)]
pub(super) struct Presence {
    pub(super) required: bool,
    pub(super) text: bool,
}

/// Generates the checks of a value: `value` is an `Option` of a reference to it.
pub(super) fn check_value(
    document: &Document,
    schema: &Value,
    name: &str,
    value: &TokenStream,
    presence: Presence,
) -> Vec<TokenStream> {
    let given = text(schema, mark::CHECK);
    if !given.is_empty() {
        let check = quote::format_ident!("{given}");
        return vec![quote!(crate::check::#check(#name, #value)?;)];
    }
    match kind(document, schema) {
        Some(Kind::Value) => return vec![quote!(crate::check::value(#name, #value)?;)],
        Some(Kind::Struct) => return vec![quote!(crate::check::nested(#name, #value)?;)],
        None => {}
    }
    let bound = |key: &str| schema.get(key).and_then(Value::as_i64);
    let limits = |low: Option<i64>, high: Option<i64>| {
        let bound = |bound: Option<i64>| match bound {
            Some(bound) => quote!(Some(#bound)),
            None => quote!(None),
        };
        let any = low.is_some() || high.is_some();
        let (low, high) = (bound(low), bound(high));
        any.then(|| quote!(#low, #high))
    };
    let mut checks = Vec::new();
    if let Some(limits) = limits(bound("minimum"), bound("maximum")) {
        let value = match (text(schema, "type"), text(schema, "format")) {
            ("integer", "" | "int64") => value.clone(),
            ("integer", "int32" | "uint32") => {
                quote!(#value.map(|value| i64::from(*value)).as_ref())
            }
            // The server checks a number with a fraction, and one that may exceed the type of the
            // limits.
            _ => return checks,
        };
        checks.push(quote!(crate::check::number(#name, #value, #limits)?;));
        return checks;
    }
    // A required text must not be empty.
    let least = presence.text.then_some(1);
    if let Some(limits) = limits(bound("minLength").or(least), bound("maxLength")) {
        checks.push(quote!(crate::check::length(#name, #value, #limits)?;));
        return checks;
    }
    let Some(items) = schema.get("items").filter(|_| text(schema, "type") == "array") else {
        return checks;
    };
    let least = bound("minItems").or(presence.required.then_some(1));
    if let Some(limits) = limits(least, bound("maxItems")) {
        checks.push(quote!(crate::check::count(#name, #value, #limits)?;));
    }
    if let Some(Kind::Value) = kind(document, items) {
        checks.push(quote!(crate::check::values(#name, #value)?;));
    } else if is_string_schema(items) {
        checks.push(quote!(crate::check::texts(#name, #value)?;));
    }
    checks
}

/// How a value is checked whose type is a component.
enum Kind {
    /// By its type.
    Value,
    /// By the fields of a struct that is sent.
    Struct,
}

fn kind(document: &Document, schema: &Value) -> Option<Kind> {
    let component = document.component(target(schema)?)?;
    let has = |mark: &str| component.get(mark).is_some();
    if has(mark::SID) || has(mark::OPEN_ENUM) || has(mark::VALUE) {
        return Some(Kind::Value);
    }
    let own = has(mark::RUST_TYPE) || has(mark::PAGE_ITEM) || has(mark::RECEIVED);
    (!own && has("properties")).then_some(Kind::Struct)
}

fn is_string_schema(schema: &Value) -> bool {
    match target(schema) {
        Some(name) => name == "LeafRedactedString",
        None => text(schema, "type") == "string",
    }
}

/// Returns the name of a field on the wire.
pub(super) fn wire_name(field: &Field) -> String {
    renamed(&serde_arguments(field)).unwrap_or_else(|| {
        let ident = field.ident.as_ref();
        ident.map(plain_name).unwrap_or_default()
    })
}

pub(super) fn is_option(field: &Field) -> bool {
    last_segment(&field.ty).is_some_and(|last| last == "Option")
}

/// Whether a field is a `String`, redacted or not.
pub(super) fn is_text(field: &Field) -> bool {
    is_string(&field.ty)
}
