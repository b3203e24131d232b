//! What a request is for.

use http::StatusCode;
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

    /// Whether the document names the status as a success, as it may a redirect's.
    pub(crate) fn expects(self, status: StatusCode) -> bool {
        match self {
            Self::Operation(operation) => {
                operation.success.iter().any(|range| range.contains(&status.as_u16()))
            }
            Self::Raw(_) => false,
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
