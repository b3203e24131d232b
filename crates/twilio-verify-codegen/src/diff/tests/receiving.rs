//! Changes of what is received: the fields of answers.

use serde_json::{Value, json};

use super::case::{Case, LIST, THING, at, below, remove};

const META: &str = "/responses/200/content/application~1json/schema/properties/meta/properties";

const HEADER: fn() -> Value =
    || json!({ "description": "A header.", "schema": { "type": "string" } });

pub(super) const CASES: &[Case] = &[
    Case {
        name: "a field",
        edit: |d| at(d, THING)["new"] = json!({ "type": "string" }),
        there: &["AA Thing.new: added: string"],
        back: &["BB Thing.new: removed: string"],
    },
    Case {
        name: "a field that is always there",
        edit: |d| {
            at(d, THING)["new"] = json!({ "type": "string" });
            at(d, "/components/schemas/verify.v2.thing")["required"] = json!(["new"]);
        },
        there: &["AA Thing.new: added, required: string"],
        back: &["BB Thing.new: removed: string"],
    },
    Case {
        name: "a field is always there",
        edit: |d| at(d, "/components/schemas/verify.v2.thing")["required"] = json!(["name"]),
        there: &["-A Thing.name: became required"],
        back: &["-A Thing.name: became optional"],
    },
    Case {
        name: "another type",
        edit: |d| below(d, THING, "/name")["type"] = json!("boolean"),
        there: &["BB Thing.name: type: string → boolean"],
        back: &["BB Thing.name: type: boolean → string"],
    },
    Case {
        name: "a text becomes a decimal",
        edit: |d| below(d, THING, "/name")["format"] = json!("decimal"),
        there: &["BA Thing.name: type: string → decimal"],
        back: &["BA Thing.name: type: decimal → string"],
    },
    Case {
        name: "a wider number",
        edit: |d| below(d, THING, "/count")["format"] = json!("uint64"),
        there: &["BA Thing.count: type: integer → integer (uint64)"],
        back: &["BA Thing.count: type: integer (uint64) → integer"],
    },
    Case {
        name: "the items of a list",
        edit: |d| below(d, THING, "/tags/items")["type"] = json!("integer"),
        there: &["BB Thing.tags: type: list of string → list of integer"],
        back: &["BB Thing.tags: type: list of integer → list of string"],
    },
    Case {
        name: "a limit of the items of a list",
        edit: |d| below(d, THING, "/tags/items")["maxLength"] = json!(5),
        there: &["-A Thing.tags[]: maxLength tightened: none → 5"],
        back: &["-A Thing.tags[]: maxLength loosened: 5 → none"],
    },
    Case {
        name: "a map of something",
        edit: |d| {
            *below(d, THING, "/tags") =
                json!({ "type": "object", "additionalProperties": { "type": "string" } })
        },
        there: &["BB Thing.tags: type: list of string → map of string"],
        back: &["BB Thing.tags: type: map of string → list of string"],
    },
    Case {
        name: "null",
        edit: |d| below(d, THING, "/name")["nullable"] = json!(true),
        there: &["-A Thing.name: may be null"],
        back: &["-A Thing.name: may no longer be null"],
    },
    Case {
        name: "a count that is always one",
        edit: |d| drop(remove(below(d, THING, "/count"), "default")),
        there: &["BA Thing.count: default: 0 → none"],
        back: &["BA Thing.count: default: none → 0"],
    },
    Case {
        name: "a default that Rust doesn't know",
        edit: |d| below(d, THING, "/name")["default"] = json!("x"),
        there: &["-A Thing.name: default: none → x"],
        back: &["-A Thing.name: default: x → none"],
    },
    Case {
        name: "a length",
        edit: |d| *below(d, THING, "/name/maxLength") = json!(32),
        there: &["-A Thing.name: maxLength tightened: 64 → 32"],
        back: &["-A Thing.name: maxLength loosened: 32 → 64"],
    },
    Case {
        name: "a format that Rust doesn't know",
        edit: |d| below(d, THING, "/name")["format"] = json!("uri"),
        there: &["-A Thing.name: format tightened: none → uri"],
        back: &["-A Thing.name: format loosened: uri → none"],
    },
    Case {
        name: "a pattern",
        edit: |d| below(d, THING, "/name")["pattern"] = json!("^a"),
        there: &["-A Thing.name: pattern tightened: none → ^a"],
        back: &["-A Thing.name: pattern loosened: ^a → none"],
    },
    Case {
        name: "a deprecated field",
        edit: |d| below(d, THING, "/name")["deprecated"] = json!(true),
        there: &["AA Thing.name: deprecation: no → yes"],
        back: &["AA Thing.name: deprecation: yes → no"],
    },
    Case {
        name: "a field's Rust name",
        edit: |d| below(d, THING, "/name")["x-rust-name"] = json!("label"),
        there: &["B- Thing.name: Rust name: name → label"],
        back: &["B- Thing.name: Rust name: label → name"],
    },
    Case {
        name: "personal data",
        edit: |d| below(d, THING, "/name")["x-twilio"] = json!({ "pii": {} }),
        there: &["B- Thing.name: type: string → redacted string"],
        back: &["B- Thing.name: type: redacted string → string"],
    },
    Case {
        name: "the meta of a page",
        edit: |d| below(d, LIST, &format!("{META}/page"))["type"] = json!("string"),
        there: &["-B ListThing answer.meta.page: type: integer → string"],
        back: &["-B ListThing answer.meta.page: type: string → integer"],
    },
    Case {
        name: "the array of a page",
        edit: |d| {
            let page = below(d, LIST, "/responses/200/content/application~1json/schema/properties");
            page["all"] = remove(page, "things");
        },
        there: &[
            "-B ListThing answer.things: removed: array",
            "-A ListThing answer.all: added: array",
        ],
        back: &[
            "-B ListThing answer.all: removed: array",
            "-A ListThing answer.things: added: array",
        ],
    },
    Case {
        name: "an optional header",
        edit: |d| below(d, LIST, "/responses/200")["headers"] = json!({ "X": HEADER() }),
        there: &["-A ListThing 200 header X: added: string"],
        back: &["-A ListThing 200 header X: removed: string"],
    },
    Case {
        name: "a header that is always there",
        edit: |d| {
            let mut header = HEADER();
            header["required"] = json!(true);
            below(d, LIST, "/responses/200")["headers"] = json!({ "X": header });
        },
        there: &["-A ListThing 200 header X: added, required: string"],
        back: &["-B ListThing 200 header X: removed: string"],
    },
    Case {
        name: "a header of an error, by reference",
        edit: |d| {
            d["components"]["headers"] = json!({ "X": HEADER() });
            let headers = json!({ "x": { "$ref": "#/components/headers/X" } });
            below(d, LIST, "/responses/429")["headers"] = headers;
        },
        there: &["-A ListThing 429 header x: added: string"],
        back: &["-A ListThing 429 header x: removed: string"],
    },
    Case {
        name: "what an error holds",
        edit: |d| {
            let schema = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
            below(d, LIST, "/responses/429")["content"] =
                json!({ "application/json": { "schema": schema } });
        },
        there: &["-A ListThing: declared errors: 429 → 429 with another body"],
        back: &["-A ListThing: declared errors: 429 → 429 with another body"],
    },
    Case {
        name: "what else a response says",
        edit: |d| below(d, LIST, "/responses/200")["links"] = json!({ "Next": {} }),
        there: &[r#"-A ListThing: 200 links changed: none → {"Next":{}}"#],
        back: &[r#"-A ListThing: 200 links changed: {"Next":{}} → none"#],
    },
];
