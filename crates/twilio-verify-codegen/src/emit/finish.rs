//! Finishes the code that progenitor generated: lenient reading, names, documentation.

use std::collections::BTreeMap;

use quote::quote;
use serde_json::Value;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Field, Item, ItemEnum, ItemStruct, parse_quote};

use crate::document::document::Document;
use crate::document::json::text;
use crate::document::mark;
use crate::document::schema::{redacted, target};

pub(super) fn finish(document: &Document, file: &mut syn::File) {
    Finish { document }.visit_file_mut(file);
}

struct Finish<'a> {
    document: &'a Document,
}

impl VisitMut for Finish<'_> {
    /// Replaces progenitor's support crate by the module that wraps it.
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        if path.segments.first().is_some_and(|first| first.ident == "progenitor_client") {
            let rest = path.segments.iter().skip(1);
            *path = parse_quote!(crate::progenitor::#(#rest)::*);
        }
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_item_mod_mut(&mut self, item: &mut syn::ItemMod) {
        if let Some((_, items)) = &mut item.content {
            // The generated conversion errors are unused: SIDs and enums have hand-written ones.
            items.retain(|item| !matches!(item, Item::Mod(item) if item.ident == "error"));
        }
        visit_mut::visit_item_mod_mut(self, item);
    }

    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        describe(&mut item.attrs);
        if let Some(schema) = self.document.component(&item.ident.to_string()) {
            self.finish_struct(schema, item);
        }
        visit_mut::visit_item_struct_mut(self, item);
    }

    fn visit_item_enum_mut(&mut self, item: &mut ItemEnum) {
        describe(&mut item.attrs);
        visit_mut::visit_item_enum_mut(self, item);
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        *attributes = attributes.iter().flat_map(space_out).collect();
    }
}

/// Derives the JSON Schema if the feature is enabled, because it takes long to compile.
fn describe(attributes: &mut Vec<Attribute>) {
    let derives = |attribute: &Attribute| attribute.path().is_ident("derive");
    if let Some(place) = attributes.iter().position(derives) {
        let schema = parse_quote!(
            #[cfg_attr(feature = "schemas", derive(::schemars::JsonSchema))]
        );
        attributes.insert(place + 1, schema);
    }
}

impl Finish<'_> {
    fn finish_struct(&self, schema: &Value, item: &mut ItemStruct) {
        let received = schema.get(mark::RECEIVED).is_some();
        if schema.get(mark::QUERY).is_some() {
            let derives = |attribute: &Attribute| {
                ["derive", "cfg_attr"].iter().any(|name| attribute.path().is_ident(name))
            };
            item.attrs.retain(|attribute| !derives(attribute));
            item.attrs.push(parse_quote!(#[derive(::serde::Serialize, Clone, Debug, PartialEq)]));
        }
        if received {
            item.attrs.push(parse_quote!(#[non_exhaustive]));
        }
        let properties = properties(schema);
        for field in &mut item.fields {
            let Some(ident) = field.ident.as_ref().map(ToString::to_string) else {
                continue;
            };
            let serde = serde_arguments(field);
            if parsed(&serde).iter().any(|argument| argument.path().is_ident("flatten")) {
                field.ty = parse_quote!(crate::Extra);
                document_field(field, "Fields that the document doesn't name.");
                continue;
            }
            let name = renamed(&serde).unwrap_or_else(|| ident.trim_start_matches("r#").to_owned());
            let Some(&(wire, property)) = properties.get(&*name) else {
                continue;
            };
            self.document_reference(field, property);
            if received && self.reads_leniently(property) {
                lenient(field, self.reader(property));
            }
            if property.get(mark::RUST_NAME).is_some() {
                add_serde(field, quote!(rename = #wire));
            }
        }
    }

    /// A `$ref` can't have a description beside it, so the type's own is used.
    fn document_reference(&self, field: &mut Field, property: &Value) {
        if let Some(component) = target(property).and_then(|name| self.document.component(name)) {
            document_field(field, text(component, "description"));
        }
    }

    /// Returns the function that reads the property. A list or a map is read value by value if its
    /// values can be read leniently.
    fn reader(&self, property: &Value) -> &'static str {
        let values = property.get("items");
        let values = values.or_else(|| property.get("additionalProperties"));
        let scalar = |values: &&Value| {
            target(values).is_some() || !matches!(text(values, "type"), "array" | "object")
        };
        match values.filter(scalar) {
            Some(values) if self.reads_leniently(values) => "crate::lenient::each",
            _ => "crate::lenient::field",
        }
    }

    /// Whether the property can be read leniently. Everything can except types that are generated
    /// themselves.
    fn reads_leniently(&self, property: &Value) -> bool {
        match target(property) {
            None => !text(property, "type").is_empty(),
            Some(name) => {
                let rust =
                    self.document.component(name).map(|schema| text(schema, mark::RUST_TYPE));
                rust.is_some_and(|rust| {
                    let schema = self.document.component(name);
                    let generated = schema
                        .and_then(redacted)
                        .and_then(|name| self.document.component(name))
                        .is_some_and(|schema| schema.get(mark::RUST_TYPE).is_none());
                    !rust.is_empty() && !generated
                })
            }
        }
    }
}

/// Reads the field in any form that Twilio writes it in, and null like a missing field.
fn lenient(field: &mut Field, reader: &str) {
    let arguments = parsed(&serde_arguments(field));
    if !arguments.iter().any(|argument| argument.path().is_ident("default")) {
        add_serde(field, quote!(default));
    }
    add_serde(field, quote!(deserialize_with = #reader));
}

/// Returns the arguments of a serde attribute.
pub(super) fn parsed(serde: &str) -> Vec<syn::Meta> {
    let list = Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated;
    let list = list.parse_str(serde);
    list.map(|list| list.into_iter().collect()).unwrap_or_default()
}

/// Returns the properties by their names in the generator, each with its own name.
fn properties(schema: &Value) -> BTreeMap<&str, (&str, &Value)> {
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let mut named = BTreeMap::new();
    for (wire, property) in properties {
        match text(property, mark::RUST_NAME) {
            "" => _ = named.entry(&**wire).or_insert((&**wire, property)),
            name => _ = named.insert(name, (wire, property)),
        }
    }
    named
}

/// Returns the text of a literal.
pub(super) fn string(expression: &syn::Expr) -> Option<String> {
    match expression {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

fn add_serde(field: &mut Field, argument: proc_macro2::TokenStream) {
    for attribute in &mut field.attrs {
        if attribute.path().is_ident("serde")
            && let syn::Meta::List(list) = &mut attribute.meta
        {
            let tokens = &list.tokens;
            list.tokens = quote!(#tokens, #argument);
            return;
        }
    }
    field.attrs.push(parse_quote!(#[serde(#argument)]));
}

pub(super) fn serde_arguments(field: &Field) -> String {
    let serde = field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde"));
    let lists = serde.filter_map(|attribute| attribute.meta.require_list().ok());
    let arguments: Vec<String> = lists.map(|list| list.tokens.to_string()).collect();
    arguments.join(", ")
}

pub(super) fn renamed(serde: &str) -> Option<String> {
    parsed(serde).iter().find_map(|argument| match argument {
        syn::Meta::NameValue(argument) if argument.path.is_ident("rename") => {
            string(&argument.value)
        }
        _ => None,
    })
}

fn document_field(field: &mut Field, text: &str) {
    let documented = field.attrs.iter().any(|attribute| attribute.path().is_ident("doc"));
    if !documented && !text.is_empty() {
        field.attrs.insert(0, parse_quote!(#[doc = #text]));
    }
}

/// Splits documentation into an attribute for each line, with a space at its start.
fn space_out(attribute: &Attribute) -> Vec<Attribute> {
    let text = match &attribute.meta {
        syn::Meta::NameValue(meta) if meta.path.is_ident("doc") => string(&meta.value),
        _ => None,
    };
    let Some(text) = text else {
        return vec![attribute.clone()];
    };
    if text.trim().is_empty() {
        return vec![parse_quote!(#[doc = ""])];
    }
    doc_lines(&text)
}

/// Converts a text into documentation.
pub(super) fn doc_lines(text: &str) -> Vec<Attribute> {
    let lines = super::prose::lines(text).into_iter().map(|line| {
        let line = if line.is_empty() || line.starts_with(' ') { line } else { format!(" {line}") };
        parse_quote!(#[doc = #line])
    });
    lines.collect()
}
