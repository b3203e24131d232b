//! What is sent can be made without naming every field, and is checked
//! against the document's limits before it is sent.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::{Field, Fields, Item, ItemStruct, parse_quote};

use super::finish::{parsed, renamed, serde_arguments, string};
use crate::document::document::Document;
use crate::document::json::text;
use crate::document::mark;
use crate::document::schema::target;

/// Adds to every type that is sent a constructor and a check.
pub(super) fn complete(document: &Document, file: &mut syn::File) {
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
            && let Some((_, items)) = &mut module.content
        {
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

/// `new`, which takes what is required.
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

/// What a field is when nothing is said about it.
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

/// The check of all fields that have a limit.
fn check(document: &Document, schema: &Value, item: &ItemStruct) -> Item {
    let name = &item.ident;
    let checks: Vec<TokenStream> = item
        .fields
        .iter()
        .filter_map(|field| {
            let ident = field.ident.as_ref()?.to_string();
            let plain = ident.trim_start_matches("r#").to_owned();
            let serde = serde_arguments(field);
            let is_rest = parsed(&serde)
                .iter()
                .any(|argument| argument.path().is_ident("flatten"));
            if is_rest {
                return None;
            }
            let wire = renamed(&serde).unwrap_or(plain);
            let property = schema.get("properties")?.get(&wire)?;
            check_field(document, property, field)
        })
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

fn check_field(document: &Document, property: &Value, field: &Field) -> Option<TokenStream> {
    let ident = field.ident.as_ref()?;
    let name = ident.to_string().trim_start_matches("r#").to_owned();
    let value = if is_option(field) {
        quote!(self.#ident.as_ref())
    } else {
        quote!(Some(&self.#ident))
    };
    if let Some(component) = target(property).and_then(|name| document.component(name)) {
        if component.get(mark::SID).is_some() {
            return Some(quote!(crate::check::sid(#name, #value)?;));
        }
        let is_sent = component.get(mark::RECEIVED).is_none();
        if component.get(mark::RUST_TYPE).is_none() && is_sent {
            return Some(quote!(crate::check::nested(#name, #value)?;));
        }
    }
    let bound = |key: &str| property.get(key).and_then(Value::as_i64);
    let limits = |low: Option<i64>, high: Option<i64>| {
        let bound = |bound: Option<i64>| match bound {
            Some(bound) => quote!(Some(#bound)),
            None => quote!(None),
        };
        let any = low.is_some() || high.is_some();
        let (low, high) = (bound(low), bound(high));
        any.then(|| quote!(#low, #high))
    };
    if let Some(limits) = limits(bound("minimum"), bound("maximum")) {
        let value = match (text(property, "type"), text(property, "format")) {
            ("integer", "" | "int64") => value,
            ("integer", "int32" | "uint32") => {
                quote!(#value.map(|value| i64::from(*value)).as_ref())
            }
            // What has fractions, or outgrows the limits, is the server's.
            _ => return None,
        };
        return Some(quote!(crate::check::number(#name, #value, #limits)?;));
    }
    // A text that is required is not to be empty.
    let least = is_text(field).then_some(1);
    if let Some(limits) = limits(bound("minLength").or(least), bound("maxLength")) {
        return Some(quote!(crate::check::length(#name, #value, #limits)?;));
    }
    let limits = limits(bound("minItems"), bound("maxItems"))?;
    Some(quote!(crate::check::count(#name, #value, #limits)?;))
}

fn is_option(field: &Field) -> bool {
    last_segment(&field.ty).is_some_and(|last| last == "Option")
}

/// A `String`, redacted or not.
fn is_text(field: &Field) -> bool {
    let kind = &field.ty;
    let tokens = quote!(#kind).to_string().replace(' ', "");
    [
        "::std::string::String",
        "crate::Redacted<::std::string::String>",
    ]
    .contains(&tokens.as_str())
}

fn last_segment(kind: &syn::Type) -> Option<String> {
    match kind {
        syn::Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}
