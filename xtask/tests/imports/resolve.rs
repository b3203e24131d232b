//! What a path names: the module in which it is defined, and the import that it comes through.

use crate::modules::{Id, ROOT, Tree};

/// Imports lead to imports; a chain longer than this is a circle.
const LONGEST_CHAIN: usize = 16;

/// What a path names.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Resolved {
    /// The first module on the way that only imports the next name.
    pub(crate) through: Option<Id>,
    pub(crate) target: Target,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Target {
    /// Something of another crate: its path as far as it is known.
    Outside(Vec<String>),
    /// A module of this crate.
    Module(Id),
    /// Something that a module defines.
    Item(Id, String),
}

impl Tree {
    /// What `path` names in the module `from`. Nothing for a path that begins with a variable, a
    /// type or another crate.
    pub(crate) fn resolve(&self, from: Id, path: &[String]) -> Option<Resolved> {
        self.resolve_within(from, path, 0)
    }

    fn resolve_within(&self, from: Id, path: &[String], depth: usize) -> Option<Resolved> {
        if depth > LONGEST_CHAIN {
            return None;
        }
        let (first, mut rest) = path.split_first()?;
        let mut module = match first.as_str() {
            "crate" => ROOT,
            "self" => from,
            "super" => self.modules[from].parent?,
            name => {
                // A child, or a module that is imported.
                let child = self.modules[from].children.get(name).copied();
                let import = || {
                    let import = self.modules[from].uses.get(name)?;
                    let import = (import != path).then_some(import)?;
                    match self.resolve_within(from, import, depth + 1)?.target {
                        Target::Module(module) => Some(module),
                        _ => None,
                    }
                };
                child.or_else(import)?
            }
        };
        while let Some((name, after)) = rest.split_first()
            && name == "super"
        {
            module = self.modules[module].parent?;
            rest = after;
        }
        Some(self.descend(module, rest, depth))
    }

    /// What the rest of a path names, from a module of this crate on.
    fn descend(&self, mut module: Id, path: &[String], depth: usize) -> Resolved {
        for (at, name) in path.iter().enumerate() {
            if name == "*" || name == "self" {
                break;
            }
            if let Some(child) = self.modules[module].children.get(name) {
                module = *child;
                continue;
            }
            if let Some(found) = self.lookup(module, name, depth) {
                // A module under another name: the path goes on within it.
                return match found.target {
                    Target::Module(next) if at + 1 < path.len() => Resolved {
                        through: found.through,
                        target: self.descend(next, &path[at + 1..], depth + 1).target,
                    },
                    _ => found,
                };
            }
            // What no item here is called, a macro defines.
            let target = Target::Item(module, name.clone());
            return Resolved { through: None, target };
        }
        let target = Target::Module(module);
        Resolved { through: None, target }
    }

    /// What a name that is no child stands for in a module.
    fn lookup(&self, module: Id, name: &str, depth: usize) -> Option<Resolved> {
        let item = |module| Target::Item(module, name.to_owned());
        let own = &self.modules[module];
        if own.items.contains(name) {
            return Some(Resolved { through: None, target: item(module) });
        }
        if module == ROOT
            && let Some(macros) = self.macros.get(name)
        {
            return Some(Resolved { through: None, target: item(*macros) });
        }
        if let Some(import) = own.uses.get(name) {
            let found = self.resolve_within(module, import, depth + 1);
            let outside = || Target::Outside(import.clone());
            let target = found.map_or_else(outside, |found| found.target);
            return Some(Resolved { through: Some(module), target });
        }
        if depth > LONGEST_CHAIN {
            return None;
        }
        own.globs.iter().find_map(|glob| {
            let found = self.resolve_within(module, glob, depth + 1)?;
            let Target::Module(source) = found.target else {
                return None;
            };
            let child = self.modules[source].children.get(name);
            let target = match child {
                Some(child) => Target::Module(*child),
                None => self.lookup(source, name, depth + 1)?.target,
            };
            Some(Resolved { through: Some(module), target })
        })
    }
}
