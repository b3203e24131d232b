//! The kinds of change, and the verdicts on each.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::severity::{Direction, Severity};

/// What a change means to users of the Rust API, and on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) rust: Option<Severity>,
    pub(super) wire: Option<Severity>,
}

const NO: Option<Severity> = None;
const ADDS: Option<Severity> = Some(Severity::Additive);
const BREAKS: Option<Severity> = Some(Severity::Breaking);

/// Declares the kinds of change, like the table in the module's documentation.
macro_rules! changes {
    ($($(#[$doc:meta])+ $name:ident $phrase:literal: $a:ident $b:ident $c:ident $d:ident;)+) => {
        /// A kind of change.
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Change { $($(#[$doc])+ $name,)+ }

        impl Change {
            /// Every kind of change.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Returns the words for it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $phrase,)+ }
            }

            /// Returns the verdicts on it in that direction. The place of a change may alter them.
            pub(super) fn verdict(self, direction: Direction) -> Verdict {
                let (rust, wire) = match (self, direction) {
                    $(
                        (Self::$name, Direction::Request) => ($a, $b),
                        (Self::$name, Direction::Response) => ($c, $d),
                    )+
                };
                Verdict { rust, wire }
            }
        }
    };
}

changes! {
    /// The document has another title.
    TitleChanged "title": NO NO NO NO;
    /// The API has another version; clients send it in a header.
    VersionChanged "version": NO ADDS NO ADDS;
    /// There are more servers to choose from.
    ServersAdded "servers added": NO ADDS NO ADDS;
    /// A server was removed or replaced.
    ServersChanged "servers changed": NO BREAKS NO BREAKS;
    /// There are more ways to authenticate.
    SecurityAdded "security added": NO ADDS NO ADDS;
    /// A way to authenticate was removed or replaced.
    SecurityChanged "security changed": NO BREAKS NO BREAKS;

    /// An operation is new.
    OperationAdded "operation added": ADDS ADDS ADDS ADDS;
    /// An operation was removed.
    OperationRemoved "operation removed": BREAKS BREAKS BREAKS BREAKS;
    /// The operation has another `operationId`.
    OperationRenamed "operation renamed": BREAKS NO BREAKS NO;
    /// The operation has another path or method.
    OperationMoved "operation moved": NO BREAKS NO BREAKS;
    /// A parameter of the path has another name at the same place.
    PathParameterRenamed "path parameter renamed": ADDS NO ADDS NO;
    /// The parameter is sent elsewhere, such as in a header instead of the query.
    ParameterMoved "parameter moved": NO BREAKS NO BREAKS;
    /// The body has another content type.
    ContentTypeChanged "content type": NO BREAKS NO BREAKS;
    /// There is one more success status.
    StatusAdded "status added": NO ADDS NO ADDS;
    /// The success status is another one.
    StatusChanged "status changed": NO BREAKS NO BREAKS;
    /// Other errors are declared.
    ErrorsChanged "declared errors": NO ADDS NO ADDS;
    /// The operation or field was deprecated, or is no longer deprecated.
    DeprecationChanged "deprecation": ADDS ADDS ADDS ADDS;

    /// A type is new.
    TypeAdded "type added": ADDS NO ADDS NO;
    /// A type was removed.
    TypeRemoved "type removed": BREAKS NO BREAKS NO;
    /// The type has another name in Rust.
    TypeRenamed "type renamed": BREAKS NO BREAKS NO;
    /// The type has another name in the document only.
    ComponentRenamed "component renamed": NO NO NO NO;
    /// Another hand-written Rust type replaces it.
    RustTypeReplaced "Rust type replaced": BREAKS NO BREAKS NO;
    /// The SIDs have other letters.
    SidChanged "SID letters": BREAKS BREAKS BREAKS BREAKS;
    /// An enum has a new value.
    ValueAdded "value added": ADDS ADDS ADDS ADDS;
    /// An enum has lost a value.
    ValueRemoved "value removed": BREAKS BREAKS BREAKS ADDS;
    /// A value's variant has another name in Rust.
    VariantRenamed "variant renamed": BREAKS NO BREAKS NO;
    /// The type now holds fields that the document doesn't name.
    ExtraAdded "keeps unnamed fields": ADDS NO ADDS NO;
    /// The type no longer holds fields that the document doesn't name.
    ExtraRemoved "drops unnamed fields": BREAKS NO BREAKS NO;

    /// A field, parameter or body is new, and optional in requests.
    Added "added": ADDS ADDS ADDS ADDS;
    /// A field, parameter or body is new, and required.
    RequiredAdded "added, required": BREAKS BREAKS ADDS ADDS;
    /// A field, parameter, request body or response was removed.
    Removed "removed": BREAKS BREAKS BREAKS BREAKS;
    /// The field has another name in Rust.
    FieldRenamed "Rust name": BREAKS NO BREAKS NO;
    /// It has another type.
    TypeChanged "type": BREAKS BREAKS BREAKS BREAKS;
    /// It may no longer be left out.
    RequiredGained "became required": BREAKS BREAKS NO ADDS;
    /// It may be left out.
    RequiredLost "became optional": BREAKS ADDS NO ADDS;
    /// It may be null.
    NullableGained "may be null": NO ADDS NO ADDS;
    /// It may no longer be null.
    NullableLost "may no longer be null": NO BREAKS NO ADDS;
    /// Another value is assumed when it is left out.
    DefaultChanged "default": NO ADDS NO ADDS;
    /// Fewer values are allowed.
    Tightened "tightened": NO BREAKS NO ADDS;
    /// More values are allowed.
    Loosened "loosened": NO ADDS NO ADDS;
    /// Other values are allowed, or it is unknown which.
    RuleChanged "changed": NO BREAKS NO ADDS;
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Change;
    use crate::diff::severity::{Direction, Severity};

    /// The table is written by hand, for its reasons. Its verdicts must be those of the code.
    #[test]
    fn the_documentation_holds_the_table() {
        let documentation = include_str!("mod.rs");
        for change in Change::ALL {
            let cell = |severity: Option<Severity>| severity.map_or("–", Severity::as_str);
            let sent = change.verdict(Direction::Request);
            let received = change.verdict(Direction::Response);
            let row = format!(
                "//! | {change} | {} | {} | {} | {} | ",
                cell(sent.rust),
                cell(sent.wire),
                cell(received.rust),
                cell(received.wire)
            );
            assert!(documentation.contains(&row), "missing: {row}");
        }
    }
}
