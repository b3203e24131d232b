//! Every operation of the document.

use std::sync::LazyLock;

use crate::contract::declared::{Declared, Patterns};
use crate::contract::operation::Operation;

/// The operations of the document, with its overlay; made by the build script.
static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let declared: Vec<Declared> =
        serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/operations.json")))
            .unwrap_or_default();
    let mut patterns = Patterns::default();
    declared
        .into_iter()
        .filter_map(|operation| operation.into_operation(&mut patterns))
        .collect()
});

/// Every operation of the document.
pub(crate) fn operations() -> &'static [Operation] {
    &OPERATIONS
}

/// Whether any operation has a parameter of this name in its query.
pub(crate) fn is_query_parameter(name: &str) -> bool {
    let mut names = OPERATIONS.iter().flat_map(Operation::query_names);
    names.any(|own| own == name)
}
