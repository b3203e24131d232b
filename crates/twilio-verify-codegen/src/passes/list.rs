//! Lists the passes in their order.

use crate::document::document::Document;
use crate::document::error::Error;
use crate::passes::bodies::{errors, pages, requests, responses};
use crate::passes::input::{media_types, operations, references, supported, supported_schemas};
use crate::passes::names::{field_names, parameter_names, rust_names};
use crate::passes::schemas::{aliases, compositions, kinds, named_schemas, nesting, queries};
use crate::passes::types::{formats, open_enums, personal_data, sids};

/// A lowering pass.
#[derive(Clone, Copy, Debug)]
pub struct Pass {
    /// The pass's name: that of its file.
    pub name: &'static str,
    /// Why it exists.
    pub reason: &'static str,
    /// Runs it.
    pub run: fn(&mut Document) -> Result<(), Error>,
}

/// All passes, in the order in which they run.
pub const ALL: &[Pass] = &[
    Pass {
        name: "references",
        reason: "shared parameters, bodies and responses are inlined",
        run: references::run,
    },
    Pass {
        name: "supported",
        reason: "rejects what can't be generated, by its place, before anything is changed",
        run: supported::run,
    },
    Pass {
        name: "supported_schemas",
        reason: "rejects invalid schemas, by their place, before anything is changed",
        run: supported_schemas::run,
    },
    Pass {
        name: "media_types",
        reason: "JSON has one name, and each request body and response has one media type",
        run: media_types::run,
    },
    Pass {
        name: "operations",
        reason: "every operation has an id, and all its parameters with it",
        run: operations::run,
    },
    Pass {
        name: "compositions",
        reason: "a schema that is composed of others is one schema",
        run: compositions::run,
    },
    Pass {
        name: "kinds",
        reason: "every schema says what it is, and nothing that doesn't belong to it",
        run: kinds::run,
    },
    Pass {
        name: "aliases",
        reason: "a component that needs no type of its own is inlined",
        run: aliases::run,
    },
    Pass {
        name: "errors",
        reason: "every error is one schema, and every success is one type",
        run: errors::run,
    },
    Pass { name: "pages", reason: "every list response is one generic page", run: pages::run },
    Pass {
        name: "rust_names",
        reason: "components have the names that Rust users see",
        run: rust_names::run,
    },
    Pass {
        name: "requests",
        reason: "what is sent is written as Twilio reads it: dates to the second, objects in forms and queries as JSON texts",
        run: requests::run,
    },
    Pass {
        name: "named_schemas",
        reason: "inline enums and objects become components, so that they have a name",
        run: named_schemas::run,
    },
    Pass {
        name: "queries",
        reason: "the query parameters of an operation are one object, as its body is",
        run: queries::run,
    },
    Pass {
        name: "nesting",
        reason: "rejects types that are nested deeper than the compiler allows",
        run: nesting::run,
    },
    Pass {
        name: "open_enums",
        reason: "an enum keeps a value that it doesn't know",
        run: open_enums::run,
    },
    Pass {
        name: "sids",
        reason: "one type for each kind of SID, in place of one for each time it is used",
        run: sids::run,
    },
    Pass {
        name: "formats",
        reason: "dates, decimals, countries, links and the like have Rust types of their own",
        run: formats::run,
    },
    Pass {
        name: "personal_data",
        reason: "personal data is held in a type that doesn't print it",
        run: personal_data::run,
    },
    Pass { name: "responses", reason: "a response may leave out any field", run: responses::run },
    Pass {
        name: "field_names",
        reason: "fields have names that Rust can have, each its own",
        run: field_names::run,
    },
    Pass {
        name: "parameter_names",
        reason: "the arguments of a method have names that Rust can have, each its own",
        run: parameter_names::run,
    },
];

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn every_pass_says_what_it_is_for() {
        for pass in ALL {
            assert!(!pass.reason.is_empty(), "{} gives no reason", pass.name);
        }
    }
}
