//! Finishes what progenitor generated: lenient reading, names,
//! documentation, and nothing that isn't used.

use quote::quote;
use serde_json::Value;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Field, ImplItem, Item, ItemStruct, parse_quote};

use crate::Document;
use crate::document::{target, text};
use crate::passes::mark;

pub(super) fn finish(document: &Document, file: &mut syn::File) {
    file.items.retain(|item| !is_unused(item));
    for item in &mut file.items {
        if let Item::Impl(item) = item {
            item.items.retain(|item| !is_infallible_constructor(item));
        }
    }
    Finish { document }.visit_file_mut(file);
}

/// The prelude: the client is in reach without it.
fn is_unused(item: &Item) -> bool {
    matches!(item, Item::Mod(item) if item.ident == "prelude")
}

/// `Client::new` makes an HTTP client of its own, and panics when it can't.
fn is_infallible_constructor(item: &ImplItem) -> bool {
    matches!(item, ImplItem::Fn(function) if function.sig.ident == "new")
}

struct Finish<'a> {
    document: &'a Document,
}

impl VisitMut for Finish<'_> {
    /// The crate that the code stands in wraps the support crate.
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        if path
            .segments
            .first()
            .is_some_and(|first| first.ident == "progenitor_client")
        {
            let rest = path.segments.iter().skip(1);
            *path = parse_quote!(crate::progenitor::#(#rest)::*);
        }
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_item_use_mut(&mut self, item: &mut syn::ItemUse) {
        if let syn::UseTree::Path(path) = &mut item.tree {
            if path.ident == "progenitor_client" {
                let rest = &path.tree;
                item.tree = parse_quote!(crate::progenitor::#rest);
            }
        }
    }

    fn visit_item_mod_mut(&mut self, item: &mut syn::ItemMod) {
        if let Some((_, items)) = &mut item.content {
            // Nothing generated converts: the SIDs' and enums' errors are
            // hand-written.
            items.retain(|item| !matches!(item, Item::Mod(item) if item.ident == "error"));
        }
        visit_mut::visit_item_mod_mut(self, item);
    }

    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        if let Some(schema) = self.document.component(&item.ident.to_string()) {
            self.finish_struct(schema, item);
        }
        visit_mut::visit_item_struct_mut(self, item);
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        *attributes = attributes.iter().flat_map(space_out).collect();
    }
}

impl Finish<'_> {
    fn finish_struct(&self, schema: &Value, item: &mut ItemStruct) {
        let received = schema.get(mark::RECEIVED).is_some();
        if received {
            item.attrs.push(parse_quote!(#[non_exhaustive]));
        }
        for field in &mut item.fields {
            let Some(ident) = field.ident.as_ref().map(ToString::to_string) else {
                continue;
            };
            let serde = serde_arguments(field);
            if serde.contains("flatten") {
                field.ty = parse_quote!(crate::Extra);
                document_field(field, "Fields that the document doesn't name.");
                continue;
            }
            let wire = renamed(&serde).unwrap_or_else(|| ident.trim_start_matches("r#").to_owned());
            let Some(property) = schema.pointer("/properties").and_then(|all| all.get(&wire))
            else {
                continue;
            };
            self.document_reference(field, property);
            if received && self.reads_leniently(property) {
                lenient(field);
            }
            let name = text(property, mark::RUST_NAME);
            if !name.is_empty() {
                field.ident = Some(syn::Ident::new(name, proc_macro2::Span::call_site()));
                add_serde(field, quote!(rename = #wire));
            }
        }
    }

    /// A `$ref` can't have a description beside it: the type's own stands in.
    fn document_reference(&self, field: &mut Field, property: &Value) {
        if let Some(component) = target(property).and_then(|name| self.document.component(name)) {
            document_field(field, text(component, "description"));
        }
    }

    /// Whether there is a lenient way to read the property: there is for all
    /// but what is generated itself.
    fn reads_leniently(&self, property: &Value) -> bool {
        match target(property) {
            None => ["string", "integer", "number", "boolean"].contains(&text(property, "type")),
            Some(name) => {
                let rust = self
                    .document
                    .component(name)
                    .map(|schema| text(schema, mark::RUST_TYPE));
                rust.is_some_and(|rust| {
                    let generated = rust
                        .strip_prefix("crate::Redacted<crate::types::")
                        .and_then(|rest| rest.strip_suffix('>'))
                        .and_then(|name| self.document.component(name))
                        .is_some_and(|schema| schema.get(mark::RUST_TYPE).is_none());
                    !rust.is_empty() && !generated
                })
            }
        }
    }
}

/// Reads the field in any of the ways in which Twilio writes it, and as
/// missing when it is null.
fn lenient(field: &mut Field) {
    if !serde_arguments(field)
        .split(", ")
        .any(|argument| argument == "default")
    {
        add_serde(field, quote!(default));
    }
    add_serde(field, quote!(deserialize_with = "crate::lenient::field"));
}

fn add_serde(field: &mut Field, argument: proc_macro2::TokenStream) {
    for attribute in &mut field.attrs {
        if attribute.path().is_ident("serde") {
            if let syn::Meta::List(list) = &mut attribute.meta {
                let tokens = &list.tokens;
                list.tokens = quote!(#tokens, #argument);
                return;
            }
        }
    }
    field.attrs.push(parse_quote!(#[serde(#argument)]));
}

fn serde_arguments(field: &Field) -> String {
    let serde = field
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"));
    let arguments = serde.filter_map(|attribute| attribute.meta.require_list().ok());
    arguments.map(|list| list.tokens.to_string()).collect()
}

fn renamed(serde: &str) -> Option<String> {
    let (_, rest) = serde.split_once("rename = \"")?;
    Some(rest.split_once('"')?.0.to_owned())
}

fn document_field(field: &mut Field, text: &str) {
    let documented = field
        .attrs
        .iter()
        .any(|attribute| attribute.path().is_ident("doc"));
    if !documented && !text.is_empty() {
        field.attrs.insert(0, parse_quote!(#[doc = #text]));
    }
}

/// Writes documentation as a person would: a line a line, after a space.
fn space_out(attribute: &Attribute) -> Vec<Attribute> {
    let text = match &attribute.meta {
        syn::Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => text.value(),
            _ => return vec![attribute.clone()],
        },
        _ => return vec![attribute.clone()],
    };
    if text.trim().is_empty() {
        return vec![parse_quote!(#[doc = ""])];
    }
    let lines = text.trim_end().lines().map(|line| {
        let line = line.trim_end();
        let line = if line.is_empty() || line.starts_with(' ') {
            line.to_owned()
        } else {
            format!(" {line}")
        };
        parse_quote!(#[doc = #line])
    });
    lines.collect()
}
