//! Changes of types that have a name.

use serde_json::json;

use super::case::{Case, FETCH, LIST, THING, at, below, remove};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "a type that nothing uses",
        edit: |d| {
            d["components"]["schemas"]["extra"] =
                json!({ "type": "object", "properties": { "a": { "type": "string" } } })
        },
        there: &["A- Extra: type added: struct of 1 field"],
        back: &["B- Extra: type removed: struct of 1 field"],
    },
    Case {
        name: "the Rust name",
        edit: |d| d["components"]["schemas"]["verify.v2.thing"]["x-rust-name"] = json!("Item"),
        // The SID is named for it.
        there: &[
            "B- Item: type renamed: Thing → Item",
            "B- ItemSid: type renamed: ThingSid → ItemSid",
        ],
        back: &[
            "B- Thing: type renamed: Item → Thing",
            "B- ThingSid: type renamed: ItemSid → ThingSid",
        ],
    },
    Case {
        name: "the document's name, not the Rust name",
        edit: |d| {
            let schemas = &mut d["components"]["schemas"];
            let mut price = remove(schemas, "verify.v2.thing.price");
            price["x-rust-name"] = json!("Price");
            schemas["money"] = price;
            below(d, THING, "/price")["$ref"] = json!("#/components/schemas/money");
        },
        there: &["-- Price: component renamed: verify.v2.thing.price → money"],
        back: &["-- Price: component renamed: money → verify.v2.thing.price"],
    },
    Case {
        name: "both names",
        edit: |d| {
            let schemas = &mut d["components"]["schemas"];
            let price = remove(schemas, "verify.v2.thing.price");
            schemas["money"] = price;
            below(d, THING, "/price")["$ref"] = json!("#/components/schemas/money");
        },
        there: &[
            "B- Money: type renamed: Price → Money",
            "-- Money: component renamed: verify.v2.thing.price → money",
        ],
        back: &[
            "B- Price: type renamed: Money → Price",
            "-- Price: component renamed: money → verify.v2.thing.price",
        ],
    },
    Case {
        name: "another type that holds the same",
        edit: |d| {
            let same = json!({ "type": "object", "properties": {
                "value": { "type": "string" }, "unit": { "type": "string" } } });
            d["components"]["schemas"]["money"] = same;
            below(d, THING, "/price")["$ref"] = json!("#/components/schemas/money");
        },
        there: &["B- Thing.price: type: Price → Money", "A- Money: type added: struct of 2 fields"],
        back: &[
            "B- Money: type removed: struct of 2 fields",
            "B- Thing.price: type: Money → Price",
        ],
    },
    Case {
        name: "another type that holds less",
        edit: |d| {
            let less = json!({ "type": "object", "properties": { "value": { "type": "string" } } });
            d["components"]["schemas"]["money"] = less;
            below(d, THING, "/price")["$ref"] = json!("#/components/schemas/money");
        },
        there: &["BB Thing.price: type: Price → Money", "A- Money: type added: struct of 1 field"],
        back: &["B- Money: type removed: struct of 1 field", "BA Thing.price: type: Money → Price"],
    },
    Case {
        name: "a hand-written type",
        edit: |d| {
            d["components"]["schemas"]["verify.v2.thing.price"]["x-rust-type"] =
                json!("crate::Price")
        },
        there: &["B- Price: Rust type replaced: generated → crate::Price"],
        back: &["B- Price: Rust type replaced: crate::Price → generated"],
    },
    Case {
        name: "the letters of a SID",
        edit: |d| {
            let pattern = json!("^TX[0-9a-fA-F]{32}$");
            below(d, THING, "/sid")["pattern"] = pattern.clone();
            below(d, FETCH, "/parameters/0/schema")["pattern"] = pattern;
        },
        there: &["BB ThingSid: SID letters: TH → TX"],
        back: &["BB ThingSid: SID letters: TX → TH"],
    },
    Case {
        name: "values that are sent",
        edit: |d| *at(d, "/components/schemas/thing_enum_order/enum") = json!(["asc", "none"]),
        there: &["BB ThingOrder: value removed: desc", "AA ThingOrder: value added: none"],
        back: &["BB ThingOrder: value removed: none", "AA ThingOrder: value added: desc"],
    },
    Case {
        name: "values that are received",
        edit: |d| *at(d, "/components/schemas/thing_enum_state/enum") = json!(["new", "gone"]),
        there: &["BA ThingState: value removed: old", "AA ThingState: value added: gone"],
        back: &["BA ThingState: value removed: gone", "AA ThingState: value added: old"],
    },
    Case {
        name: "values that go both ways",
        edit: |d| *at(d, "/components/schemas/thing_enum_kind/enum") = json!(["big"]),
        there: &["BB ThingKind: value removed: small"],
        back: &["AA ThingKind: value added: small"],
    },
    Case {
        name: "values of one place, where another has them still",
        edit: |d| {
            let schemas = &mut d["components"]["schemas"];
            schemas["thing_enum_kind"]["x-rust-name"] = json!("ThingKind");
            schemas["list_enum_kind"] =
                json!({ "type": "string", "enum": ["big"], "x-rust-name": "ThingKind" });
            below(d, LIST, "/parameters/2/schema")["$ref"] =
                json!("#/components/schemas/list_enum_kind");
        },
        there: &[
            "-B ListThing.Kind: value removed: small",
            "-- ThingKind: component renamed: thing_enum_kind → list_enum_kind",
        ],
        back: &[
            "-A ListThing.Kind: value added: small",
            "-- ThingKind: component renamed: list_enum_kind → thing_enum_kind",
        ],
    },
    Case {
        name: "a variant's name",
        // A value that would be called the same comes before it.
        edit: |d| {
            *at(d, "/components/schemas/thing_enum_state/enum") = json!(["NEW", "new", "old"])
        },
        there: &["B- ThingState: variant renamed: New → New2", "AA ThingState: value added: NEW"],
        back: &["BA ThingState: value removed: NEW", "B- ThingState: variant renamed: New2 → New"],
    },
    Case {
        name: "an enum becomes a text",
        edit: |d| drop(remove(at(d, "/components/schemas/thing_enum_order"), "enum")),
        there: &[
            "BA ListThing.Order: type: ThingOrder → string",
            "B- ThingOrder: type removed: enum asc | desc",
        ],
        back: &[
            "BB ListThing.Order: type: string → ThingOrder",
            "A- ThingOrder: type added: enum asc | desc",
        ],
    },
    Case {
        name: "an enum becomes a struct",
        edit: |d| {
            d["components"]["schemas"]["thing_enum_state"] =
                json!({ "type": "object", "properties": { "a": { "type": "string" } } });
        },
        there: &[
            "BB Thing.state: type: string → object",
            "B- ThingState: type: enum → struct",
            r#"-A Thing.state: enum loosened: ["new","old"] → none"#,
        ],
        back: &[
            "BB Thing.state: type: object → string",
            "B- ThingState: type: struct → enum",
            r#"-A Thing.state: enum tightened: none → ["new","old"]"#,
        ],
    },
    Case {
        name: "fields without a name",
        edit: |d| d["components"]["schemas"]["verify.v2.thing"]["additionalProperties"] = json!({}),
        there: &["A- Thing: keeps unnamed fields"],
        back: &["B- Thing: drops unnamed fields"],
    },
];
