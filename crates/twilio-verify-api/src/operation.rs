//! What is known of an operation before it is called.

/// An operation of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operation {
    /// The name of its method on the generated client.
    pub id: &'static str,
    /// Its `operationId` in the document.
    pub operation_id: &'static str,
    /// Its HTTP method.
    pub method: &'static str,
    /// Its path, with `{Name}` in place of each path parameter.
    pub path: &'static str,
}

impl Operation {
    /// The operation of that method on the generated client.
    pub fn by_id(id: &str) -> Option<&'static Self> {
        crate::OPERATIONS
            .iter()
            .find(|operation| operation.id == id)
    }
}
