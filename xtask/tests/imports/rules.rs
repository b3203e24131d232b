//! The rules that imports follow, and a sentence for each import that breaks one.
//!
//! - Imports between folders run down the order that ARCHITECTURE.md states.
//! - An import names the module in which a thing is defined: neither the crate root, nor a module
//!   that only re-exports it, nor `super::*` of another file.
//! - No files import each other in a circle, and neither do folders beside each other.
//!
//! The root re-exports for users of the crate, and so may every module with `pub use`. Test modules
//! may import what the module that they test imports, and what is above it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::modules::{Id, Kind, Module, Named, ROOT, Tree};
use crate::order::Order;
use crate::resolve::{Resolved, Target};

/// The sources of one crate.
#[derive(Debug)]
pub(crate) struct Sources {
    /// The folder, from the workspace on.
    pub(crate) folder: String,
    /// The files that compilation begins with: `lib.rs`, `main.rs`.
    pub(crate) roots: Vec<String>,
    /// The texts of all files, by their paths from the workspace on.
    pub(crate) files: BTreeMap<String, String>,
}

/// Everything that breaks a rule in a crate, in sentences.
pub(crate) fn check(sources: &Sources, order: Option<&Order>) -> Vec<String> {
    let mut checked = Checked::default();
    for root in &sources.roots {
        match Tree::read(root, &sources.files) {
            Ok(tree) => checked.tree(&tree),
            Err(error) => checked.errors.push(error),
        }
    }
    for file in sources.files.keys().filter(|file| !checked.files.contains(*file)) {
        checked.errors.push(format!("{file} is in no module of the crate."));
    }
    let roots: BTreeSet<_> = sources.roots.iter().map(String::as_str).collect();
    checked.files.retain(|file| !roots.contains(file.as_str()));
    match order {
        Some(order) => checked.order(&sources.folder, order),
        None => checked.errors.push(format!(
            "ARCHITECTURE.md states no order for the modules of {}.",
            sources.folder
        )),
    }
    checked.circles(&sources.folder);
    // A path that a file names twice is one error.
    let mut seen = BTreeSet::new();
    checked.errors.retain(|error| seen.insert(error.clone()));
    checked.errors
}

/// What has been found in a crate.
#[derive(Default)]
struct Checked {
    errors: Vec<String>,
    files: BTreeSet<String>,
    /// Which file imports which, and the path that it names.
    imports: BTreeMap<String, BTreeMap<String, String>>,
}

impl Checked {
    fn tree(&mut self, tree: &Tree) {
        self.errors.extend(tree.errors.iter().cloned());
        self.files.extend(tree.modules.iter().map(|module| module.file.clone()));
        for (id, module) in tree.modules.iter().enumerate() {
            for named in &module.named {
                if let Some(resolved) = tree.resolve(id, &named.segments) {
                    self.errors.extend(refused(tree, id, named, &resolved));
                    // A test may need what is above the module that it tests.
                    if module.tests.is_none() {
                        self.note(tree, module, &resolved);
                    }
                }
            }
        }
    }

    /// Notes that a file imports another.
    fn note(&mut self, tree: &Tree, from: &Module, resolved: &Resolved) {
        let Target::Item(module, name) = &resolved.target else {
            return;
        };
        let file = &tree.modules[*module].file;
        if *file != from.file && *file != tree.modules[ROOT].file {
            let imports = self.imports.entry(from.file.clone()).or_default();
            let path = || tree.path(*module, Some(name));
            imports.entry(file.clone()).or_insert_with(path);
        }
    }

    /// Checks that imports run down the order, and that it names what there is.
    fn order(&mut self, folder: &str, order: &Order) {
        let room = |file: &str| order.room(module(folder, file));
        for file in &self.files {
            if room(file).is_none() {
                self.errors.push(format!(
                    "{file} has no place in the order of {folder} in ARCHITECTURE.md. Add it, or its folder."
                ));
            }
        }
        let used: BTreeSet<_> = self.files.iter().filter_map(|file| Some(room(file)?.0)).collect();
        for name in order.rooms().filter(|name| !used.contains(name)) {
            self.errors.push(format!(
                "The order of {folder} in ARCHITECTURE.md names `{name}`, which does not exist."
            ));
        }
        for (file, imports) in &self.imports {
            for (imported, path) in imports {
                let (Some((from, from_level)), Some((to, to_level))) = (room(file), room(imported))
                else {
                    continue;
                };
                if from == to || from_level < to_level {
                    continue;
                }
                let rule = if from_level == to_level {
                    format!(
                        "`{from}` and `{to}` are beside each other, so neither imports the other"
                    )
                } else {
                    format!("`{to}` is above `{from}`, and imports run down")
                };
                self.errors.push(format!(
                    "{file} imports `{path}` from {imported}, but in the order of ARCHITECTURE.md {rule}. \
                     Move what is imported further down, or what imports it further up."
                ));
            }
        }
    }

    /// Looks for circles: of files, then of the folders in each folder.
    fn circles(&mut self, folder: &str) {
        let edges = self.imports.iter().flat_map(|(file, imports)| {
            let to = imports.iter();
            to.map(move |(to, path)| (file.as_str(), to.as_str(), path.as_str()))
        });
        let edges: Vec<_> = edges.collect();
        let graph = edges.iter().map(|(from, to, _)| (*from, *to)).collect();
        let mut circles = Vec::new();
        for circle in circles_of(&graph) {
            let steps = circle.iter().zip(circle.iter().cycle().skip(1));
            let steps = steps.map(|(from, to)| {
                let path = &self.imports[*from][*to];
                format!("{from} imports `{path}` from {to}")
            });
            circles.push(format!(
                "Files import each other in a circle: {}. Move what they share into a file of its own.",
                steps.collect::<Vec<_>>().join(", ")
            ));
        }
        // Where files make a circle, their folders do too.
        if circles.is_empty() {
            for parent in parents(folder, &self.files) {
                let between = edges.iter().filter_map(|edge| {
                    let from = entry(&parent, edge.0)?;
                    let to = entry(&parent, edge.1)?;
                    (from != to).then_some(((from, to), *edge))
                });
                let between: BTreeMap<_, _> = between.collect();
                let graph = between.keys().copied().collect();
                for circle in circles_of(&graph) {
                    let steps = circle.iter().zip(circle.iter().cycle().skip(1));
                    let steps = steps.map(|(from, to)| {
                        let (from, to, path) = between[&(*from, *to)];
                        format!("{from} imports `{path}` from {to}")
                    });
                    let names: Vec<_> = circle.iter().map(|name| format!("`{name}`")).collect();
                    circles.push(format!(
                        "In {parent}, {} import each other in a circle: {}. Between folders, imports run one way.",
                        names.join(" and "),
                        steps.collect::<Vec<_>>().join(", ")
                    ));
                }
            }
        }
        self.errors.extend(circles);
    }
}

/// Why a path must not be named where it is, if so.
fn refused(tree: &Tree, from: Id, named: &Named, resolved: &Resolved) -> Option<String> {
    let module = &tree.modules[from];
    let path = named.segments.join("::");
    let file = &module.file;
    if named.segments.last().is_some_and(|last| last == "*") {
        let above = ["super", "crate", "*"];
        let parent = named.segments.iter().all(|segment| above.contains(&segment.as_str()));
        let elsewhere =
            matches!(resolved.target, Target::Module(id) if tree.modules[id].file != *file);
        return (parent && elsewhere).then(|| {
            format!("{file} imports `{path}`. Import each name from the module that defines it.")
        });
    }
    let root = &tree.modules[ROOT].file;
    if file == root {
        return None;
    }
    let defined = match &resolved.target {
        Target::Outside(path) => Some(path.join("::")),
        Target::Item(module, _) if tree.modules[*module].file == *root => None,
        Target::Item(module, name) => Some(tree.path(*module, Some(name))),
        Target::Module(module) => Some(tree.path(*module, None)),
    };
    let Some(defined) = defined else {
        return Some(format!(
            "{file} imports `{path}`, which the crate root {root} defines. Move it into a file of its own."
        ));
    };
    let through = resolved.through?;
    let by = &tree.modules[through].file;
    // A file's own imports, and those of the module that a test is for.
    if by == file || module.tests == Some(through) {
        return None;
    }
    Some(if through == ROOT {
        format!(
            "{file} imports `{path}` from the crate root {root}, which re-exports for users of the crate only. \
             Import `{defined}`."
        )
    } else if named.kind == Kind::PubUse {
        // Modules re-export for users of the crate in as many steps as they like.
        return None;
    } else {
        format!("{file} imports `{path}`, which {by} only re-exports. Import `{defined}`.")
    })
}

/// A file's path below the sources, without `.rs`.
fn module<'a>(folder: &str, file: &'a str) -> &'a str {
    let below = file.strip_prefix(folder).unwrap_or(file);
    below.trim_start_matches('/').trim_end_matches(".rs")
}

/// All folders that have files or folders in them, the sources' own left out: for that one there
/// is an order.
fn parents(folder: &str, files: &BTreeSet<String>) -> BTreeSet<String> {
    let mut parents = BTreeSet::new();
    for file in files {
        let mut path = file.as_str();
        while let Some((parent, _)) = path.rsplit_once('/')
            && parent.len() > folder.len()
        {
            parents.insert(parent.to_owned());
            path = parent;
        }
    }
    parents
}

/// The entry of a folder that a file is, or is in: `a` for `a.rs` and `a/b.rs`. None for the
/// folder's `mod.rs`, which is for those outside.
fn entry<'a>(parent: &str, file: &'a str) -> Option<&'a str> {
    let below = file.strip_prefix(parent)?.strip_prefix('/')?;
    let entry = below.split('/').next()?.trim_end_matches(".rs");
    (below != "mod.rs").then_some(entry)
}

/// The shortest circle through each node that is in one, each node in one circle at most.
fn circles_of<'a>(edges: &BTreeSet<(&'a str, &'a str)>) -> Vec<Vec<&'a str>> {
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, to) in edges {
        next.entry(from).or_default().push(to);
    }
    let mut done = BTreeSet::new();
    let mut circles = Vec::new();
    for start in next.keys() {
        if !done.contains(start)
            && let Some(circle) = circle(start, &next)
        {
            done.extend(circle.iter().copied());
            circles.push(circle);
        }
    }
    circles
}

/// The shortest way from a node back to it.
fn circle<'a>(start: &'a str, next: &BTreeMap<&'a str, Vec<&'a str>>) -> Option<Vec<&'a str>> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(node) = waiting.pop_front() {
        for to in next.get(node).into_iter().flatten() {
            if *to == start {
                let mut circle = vec![node];
                let mut at = node;
                while let Some(previous) = before.get(at) {
                    at = previous;
                    circle.push(at);
                }
                circle.reverse();
                return Some(circle);
            }
            if !before.contains_key(to) {
                before.insert(*to, node);
                waiting.push_back(to);
            }
        }
    }
    None
}
