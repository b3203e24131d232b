//! The code that the build generates is the one that was reviewed.
//!
//! `cargo xtask gen` shows what differs, and accepts it; `cargo insta test`
//! and `cargo insta review` do as well.

use std::panic::{AssertUnwindSafe, catch_unwind};

use xtask::comparison::Comparison;
use xtask::inputs::Inputs;
use xtask::snapshots;
use xtask::workspace::Workspace;

#[test]
fn generated_code_is_as_reviewed() {
    let workspace = Workspace::find(None).unwrap();
    let generated = Inputs::own(&workspace).unwrap().generate().unwrap();
    let snapshots = snapshots::of(&generated);
    let comparison = Comparison::new(&workspace, &snapshots).unwrap();

    // All of them, before any may fail: each is put up for review.
    let failed = snapshots
        .iter()
        .filter(|snapshot| catch_unwind(AssertUnwindSafe(|| snapshot.assert(&workspace))).is_err())
        .count();

    // Insta doesn't miss what is no longer generated.
    let obsolete: Vec<_> = comparison
        .differences
        .iter()
        .filter_map(|difference| difference.new.is_none().then_some(&difference.name))
        .collect();
    assert!(
        failed == 0 && obsolete.is_empty(),
        "snapshots that differ: {failed}, obsolete: {obsolete:?}; `cargo xtask gen` shows what \
         differs, `cargo xtask gen --accept` accepts it"
    );
}
