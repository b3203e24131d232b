//! The modules of a crate: which file each is in, what it defines, and which paths it names.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Item, ItemMacro, ItemMod, ItemUse, Macro, Meta, Visibility};

use crate::paths::{Imported, imported, in_literals, in_tokens, is_quote};

/// A module, by its place in [`Tree::modules`].
pub(crate) type Id = usize;

/// The module that is the crate's root.
pub(crate) const ROOT: Id = 0;

/// The modules of one crate: a library or a program.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) modules: Vec<Module>,
    /// Macros with `#[macro_export]`, and the modules in which they are defined.
    pub(crate) macros: BTreeMap<String, Id>,
    /// Modules without a file, as sentences.
    pub(crate) errors: Vec<String>,
}

/// A module, in a file of its own or within another's.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) name: String,
    pub(crate) parent: Option<Id>,
    /// The path of its file. Generated code has a path without an ending.
    pub(crate) file: String,
    /// The folder in which the files of its children are.
    folder: String,
    /// The module that is tested, if this is a test module or within one.
    pub(crate) tests: Option<Id>,
    pub(crate) children: BTreeMap<String, Id>,
    /// What is defined here.
    pub(crate) items: BTreeSet<String>,
    /// What is imported here: each name, and the path that it stands for.
    pub(crate) uses: BTreeMap<String, Vec<String>>,
    /// Paths of which everything is imported.
    pub(crate) globs: Vec<Vec<String>>,
    /// Every path that is named here.
    pub(crate) named: Vec<Named>,
}

/// A path in the source.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) segments: Vec<String>,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// An import that users of the module don't see.
    Use,
    /// A public import.
    PubUse,
    /// A path in code.
    Inline,
}

impl Tree {
    /// Reads the module tree below a root (`lib.rs`, `main.rs`).
    pub(crate) fn read(root: &str, files: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut tree = Self::default();
        let text = files.get(root).ok_or_else(|| format!("there is no {root}"))?;
        tree.modules.push(Module::new("crate", None, root.to_owned(), folder(root), None));
        tree.read_file(ROOT, text, files)?;
        Ok(tree)
    }

    fn read_file(
        &mut self,
        id: Id,
        text: &str,
        files: &BTreeMap<String, String>,
    ) -> Result<(), String> {
        let file = &self.modules[id].file;
        let mut parsed = syn::parse_file(text).map_err(|error| format!("{file}: {error}"))?;
        self.read_items(id, &mut parsed.items, files)
    }

    fn read_items(
        &mut self,
        id: Id,
        items: &mut [Item],
        files: &BTreeMap<String, String>,
    ) -> Result<(), String> {
        for item in items {
            match item {
                Item::Mod(module) => self.read_module(id, module, files)?,
                item => self.read_item(id, item),
            }
        }
        Ok(())
    }

    fn read_item(&mut self, id: Id, item: &mut Item) {
        if let Some(name) = defined(item) {
            self.modules[id].items.insert(name);
        }
        if let Item::Macro(ItemMacro { attrs, ident: Some(name), .. }) = item
            && attrs.iter().any(|attribute| attribute.path().is_ident("macro_export"))
        {
            self.macros.insert(name.to_string(), id);
        }
        Reader { module: &mut self.modules[id] }.visit_item_mut(item);
    }

    fn read_module(
        &mut self,
        parent: Id,
        item: &mut ItemMod,
        files: &BTreeMap<String, String>,
    ) -> Result<(), String> {
        let name = item.ident.to_string();
        let name = name.trim_start_matches("r#");
        let id = self.modules.len();
        let outer = &self.modules[parent];
        let tests = outer.tests.or_else(|| item.attrs.iter().any(is_test).then_some(parent));
        let below = format!("{}/{name}", outer.folder);
        for attribute in &mut item.attrs {
            Reader { module: &mut self.modules[parent] }.visit_attribute_mut(attribute);
        }
        let outer = &self.modules[parent];
        if let Some((_, items)) = &mut item.content {
            let generated = items.iter().any(includes);
            let file = if generated { below.clone() } else { outer.file.clone() };
            self.modules.push(Module::new(name, Some(parent), file, below, tests));
            self.modules[parent].children.insert(name.to_owned(), id);
            return self.read_items(id, items, files);
        }
        let candidates = match path_attribute(&item.attrs) {
            // Beside the file, not in the folder of its children.
            Some(path) if outer.is_file() => vec![join(&folder(&outer.file), &path)],
            Some(path) => vec![join(&outer.folder, &path)],
            None => vec![format!("{below}.rs"), format!("{below}/mod.rs")],
        };
        let Some(file) = candidates.iter().find(|file| files.contains_key(*file)) else {
            let file = &outer.file;
            let sources = format!("{}/", self.modules[ROOT].folder);
            if tests.is_some() && !candidates[0].starts_with(&sources) {
                // Tests outside the sources have no place in their order.
                return Ok(());
            }
            let places = candidates.join(" nor ");
            self.errors.push(format!("{file} declares `mod {name}`, but there is no {places}."));
            return Ok(());
        };
        // A file that an attribute names keeps its children beside it, as `mod.rs` does.
        let own = candidates.len() == 2 && *file == candidates[0];
        let folder = if own { below } else { folder(file) };
        self.modules.push(Module::new(name, Some(parent), file.clone(), folder, tests));
        self.modules[parent].children.insert(name.to_owned(), id);
        self.read_file(id, &files[file], files)
    }

    /// The path by which the crate names an item of a module.
    pub(crate) fn path(&self, module: Id, item: Option<&str>) -> String {
        let mut segments: Vec<_> = item.into_iter().collect();
        let mut at = Some(module);
        while let Some(id) = at {
            segments.push(&self.modules[id].name);
            at = self.modules[id].parent;
        }
        segments.reverse();
        segments.join("::")
    }
}

impl Module {
    fn new(
        name: &str,
        parent: Option<Id>,
        file: String,
        folder: String,
        tests: Option<Id>,
    ) -> Self {
        Self {
            name: name.to_owned(),
            parent,
            file,
            folder,
            tests,
            children: BTreeMap::new(),
            items: BTreeSet::new(),
            uses: BTreeMap::new(),
            globs: Vec::new(),
            named: Vec::new(),
        }
    }

    /// Whether it is the whole of its file.
    fn is_file(&self) -> bool {
        let stem = self.file.trim_end_matches(".rs");
        self.folder == stem || self.folder == folder(&self.file)
    }
}

/// Notes the paths that one item names.
struct Reader<'a> {
    module: &'a mut Module,
}

impl Reader<'_> {
    fn name(&mut self, segments: Vec<String>, kind: Kind) {
        self.module.named.push(Named { segments, kind });
    }
}

// Nothing is changed: it is the visitor that this workspace compiles anyway.
impl VisitMut for Reader<'_> {
    fn visit_item_use_mut(&mut self, item: &mut ItemUse) {
        if item.leading_colon.is_none() {
            let public = matches!(item.vis, Visibility::Public(_));
            let kind = if public { Kind::PubUse } else { Kind::Use };
            for Imported { path, name } in imported(&item.tree) {
                if name == "*" {
                    let module = path[..path.len() - 1].to_vec();
                    self.module.globs.push(module);
                } else if name != "_" {
                    let uses = &mut self.module.uses;
                    uses.entry(name).or_insert_with(|| path.clone());
                }
                self.name(path, kind);
            }
        }
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        if path.leading_colon.is_none() {
            let segments = path.segments.iter().map(|segment| segment.ident.to_string());
            self.name(segments.collect(), Kind::Inline);
        }
        visit_mut::visit_path_mut(self, path);
    }

    // The path in `pub(in path)` imports nothing.
    fn visit_visibility_mut(&mut self, _: &mut Visibility) {}

    fn visit_macro_mut(&mut self, item: &mut Macro) {
        let quote = item.path.segments.last().is_some_and(|last| is_quote(&last.ident.to_string()));
        if !quote {
            for segments in in_tokens(item.tokens.clone()) {
                self.name(segments, Kind::Inline);
            }
        }
        visit_mut::visit_macro_mut(self, item);
    }

    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        match &attribute.meta {
            Meta::List(list) => {
                for segments in in_literals(list.tokens.clone()) {
                    self.name(segments, Kind::Inline);
                }
                for segments in in_tokens(list.tokens.clone()) {
                    self.name(segments, Kind::Inline);
                }
            }
            Meta::Path(_) | Meta::NameValue(_) => {}
        }
    }
}

/// The name that an item gives to what it defines.
fn defined(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// Whether an attribute limits an item to tests.
fn is_test(attribute: &Attribute) -> bool {
    fn names_test(meta: &Meta) -> bool {
        match meta {
            Meta::Path(path) => path.is_ident("test"),
            Meta::List(list) if list.path.is_ident("not") => false,
            Meta::List(list) => {
                let terms = syn::punctuated::Punctuated::<Meta, syn::Token![,]>::parse_terminated;
                let terms = list.parse_args_with(terms);
                terms.is_ok_and(|terms| terms.iter().any(names_test))
            }
            Meta::NameValue(_) => false,
        }
    }
    attribute.path().is_ident("cfg") && names_test(&attribute.meta)
}

/// Whether an item takes in a file that the build script writes.
fn includes(item: &Item) -> bool {
    matches!(item, Item::Macro(item) if item.mac.path.is_ident("include"))
}

/// The value of `#[path = "…"]`.
fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("path") => match &meta.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(path), .. }) => Some(path.value()),
            _ => None,
        },
        _ => None,
    })
}

/// The folder of a file.
fn folder(file: &str) -> String {
    file.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()
}

/// A path relative to a folder, without `.` and `..`.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<_> = folder.split('/').collect();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
