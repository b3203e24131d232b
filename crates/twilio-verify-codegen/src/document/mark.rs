//! The extensions by which passes tell later stages what they found.

/// On a component, a property, a parameter or an operation: the name that
/// Rust users see. Set by the overlay, or by the passes `rust_names`,
/// `field_names`, `parameter_names` and `operations`.
pub const RUST_NAME: &str = "x-rust-name";
/// On a component: the path of the hand-written Rust type that stands
/// for it.
pub const RUST_TYPE: &str = "x-rust-type";
/// On a component with [`RUST_TYPE`]: how the surface calls it.
pub const LABEL: &str = "x-label";
/// On a component: the variants of an open enum, as `[name, value]`.
pub const OPEN_ENUM: &str = "x-open-enum";
/// On a component: a SID's two letters.
pub const SID: &str = "x-sid";
/// On a component: the name of the array that a page holds.
pub const PAGE_KEY: &str = "x-page-key";
/// On a component: the name of the component that a page holds.
pub const PAGE_ITEM: &str = "x-page-item";
/// The extensions that only passes set: what a document writes under one
/// of these names is not meant for them.
pub(crate) const FOUND: [&str; 7] = [
    OPEN_ENUM, SID, PAGE_KEY, PAGE_ITEM, RECEIVED, ORIGIN, WIRE_NAME,
];
/// On a component: it is received, in answers.
pub const RECEIVED: &str = "x-received";
/// On a component: where it stands in the document, as a JSON pointer.
pub const ORIGIN: &str = "x-origin";
/// On a component: its name in the document, before it was renamed.
pub const WIRE_NAME: &str = "x-wire-name";
