//! Changes of the document, and of operations as a whole.

use serde_json::{Value, json};

use super::case::{CREATE, Case, FETCH, LIST, at, below, remove};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "title",
        edit: |d| d["info"]["title"] = json!("Other"),
        there: &["-- document: title: Test → Other"],
        back: &["-- document: title: Other → Test"],
    },
    Case {
        name: "version",
        edit: |d| d["info"]["version"] = json!("1.1.0"),
        there: &["-A document: version: 1.0.0 → 1.1.0"],
        back: &["-A document: version: 1.1.0 → 1.0.0"],
    },
    Case {
        name: "one more server",
        edit: |d| {
            d["servers"] = json!([{ "url": "https://verify.twilio.com" }, { "url": "https://x" }])
        },
        there: &[
            "-A document: servers added: https://verify.twilio.com → https://verify.twilio.com, https://x",
        ],
        back: &[
            "-B document: servers changed: https://verify.twilio.com, https://x → https://verify.twilio.com",
        ],
    },
    Case {
        name: "a server of one operation",
        edit: |d| at(d, FETCH)["servers"] = json!([{ "url": "https://x" }]),
        there: &["-B FetchThing: servers changed: https://verify.twilio.com → https://x"],
        back: &["-B FetchThing: servers changed: https://x → https://verify.twilio.com"],
    },
    Case {
        name: "another way to authenticate",
        edit: |d| at(d, FETCH)["security"] = json!([{ "basic": [] }, {}]),
        there: &["-A FetchThing: security added: basic (basic http) → basic (basic http), none"],
        back: &["-B FetchThing: security changed: basic (basic http), none → basic (basic http)"],
    },
    Case {
        name: "operation",
        edit: |d| {
            let operation = at(d, FETCH).clone();
            d["paths"]["/v2/Others/{Sid}"]["get"] = operation;
            d["paths"]["/v2/Others/{Sid}"]["get"]["operationId"] = json!("FetchOther");
        },
        there: &["AA FetchOther: operation added: GET /v2/Others/{Sid}"],
        back: &["BB FetchOther: operation removed: GET /v2/Others/{Sid}"],
    },
    Case {
        name: "the id, not the path",
        edit: |d| at(d, FETCH)["operationId"] = json!("GetThing"),
        there: &["B- GetThing: operation renamed: FetchThing → GetThing"],
        back: &["B- FetchThing: operation renamed: GetThing → FetchThing"],
    },
    Case {
        name: "the path, not the id",
        edit: |d| {
            let item = remove(&mut d["paths"], "/v2/Things/{Sid}");
            d["paths"]["/v3/Things/{Sid}"] = item;
        },
        there: &["-B FetchThing: operation moved: GET /v2/Things/{Sid} → GET /v3/Things/{Sid}"],
        back: &["-B FetchThing: operation moved: GET /v3/Things/{Sid} → GET /v2/Things/{Sid}"],
    },
    Case {
        name: "what stands after a path's parameter",
        edit: |d| {
            let item = remove(&mut d["paths"], "/v2/Things/{Sid}");
            d["paths"]["/v2/Things/{Sid}.json"] = item;
        },
        there: &[
            "-B FetchThing: operation moved: GET /v2/Things/{Sid} → GET /v2/Things/{Sid}.json",
        ],
        back: &["-B FetchThing: operation moved: GET /v2/Things/{Sid}.json → GET /v2/Things/{Sid}"],
    },
    Case {
        name: "the method",
        edit: |d| {
            let operation = remove(at(d, "/paths/~1v2~1Things"), "post");
            d["paths"]["/v2/Things"]["put"] = operation;
        },
        there: &["-B CreateThing: operation moved: POST /v2/Things → PUT /v2/Things"],
        back: &["-B CreateThing: operation moved: PUT /v2/Things → POST /v2/Things"],
    },
    Case {
        name: "two operations that change places",
        edit: |d| {
            at(d, LIST)["operationId"] = json!("CreateThing");
            at(d, CREATE)["operationId"] = json!("ListThing");
            // Only to be a case of moving: what they hold would differ.
            let (list, create) = (at(d, LIST).clone(), at(d, CREATE).clone());
            d["paths"]["/v2/Things"] = json!({ "get": create, "post": list });
            at(d, LIST)["operationId"] = json!("CreateThing");
            at(d, CREATE)["operationId"] = json!("ListThing");
        },
        there: &[
            "-B CreateThing: operation moved: POST /v2/Things → GET /v2/Things",
            "-B ListThing: operation moved: GET /v2/Things → POST /v2/Things",
        ],
        back: &[
            "-B ListThing: operation moved: POST /v2/Things → GET /v2/Things",
            "-B CreateThing: operation moved: GET /v2/Things → POST /v2/Things",
        ],
    },
    Case {
        name: "the name of a path's parameter",
        edit: |d| {
            let mut item = remove(&mut d["paths"], "/v2/Things/{Sid}");
            *at(&mut item, "/get/parameters/0/name") = json!("ThingSid");
            d["paths"]["/v2/Things/{ThingSid}"] = item;
        },
        there: &["A- FetchThing.ThingSid: path parameter renamed: Sid → ThingSid"],
        back: &["A- FetchThing.Sid: path parameter renamed: ThingSid → Sid"],
    },
    Case {
        name: "a parameter's place",
        edit: |d| *below(d, LIST, "/parameters/3/in") = json!("header"),
        there: &["-B ListThing.Filter: parameter moved: query → header"],
        back: &["-B ListThing.Filter: parameter moved: header → query"],
    },
    Case {
        name: "content type",
        edit: |d| {
            let content = below(d, CREATE, "/requestBody/content");
            let media = remove(content, "application/x-www-form-urlencoded");
            content["application/json"] = media;
            // In JSON an object is one: here it is to be the same in Rust.
            remove(&mut content["application/json"]["schema"]["properties"], "Details");
        },
        there: &[
            "-B CreateThing body: content type: application/x-www-form-urlencoded → application/json",
            "BB CreateThingRequest.Details: removed: JSON text",
        ],
        back: &[
            "-B CreateThing body: content type: application/json → application/x-www-form-urlencoded",
            "AA CreateThingRequest.Details: added: JSON text",
        ],
    },
    Case {
        name: "one more success",
        edit: |d| {
            let ok = below(d, CREATE, "/responses/201").clone();
            below(d, CREATE, "/responses")["200"] = ok;
        },
        there: &["-A CreateThing: status added: 201 → 200, 201"],
        back: &["-B CreateThing: status changed: 200, 201 → 201"],
    },
    Case {
        name: "another success",
        edit: |d| {
            let ok = remove(below(d, CREATE, "/responses"), "201");
            below(d, CREATE, "/responses")["200"] = ok;
        },
        there: &["-B CreateThing: status changed: 201 → 200"],
        back: &["-B CreateThing: status changed: 200 → 201"],
    },
    Case {
        name: "errors",
        edit: |d| below(d, CREATE, "/responses")["429"] = json!({ "description": "Too many" }),
        there: &["-A CreateThing: declared errors: none → 429"],
        back: &["-A CreateThing: declared errors: 429 → none"],
    },
    Case {
        name: "deprecation",
        edit: |d| at(d, FETCH)["deprecated"] = json!(true),
        there: &["AA FetchThing: deprecation: no → yes"],
        back: &["AA FetchThing: deprecation: yes → no"],
    },
    Case {
        name: "what nobody knows",
        edit: |d| at(d, FETCH)["callbacks"] = json!({ "later": {} }),
        there: &[r#"-B FetchThing: callbacks changed: none → {"later":{}}"#],
        back: &[r#"-B FetchThing: callbacks changed: {"later":{}} → none"#],
    },
    Case {
        name: "the answer",
        edit: |d| {
            let response = below(d, FETCH, "/responses/200");
            *response = json!({ "description": "Nothing" });
        },
        there: &["BB FetchThing answer: type: Thing → nothing"],
        back: &["BA FetchThing answer: type: nothing → Thing"],
    },
    Case {
        name: "the answer's type",
        edit: |d| {
            let list = below(d, LIST, "/responses").clone();
            let one = below(d, FETCH, "/responses").clone();
            *below(d, LIST, "/responses") = one;
            *below(d, FETCH, "/responses") = list;
        },
        there: &[
            "BB ListThing answer: type: page of Thing → Thing",
            "BB FetchThing answer: type: Thing → page of Thing",
            "-A ListThing: declared errors: 429 → none",
            "-A FetchThing: declared errors: none → 429",
        ],
        back: &[
            "BB ListThing answer: type: Thing → page of Thing",
            "BB FetchThing answer: type: page of Thing → Thing",
            "-A ListThing: declared errors: none → 429",
            "-A FetchThing: declared errors: 429 → none",
        ],
    },
    Case {
        name: "a redirect becomes a response with a body",
        edit: |d| {
            let thing = below(d, FETCH, "/responses").clone();
            d["paths"]["/v2/Files"]["get"]["responses"] = thing;
        },
        there: &[
            "-B FetchFile: status changed: 307 → 200",
            "BA FetchFile answer: type: redirect → Thing",
        ],
        back: &[
            "-B FetchFile: status changed: 200 → 307",
            "BB FetchFile answer: type: Thing → redirect",
        ],
    },
    Case {
        name: "a body",
        edit: |d| at(d, FETCH)["requestBody"] = body(json!([])),
        there: &[
            "AA FetchThing body: added: FetchThingRequest",
            "A- FetchThingRequest: type added: struct of 1 field",
        ],
        back: &[
            "BB FetchThing body: removed: FetchThingRequest",
            "B- FetchThingRequest: type removed: struct of 1 field",
        ],
    },
    Case {
        name: "a body that is required",
        edit: |d| at(d, FETCH)["requestBody"] = body(json!(["A"])),
        there: &[
            "BB FetchThing body: added, required: FetchThingRequest",
            "A- FetchThingRequest: type added: struct of 1 field",
        ],
        back: &[
            "BB FetchThing body: removed: FetchThingRequest",
            "B- FetchThingRequest: type removed: struct of 1 field",
        ],
    },
];

fn body(required: Value) -> Value {
    let properties = json!({ "A": { "type": "string" } });
    let schema = json!({ "type": "object", "required": required, "properties": properties });
    json!({ "content": { "application/json": { "schema": schema } } })
}
