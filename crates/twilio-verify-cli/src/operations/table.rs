//! The operations that this program was built with.

use std::sync::LazyLock;

use super::operation::Operation;

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    // The build script wrote the file; a test below checks that it can be read.
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/operations.json")))
        .unwrap_or_default()
});

/// Returns all operations of the document.
pub(crate) fn operations() -> &'static [Operation] {
    &OPERATIONS
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::operations;

    fn columns(id: &str) -> Vec<&'static str> {
        let operation = operations().iter().find(|operation| operation.id == id);
        let response = operation.unwrap().response.as_ref().unwrap();
        let columns = response.columns.iter();
        columns.map(|shown| shown.field.as_str()).collect()
    }

    #[test]
    fn a_table_shows_what_the_document_names_and_lists_and_maps() {
        for (id, expected) in [
            ("ListService", &["friendly_name", "code_length", "date_created", "sid"][..]),
            ("ListVerificationTemplate", &["friendly_name", "channels", "translations", "sid"]),
            ("FetchWebhook", &["friendly_name", "webhook_url", "status", "event_types", "sid"]),
        ] {
            assert_eq!(columns(id), expected, "{id}");
        }
    }

    #[test]
    fn the_table_holds_every_operation_of_the_document() {
        let expected: BTreeSet<String> =
            tests::document::operations().into_iter().map(|operation| operation.id).collect();
        let ids: BTreeSet<String> =
            operations().iter().map(|operation| operation.id.clone()).collect();
        assert!(!expected.is_empty());
        assert_eq!(ids, expected);
    }
}
