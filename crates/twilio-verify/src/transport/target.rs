//! What a request is for.

use twilio_verify_api::Operation;

/// What a request is for: errors, spans and metrics name it, and limits are by operation.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    /// An operation of the document, which says what a response can be.
    Operation(&'static Operation),
    /// A raw request, and the operation that its method and path are those of.
    Raw(Option<&'static Operation>),
}

impl Target {
    pub(crate) fn operation(self) -> Option<&'static Operation> {
        match self {
            Self::Operation(operation) => Some(operation),
            Self::Raw(operation) => operation,
        }
    }

    /// The operation's `operationId`, or `raw`.
    pub(crate) fn name(self) -> &'static str {
        self.operation().map_or("raw", |operation| operation.operation_id)
    }

    /// The operation's path, with `{Name}` in place of each parameter.
    pub(crate) fn template(self) -> Option<&'static str> {
        self.operation().map(|operation| operation.path)
    }
}
