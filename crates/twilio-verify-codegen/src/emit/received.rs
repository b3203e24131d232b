//! What the overlay adds to the types of responses: questions that callers
//! ask, and that a value must not be ignored.

use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Item, parse_quote};

use super::finish::doc_lines;
use super::requests::wire_name;
use super::rust_type::plain_name;
use crate::document::document::Document;
use crate::document::json::text;
use crate::document::mark;
use crate::document::schema::target;

/// Adds the methods `is_…` of enums, and `#[must_use]`.
pub(super) fn complete(document: &Document, file: &mut syn::File) {
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
                .filter_map(|item| {
                    let schema = document.component(&item.ident.to_string())?;
                    let reason = text(schema, mark::MUST_USE);
                    if !reason.is_empty() {
                        item.attrs.push(parse_quote!(#[must_use = #reason]));
                    }
                    questions(document, schema, item)
                })
                .collect();
            items.extend(added);
        }
    }
}

/// `is_approved` and the like: whether a field has one value of its enum.
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
