//! Imports run one way: the rules of ARCHITECTURE.md, held against every crate of the workspace.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;
mod modules;
mod order;
mod paths;
mod resolve;
mod rules;
mod workspace;

use std::fs;
use std::thread;

#[test]
fn imports_follow_the_rules() {
    let document = fs::read_to_string(workspace::root().join("ARCHITECTURE.md")).unwrap();
    let orders = order::orders(&document).unwrap();
    let crates = workspace::crates();
    for folder in orders.keys() {
        let known = crates.iter().any(|sources| sources.folder == *folder);
        assert!(known, "ARCHITECTURE.md states an order for {folder}, which does not exist");
    }
    let errors: Vec<_> = thread::scope(|scope| {
        let checks = crates.iter().map(|sources| {
            let order = orders.get(&sources.folder);
            scope.spawn(move || rules::check(sources, order))
        });
        let checks: Vec<_> = checks.collect();
        let errors = checks.into_iter().flat_map(|check| check.join().unwrap());
        errors.collect()
    });
    let count = errors.len();
    assert!(errors.is_empty(), "{count} imports break a rule:\n\n{}\n", errors.join("\n\n"));
}
