//! The extensions in which passes record what later stages need.

/// On a component, a property, a parameter or an operation: the name in Rust. Set by the overlay,
/// or by the passes `rust_names`, `field_names`, `parameter_names` and `operations`.
pub const RUST_NAME: &str = "x-rust-name";
/// On a component: the path of the hand-written Rust type that replaces it.
pub const RUST_TYPE: &str = "x-rust-type";
/// On a component with [`RUST_TYPE`]: its name on the surface.
pub const LABEL: &str = "x-label";
/// On a component: the variants of an open enum, as `[name, value]`.
pub const OPEN_ENUM: &str = "x-open-enum";
/// On a component: a SID's two letters.
pub const SID: &str = "x-sid";
/// On a component: the name of the array that a page holds.
pub const PAGE_KEY: &str = "x-page-key";
/// On a component: the name of the component that a page holds.
pub const PAGE_ITEM: &str = "x-page-item";
/// On an operation: its builders, by name, each with the fields that it omits and a description.
/// Set by the overlay.
pub const REQUESTS: &str = "x-rust-requests";
/// On an operation: setters of several fields that belong together, by name. Set by the overlay.
pub const TOGETHER: &str = "x-rust-together";
/// On an operation: pairs of query parameters of which the second must not precede the first. Set
/// by the overlay.
pub const ORDER: &str = "x-rust-order";
/// On an operation: its errors, for documentation. Set by the overlay.
pub const ERRORS: &str = "x-rust-errors";
/// On a property or a parameter: the function of the crate's `check` module that checks its text.
/// Set by the overlay.
pub const CHECK: &str = "x-rust-check";
/// On a property that is a list of objects: its setter adds an object of texts, with these
/// arguments as keys. Set by the overlay.
pub const ITEM: &str = "x-rust-item";
/// On a property that is an inline enum or object, whose [`RUST_NAME`] names its type: the name of
/// the field. Set by the overlay.
pub const FIELD: &str = "x-rust-field";
/// On a property that is an object: the builder has setters for its own properties. Set by the
/// overlay.
pub const FLATTEN: &str = "x-rust-flatten";
/// On a schema with [`RUST_TYPE`]: the type that its setter takes. Set by the overlay.
pub const FROM: &str = "x-rust-from";
/// On a property that is an enum: the values that a method `is_…` tests for, each with its
/// documentation. Set by the overlay.
pub const IS: &str = "x-rust-is";
/// On a component: why a value of it must not be ignored. Set by the overlay.
pub const MUST_USE: &str = "x-rust-must-use";
/// On an operation: the component of its query parameters. On that component: true.
pub const QUERY: &str = "x-query";
/// On a property that is sent as a JSON text: true if it is an object of texts.
pub const TEXTS: &str = "x-texts";
/// On a component with [`RUST_TYPE`]: true if the type checks its own values.
pub const VALUE: &str = "x-value";
/// The extensions that only passes set. In a document, an extension with such a name means
/// something else.
pub(crate) const OF_PASSES: [&str; 12] = [
    LABEL, OPEN_ENUM, ORIGIN, PAGE_ITEM, PAGE_KEY, QUERY, RECEIVED, REDIRECT, SID, TEXTS, VALUE,
    WIRE_NAME,
];
/// On an operation: true if its successful response is a redirect.
pub const REDIRECT: &str = "x-redirect";
/// On a component: true if it is received, in responses.
pub const RECEIVED: &str = "x-received";
/// On a component: its place in the document, as a JSON pointer.
pub const ORIGIN: &str = "x-origin";
/// On a component: its name in the document, before it was renamed.
pub const WIRE_NAME: &str = "x-wire-name";
