//! The lowering passes: each turns one kind of construct, wherever it stands
//! in a Twilio document, into one that the generator makes good Rust of.
//!
//! What a pass finds out about a component it leaves on the component, in an
//! extension, where later passes, [`mod@crate::surface`] and [`crate::emit`] read
//! it: see [`mark`].

mod aliases;
mod compositions;
mod errors;
mod field_names;
mod formats;
mod kinds;
pub(crate) mod leaves;
pub(crate) mod media_types;
mod named_schemas;
mod nesting;
mod open_enums;
mod operations;
mod pages;
mod parameter_names;
mod personal_data;
mod references;
mod requests;
mod responses;
mod rust_names;
mod sids;
mod supported;
mod supported_schemas;

use crate::{Document, Error};

/// A lowering pass.
#[derive(Clone, Copy, Debug)]
pub struct Pass {
    /// The pass's name: that of its file.
    pub name: &'static str,
    /// What it is there for.
    pub reason: &'static str,
    /// Runs it.
    pub run: fn(&mut Document) -> Result<(), Error>,
}

/// All passes, in the order in which they run.
pub const ALL: &[Pass] = &[
    Pass {
        name: "references",
        reason: "what parts of the document share stands where it is used",
        run: references::run,
    },
    Pass {
        name: "supported",
        reason: "refuses what can't be generated, by its place, before anything is changed",
        run: supported::run,
    },
    Pass {
        name: "supported_schemas",
        reason: "refuses schemas that are none, by their place, before anything is changed",
        run: supported_schemas::run,
    },
    Pass {
        name: "media_types",
        reason: "JSON has one name, and each body and answer is of one media type",
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
        reason: "a component that needs no type of its own stands where it is used",
        run: aliases::run,
    },
    Pass {
        name: "errors",
        reason: "every error is one schema, and every success is one type",
        run: errors::run,
    },
    Pass {
        name: "pages",
        reason: "every list answer is one generic page",
        run: pages::run,
    },
    Pass {
        name: "rust_names",
        reason: "components bear the names that Rust users see",
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
        name: "nesting",
        reason: "refuses types that are nested deeper than the compiler follows",
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
    Pass {
        name: "responses",
        reason: "an answer may leave out any field",
        run: responses::run,
    },
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

/// The extensions by which passes tell later stages what they found.
pub mod mark {
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
}

#[cfg(test)]
mod testing {
    use serde_json::{Value, json};

    use super::{ALL, Document, Error};

    /// A document of these components and one operation, which lists
    /// these parameters and gives this schema.
    pub(crate) fn document(components: Value, parameters: Value, response: Value) -> Document {
        let document = json!({
            "openapi": "3.0.1",
            "info": { "title": "Test", "version": "1.0.0" },
            "components": { "schemas": components },
            "paths": { "/v2/Things": { "get": {
                "operationId": "ListThing",
                "tags": ["TestV2Thing"],
                "parameters": parameters,
                "responses": { "200": {
                    "description": "OK",
                    "content": { "application/json": { "schema": response } }
                } }
            } } }
        });
        parse(&document)
    }

    pub(crate) fn parse(json: &Value) -> Document {
        Document::parse(&json.to_string()).expect("the test's document is JSON")
    }

    /// Runs the pass of that name alone.
    pub(crate) fn run(name: &str, document: &mut Document) -> Result<(), Error> {
        let pass = ALL.iter().find(|pass| pass.name == name);
        (pass.expect("the pass is listed").run)(document)
    }

    pub(crate) const RESPONSE: &str =
        "/paths/~1v2~1Things/get/responses/200/content/application~1json/schema";

    #[test]
    fn every_pass_says_what_it_is_for() {
        for pass in ALL {
            assert!(!pass.reason.is_empty(), "{} gives no reason", pass.name);
        }
    }
}
