//! The target of a request.

use http::StatusCode;
use twilio_verify_api::Operation;

/// The target of a request: errors, spans and metrics name it, and it has the limits.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    /// An operation of the document, which defines the possible responses.
    Operation(&'static Operation),
    /// A raw request, and the operation that has its method and path, if there is one.
    Raw(Option<&'static Operation>),
}

impl Target {
    pub(crate) fn operation(self) -> Option<&'static Operation> {
        match self {
            Self::Operation(operation) => Some(operation),
            Self::Raw(operation) => operation,
        }
    }

    /// Whether the document declares the status as a success, which may be that of a redirect.
    pub(crate) fn expects(self, status: StatusCode) -> bool {
        match self {
            Self::Operation(operation) => {
                operation.success.iter().any(|range| range.contains(&status.as_u16()))
            }
            Self::Raw(_) => false,
        }
    }

    /// Returns the operation's `operationId`, or `raw`.
    pub(crate) fn name(self) -> &'static str {
        self.operation().map_or("raw", |operation| operation.operation_id)
    }

    /// Returns the operation's path, with `{Name}` in place of each parameter.
    pub(crate) fn template(self) -> Option<&'static str> {
        self.operation().map(|operation| operation.path)
    }
}
