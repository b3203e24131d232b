//! Completes the types of responses: adds the fields that can't be understood, and, from the
//! overlay, the methods `is_…` and `#[must_use]`.

use std::collections::BTreeSet;

use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Item, parse_quote};

use super::finish::doc_lines;
use super::methods::Method;
use super::requests::wire_name;
use super::rust_type::{is_generated, last_segment, plain_name};
use crate::document::document::Document;
use crate::document::json::text;
use crate::document::mark;
use crate::document::schema::target;

/// Adds the methods `is_…` of enums and `#[must_use]`. Adds how they are read to the types that are
/// a whole response or an item of a list.
pub(super) fn complete(document: &Document, file: &mut syn::File, methods: &[Method]) {
    let whole: BTreeSet<String> = methods
        .iter()
        .filter_map(|method| is_generated(method.item.as_ref().unwrap_or(&method.answer)))
        .collect();
    for item in &mut file.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
            && let Some((_, items)) = &mut module.content
        {
            let added: Vec<Item> = items
                .iter_mut()
                .filter_map(|item| match item {
                    Item::Struct(item) => Some(item),
                    _ => None,
                })
                .flat_map(|item| {
                    let name = item.ident.to_string();
                    let mut added = Vec::new();
                    if whole.contains(&name) {
                        added.push(received(item));
                    }
                    if let Some(schema) = document.component(&name) {
                        let reason = text(schema, mark::MUST_USE);
                        if !reason.is_empty() {
                            item.attrs.push(parse_quote!(#[must_use = #reason]));
                        }
                        added.extend(questions(document, schema, item));
                    }
                    added
                })
                .collect();
            items.extend(added);
        }
    }
}

/// Returns the fields by which callers decide: SID and status, and counts, which can't be absent.
fn decisive(item: &syn::ItemStruct) -> Vec<String> {
    let is_decisive = |field: &&syn::Field| {
        let count = |kind| ["i32", "i64", "u32", "u64", "f32", "f64"].contains(&kind);
        let kind = last_segment(&field.ty).unwrap_or_default();
        ["sid", "status"].contains(&&*wire_name(field)) || count(&kind)
    };
    item.fields.iter().filter(is_decisive).map(wire_name).collect()
}

/// Adds the field for what can't be understood, and generates how the type is read.
fn received(item: &mut syn::ItemStruct) -> Item {
    let decisive = decisive(item);
    let decisive = match &*decisive {
        [] => None,
        names => Some(quote!(const DECISIVE: &'static [&'static str] = &[#(#names),*];)),
    };
    let is_taken = item.fields.iter().any(|field| wire_name(field) == "unread");
    let name = &item.ident;
    let (keep, unread) = match &mut item.fields {
        syn::Fields::Named(fields) if !is_taken => {
            fields.named.push(parse_quote! {
                /// The fields that can't be understood.
                #[serde(skip)]
                pub unread: crate::Unread
            });
            let keep = quote!(self.unread = unread;);
            let unread = quote!(paths.extend(self.unread.iter().map(|(path, _)| path.to_owned())););
            (keep, unread)
        }
        _ => (quote!(let _ = unread;), quote!(let _ = paths;)),
    };
    parse_quote! {
        impl crate::Received for #name {
            #decisive

            fn keep(&mut self, unread: crate::Unread) {
                #keep
            }

            fn unread(&self, paths: &mut ::std::vec::Vec<::std::string::String>) {
                #unread
            }
        }
    }
}

/// Generates `is_approved` and the like: whether a field has one value of its enum.
fn questions(document: &Document, schema: &Value, item: &syn::ItemStruct) -> Option<Item> {
    let mut methods = Vec::new();
    for field in &item.fields {
        let ident = field.ident.as_ref()?;
        let property = schema.get("properties")?.get(wire_name(field));
        let asked = property.and_then(|property| property.get(mark::IS)?.as_object());
        for (value, doc) in asked.into_iter().flatten() {
            let component = target(property?)?;
            let variants = document.component(component)?.get(mark::OPEN_ENUM)?;
            let variant = variants.as_array()?.iter().find(|pair| pair[1] == *value)?;
            let variant = format_ident!("{}", variant[0].as_str()?);
            let kind = format_ident!("{component}");
            let name = format_ident!("is_{}", plain_name(&format_ident!("{value}")));
            let doc = doc_lines(doc.as_str().unwrap_or_default());
            methods.push(quote! {
                #(#doc)*
                pub fn #name(&self) -> bool {
                    self.#ident == Some(#kind::#variant)
                }
            });
        }
    }
    let name = &item.ident;
    (!methods.is_empty()).then(|| parse_quote!(impl #name { #(#methods)* }))
}
