//! Changes of what is sent: parameters and the fields of bodies.

use serde_json::json;

use super::case::{CREATE, Case, FORM, LIST, below, remove};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "an optional parameter",
        edit: |d| {
            let parameters = below(d, LIST, "/parameters").as_array_mut().unwrap();
            parameters
                .push(json!({ "name": "New", "in": "query", "schema": { "type": "string" } }));
        },
        there: &["AA ListThing.New: added: string"],
        back: &["BB ListThing.New: removed: string"],
    },
    Case {
        name: "a required parameter",
        edit: |d| {
            let parameters = below(d, LIST, "/parameters").as_array_mut().unwrap();
            parameters.push(json!({
                "name": "New", "in": "query", "required": true, "schema": { "type": "string" }
            }));
        },
        there: &["BB ListThing.New: added, required: string"],
        back: &["BB ListThing.New: removed: string"],
    },
    Case {
        name: "a parameter becomes required",
        edit: |d| below(d, LIST, "/parameters/3")["required"] = json!(true),
        there: &["BB ListThing.Filter: became required"],
        back: &["BA ListThing.Filter: became optional"],
    },
    Case {
        name: "an optional field",
        edit: |d| below(d, FORM, "/properties")["New"] = json!({ "type": "boolean" }),
        there: &["AA CreateThingRequest.New: added: boolean"],
        back: &["BB CreateThingRequest.New: removed: boolean"],
    },
    Case {
        name: "a required field",
        edit: |d| {
            below(d, FORM, "/properties")["New"] = json!({ "type": "boolean" });
            *below(d, FORM, "/required") = json!(["Name", "New"]);
        },
        there: &["BB CreateThingRequest.New: added, required: boolean"],
        back: &["BB CreateThingRequest.New: removed: boolean"],
    },
    Case {
        name: "a field becomes required",
        edit: |d| *below(d, FORM, "/required") = json!(["Name", "Note"]),
        there: &["BB CreateThingRequest.Note: became required"],
        back: &["BA CreateThingRequest.Note: became optional"],
    },
    Case {
        name: "a field's Rust name",
        edit: |d| below(d, FORM, "/properties/Note")["x-rust-name"] = json!("remark"),
        there: &["B- CreateThingRequest.Note: Rust name: Note → remark"],
        back: &["B- CreateThingRequest.Note: Rust name: remark → Note"],
    },
    Case {
        name: "another type",
        edit: |d| below(d, LIST, "/parameters/3")["schema"] = json!({ "type": "integer" }),
        there: &["BB ListThing.Filter: type: string → integer"],
        back: &["BB ListThing.Filter: type: integer → string"],
    },
    Case {
        name: "a type of its own, no other on the wire",
        edit: |d| below(d, LIST, "/parameters/3/schema")["x-twilio"] = json!({ "pii": {} }),
        there: &["B- ListThing.Filter: type: string → redacted string"],
        back: &["B- ListThing.Filter: type: redacted string → string"],
    },
    Case {
        name: "a text becomes a date",
        edit: |d| below(d, LIST, "/parameters/3/schema")["format"] = json!("date-time"),
        there: &["BB ListThing.Filter: type: string → date-time"],
        back: &["BA ListThing.Filter: type: date-time → string"],
    },
    Case {
        name: "a text becomes a SID",
        edit: |d| {
            below(d, LIST, "/parameters/3/schema")["pattern"] = json!("^TH[0-9a-fA-F]{32}$");
        },
        there: &["BB ListThing.Filter: type: string → ThingSid"],
        back: &["BA ListThing.Filter: type: ThingSid → string"],
    },
    Case {
        name: "an optional field may be null",
        edit: |d| below(d, FORM, "/properties/Note")["nullable"] = json!(true),
        there: &["-A CreateThingRequest.Note: may be null"],
        back: &["-B CreateThingRequest.Note: may no longer be null"],
    },
    Case {
        name: "a required field may be null",
        edit: |d| below(d, FORM, "/properties/Name")["nullable"] = json!(true),
        there: &["BA CreateThingRequest.Name: may be null"],
        back: &["BB CreateThingRequest.Name: may no longer be null"],
    },
    Case {
        name: "a default",
        edit: |d| below(d, FORM, "/properties/Note")["default"] = json!("none at all"),
        there: &["-A CreateThingRequest.Note: default: none → none at all"],
        back: &["-A CreateThingRequest.Note: default: none at all → none"],
    },
    Case {
        name: "a maximum",
        edit: |d| *below(d, LIST, "/parameters/0/schema/maximum") = json!(100),
        there: &["-B ListThing.PageSize: maximum tightened: 1000 → 100"],
        back: &["-A ListThing.PageSize: maximum loosened: 100 → 1000"],
    },
    Case {
        name: "no maximum",
        edit: |d| drop(remove(below(d, LIST, "/parameters/0/schema"), "maximum")),
        there: &["-A ListThing.PageSize: maximum loosened: 1000 → none"],
        back: &["-B ListThing.PageSize: maximum tightened: none → 1000"],
    },
    Case {
        name: "a minimum",
        edit: |d| *below(d, LIST, "/parameters/0/schema/minimum") = json!(10),
        there: &["-B ListThing.PageSize: minimum tightened: 1 → 10"],
        back: &["-A ListThing.PageSize: minimum loosened: 10 → 1"],
    },
    Case {
        name: "lengths",
        edit: |d| {
            *below(d, FORM, "/properties/Note/maxLength") = json!(20);
            *below(d, FORM, "/properties/Note/minLength") = json!(3);
        },
        there: &[
            "-B CreateThingRequest.Note: minLength tightened: 2 → 3",
            "-A CreateThingRequest.Note: maxLength loosened: 10 → 20",
        ],
        back: &[
            "-B CreateThingRequest.Note: maxLength tightened: 20 → 10",
            "-A CreateThingRequest.Note: minLength loosened: 3 → 2",
        ],
    },
    Case {
        name: "a pattern",
        edit: |d| below(d, FORM, "/properties/Note")["pattern"] = json!("^a"),
        there: &["-B CreateThingRequest.Note: pattern tightened: none → ^a"],
        back: &["-A CreateThingRequest.Note: pattern loosened: ^a → none"],
    },
    Case {
        name: "a format that Rust doesn't know",
        edit: |d| below(d, FORM, "/properties/Note")["format"] = json!("uri"),
        there: &["-B CreateThingRequest.Note: format tightened: none → uri"],
        back: &["-A CreateThingRequest.Note: format loosened: uri → none"],
    },
    Case {
        name: "values of a number",
        edit: |d| *below(d, FORM, "/properties/Level/enum") = json!([2, 3]),
        there: &[
            "-B CreateThingRequest.Level: value removed: 1",
            "-A CreateThingRequest.Level: value added: 3",
        ],
        back: &[
            "-B CreateThingRequest.Level: value removed: 3",
            "-A CreateThingRequest.Level: value added: 1",
        ],
    },
    Case {
        name: "a keyword that isn't known",
        edit: |d| below(d, FORM, "/properties/Level")["multipleOfMany"] = json!(2),
        there: &["-B CreateThingRequest.Level: multipleOfMany changed: none → 2"],
        back: &["-B CreateThingRequest.Level: multipleOfMany changed: 2 → none"],
    },
    Case {
        name: "how a parameter is written",
        edit: |d| below(d, LIST, "/parameters/3")["explode"] = json!(true),
        there: &["-B ListThing.Filter: explode changed: none → true"],
        back: &["-B ListThing.Filter: explode changed: true → none"],
    },
    Case {
        name: "within JSON in a form",
        edit: |d| {
            let inner = below(d, FORM, "/properties/Details/properties");
            *inner = json!({ "inner": { "type": "integer" }, "more": { "type": "string" } });
            below(d, FORM, "/properties/Details")["required"] = json!(["more"]);
        },
        there: &[
            "-B CreateThingRequest.Details.inner: type: string → integer",
            "-B CreateThingRequest.Details.more: added, required: string",
        ],
        back: &[
            "-B CreateThingRequest.Details.inner: type: integer → string",
            "-B CreateThingRequest.Details.more: removed: string",
        ],
    },
    Case {
        name: "a closed body",
        edit: |d| below(d, FORM, "")["additionalProperties"] = json!(false),
        there: &["-B CreateThingRequest: additionalProperties tightened: none → false"],
        back: &["-A CreateThingRequest: additionalProperties loosened: false → none"],
    },
    Case {
        name: "the body's name",
        edit: |d| *below(d, FORM, "/title") = json!("MakeThingRequest"),
        there: &["B- MakeThingRequest: type renamed: CreateThingRequest → MakeThingRequest"],
        back: &["B- CreateThingRequest: type renamed: MakeThingRequest → CreateThingRequest"],
    },
    Case {
        name: "the body",
        edit: |d| {
            let properties = json!({ "A": { "type": "string" } });
            let other = json!({ "type": "object", "title": "Other", "properties": properties });
            below(d, CREATE, "/requestBody/content/application~1x-www-form-urlencoded")["schema"] =
                other;
        },
        there: &[
            "BB CreateThing body: type: CreateThingRequest → Other",
            "B- CreateThingRequest: type removed: struct of 4 fields",
            "A- Other: type added: struct of 1 field",
        ],
        back: &[
            "BB CreateThing body: type: Other → CreateThingRequest",
            "B- Other: type removed: struct of 1 field",
            "A- CreateThingRequest: type added: struct of 4 fields",
        ],
    },
];
