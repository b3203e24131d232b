//! Cuts the generated code by tag, into files that a reviewer can open.
//!
//! A type goes into the file of the one tag that uses it, or into `types/shared.rs`.

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use serde_json::Value;
use syn::Item;

use super::{reading, resources, schemas, support};
use crate::document::document::Document;
use crate::document::json::text;
use crate::document::mark;
use crate::document::names::pascal;
use crate::document::schema::{redacted, references};

const SHARED: &str = "shared";

pub(super) fn cut(
    document: &Document,
    file: syn::File,
    builders: Vec<(Value, Vec<Item>)>,
) -> BTreeMap<String, String> {
    let mut types = Types::new(document);
    for item in file.items {
        if let Item::Mod(item) = item
            && item.ident == "types"
        {
            let items = item.content.map(|(_, items)| items);
            items.into_iter().flatten().for_each(|item| types.add(item));
        }
    }
    let mut requests: BTreeMap<String, Vec<Item>> = BTreeMap::new();
    for (operation, items) in builders {
        let file = requests.entry(file_name(&operation)).or_default();
        file.extend(items);
    }
    let mut files = BTreeMap::new();
    let schemas = Vec::from_iter(std::mem::take(&mut types.schemas).into_values()).join("\n");
    for (tag, code) in types.finish() {
        files.insert(format!("types/{tag}.rs"), code);
    }
    for (tag, items) in requests {
        files.insert(format!("requests/{tag}.rs"), print(items));
    }
    let root = root(document, files.keys());
    files.insert("mod.rs".to_owned(), root);
    files.insert(schemas::FILE.to_owned(), schemas);
    files
}

/// Returns the file that includes all the others.
fn root<'a>(document: &Document, files: impl Iterator<Item = &'a String>) -> String {
    let (types, requests): (Vec<_>, Vec<_>) = files.partition(|file| file.starts_with("types/"));
    let include = |indent: &str, files: Vec<&String>| -> String {
        files.iter().map(|file| format!("{indent}include!({file:?});\n")).collect()
    };
    let schemas = format!(
        "    #[cfg(feature = \"schemas\")]\n    mod schemas {{\n        use super::*;\n\n        \
         include!({:?});\n    }}\n",
        schemas::FILE,
    );
    format!(
        "{}\n{}\n/// The types of requests and responses.\npub mod types {{\n{}\n{schemas}}}\n\n\
         /// A builder for every operation.\npub mod requests {{\n    \
         use super::types;\n    use crate::encode_path;\n\n{}}}\n",
        support::operations(document),
        resources::table(document),
        include("    ", types),
        include("    ", requests),
    )
}

fn print(items: Vec<Item>) -> String {
    prettyplease::unparse(&syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items })
}

/// Returns the file of an operation: that of its first tag, without the product and the version,
/// which all tags of a document share.
fn file_name(operation: &serde_json::Value) -> String {
    let tag = operation.pointer("/tags/0").and_then(serde_json::Value::as_str);
    let Some(tag) = tag.filter(|tag| tag.contains(char::is_alphanumeric)) else {
        return "untagged".to_owned();
    };
    // The file name is a type name in lower case, and so only ASCII.
    let tag = pascal(tag).to_snake_case();
    let words: Vec<&str> = tag.split('_').collect();
    let version = words
        .iter()
        .position(|word| word.strip_prefix('v').is_some_and(|rest| rest.parse::<u32>().is_ok()));
    match version {
        Some(version) if version + 1 < words.len() => words[version + 1..].join("_"),
        _ => tag,
    }
}

/// The types, by the file that they belong to.
struct Types<'a> {
    document: &'a Document,
    /// The file of every component.
    files: BTreeMap<String, String>,
    /// The parts of each file, by the type that they belong to.
    parts: BTreeMap<String, BTreeMap<String, String>>,
    /// The JSON Schema of each type.
    schemas: BTreeMap<String, String>,
}

impl<'a> Types<'a> {
    fn new(document: &'a Document) -> Self {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for (_, _, _, operation) in document.operations() {
            let file = file_name(operation);
            let mut names = Vec::new();
            references(operation, &mut names);
            let mut found: Vec<(String, String)> =
                names.into_iter().map(|name| (name, file.clone())).collect();
            while let Some((name, file)) = found.pop() {
                let Some(schema) = document.component(&name) else {
                    continue;
                };
                // A type that two files use is shared.
                let file = match files.get(&name) {
                    None => file,
                    Some(known) if *known == file || known == SHARED => continue,
                    Some(_) => SHARED.to_owned(),
                };
                let mut names = Vec::new();
                references(schema, &mut names);
                let item = text(schema, mark::PAGE_ITEM);
                names.extend((!item.is_empty()).then(|| item.to_owned()));
                names.extend(redacted(schema).map(str::to_owned));
                found.extend(names.into_iter().map(|name| (name, file.clone())));
                files.insert(name, file);
            }
        }
        let mut types = Self { document, files, parts: BTreeMap::new(), schemas: BTreeMap::new() };
        for (name, schema) in document.components() {
            if let Some(code) = support::component(name, schema) {
                types.part(name, &code);
            }
        }
        types
    }

    /// Adds an item that progenitor generated.
    fn add(&mut self, mut item: Item) {
        let mut reading = None;
        if let Item::Struct(item) = &mut item {
            // The schema depends on attributes that the macro for reading removes.
            self.schemas.extend(schemas::take(item).map(|code| (item.ident.to_string(), code)));
            reading = reading::take(item);
        }
        let name = match &item {
            Item::Struct(item) => item.ident.to_string(),
            Item::Enum(item) => item.ident.to_string(),
            Item::Type(item) => item.ident.to_string(),
            Item::Impl(item) => match &*item.self_ty {
                syn::Type::Path(path) => {
                    path.path.segments.last().map(|last| last.ident.to_string())
                }
                _ => None,
            }
            .unwrap_or_default(),
            _ => String::new(),
        };
        let code = print(vec![item]);
        self.part(&name, &code);
        if let Some(code) = reading {
            self.part(&name, &code);
        }
    }

    fn part(&mut self, name: &str, code: &str) {
        let file = self.files.get(name).map_or(SHARED, String::as_str);
        let parts = self.parts.entry(file.to_owned()).or_default();
        parts.entry(name.to_owned()).or_default().push_str(code);
    }

    fn finish(mut self) -> BTreeMap<String, String> {
        for (name, code) in support::list_items(self.document) {
            self.part(name, &code);
        }
        let parts = self.parts.into_iter();
        parts
            .map(|(file, parts)| (file, parts.into_values().collect::<Vec<_>>().join("\n")))
            .collect()
    }
}
