//! Gives the arguments of a method unique names that are valid in Rust.
//!
//! `StartTime<`, `StartTime` and `StartTime>` are three parameters of one operation, and `Sid` may
//! be in both the path and the query. Headers that HTTP itself decides (`Content-Type`) are
//! removed.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::document::Document;
use crate::document::error::Error;
use crate::document::json::text;
use crate::document::mark;
use crate::document::names::{self, Taken};

/// Names that the generated methods use for themselves, or that would hide a function they call.
const TAKEN: [&str; 10] = [
    "body",
    "encode_path",
    "faults",
    "header_map",
    "info",
    "limit",
    "page_url",
    "query",
    "sender",
    "value",
];

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    document.operations_mut(|_, path, _, operation| {
        let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) else {
            return Ok(());
        };
        parameters.retain(|parameter| {
            let name = text(parameter, "name").to_ascii_lowercase();
            let own = ["accept", "authorization", "content-type"].contains(&name.as_str());
            text(parameter, "in") != "header" || !own
        });
        // Path parameters come first, in the order of the path, so that all operations of a path
        // use the same names. Then ordinary names come before others.
        let mut order: Vec<usize> = (0..parameters.len()).collect();
        order.sort_by_key(|index| {
            let parameter = &parameters[*index];
            let name = text(parameter, "name");
            let in_path = text(parameter, "in") == "path";
            let place = path.find(&format!("{{{name}}}")).filter(|_| in_path);
            (place.unwrap_or(usize::MAX), !names::is_ordinary(name), name.to_owned())
        });
        let mut taken: Taken = TAKEN.into_iter().collect();
        let mut wires = BTreeSet::new();
        for index in order {
            let parameter = &mut parameters[index];
            let wire = text(parameter, "name").to_owned();
            let natural = names::snake(&wire);
            let new = wires.insert(wire.clone());
            let given = text(parameter, mark::RUST_NAME).to_owned();
            if names::is_snake(&given) && taken.insert(given) {
                continue;
            }
            if let Some(parameter) = parameter.as_object_mut() {
                parameter.remove(mark::RUST_NAME);
            }
            if new && names::is_ordinary(&wire) && taken.insert(&*natural) {
                continue;
            }
            let base = natural.trim_end_matches('_');
            let name = match base == natural {
                true => taken.free(base),
                false => taken.numbered(base),
            };
            parameter[mark::RUST_NAME] = name.into();
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::run;
    use crate::passes::base::testing::document;

    fn names(parameters: Value) -> Vec<String> {
        let mut document = document(json!({}), parameters, json!({}));
        run(&mut document).unwrap();
        let get = &document.json()["paths"]["/v2/Things"]["get"];
        let parameters = get["parameters"].as_array().unwrap();
        let name = |parameter: &Value| {
            let name = parameter.get("x-rust-name").unwrap_or(&parameter["name"]);
            name.as_str().unwrap_or_default().to_owned()
        };
        parameters.iter().map(name).collect()
    }

    fn query(name: &str) -> Value {
        json!({ "name": name, "in": "query", "schema": { "type": "string" } })
    }

    #[test]
    fn names_that_would_be_one_are_told_apart() {
        let parameters = json!([
            query("StartTime<"),
            query("StartTime"),
            query("StartTime>"),
            query("start_time"),
            query("Body"),
            query("self"),
            query("Filter[Name]"),
        ]);
        assert_eq!(
            names(parameters),
            [
                "start_time_before",
                "StartTime",
                "start_time_after",
                "start_time2",
                "body2",
                "self",
                "filter_name"
            ]
        );
    }

    #[test]
    fn one_name_in_two_places_is_two_arguments() {
        let header = json!({ "name": "Sid", "in": "header", "schema": {} });
        assert_eq!(names(json!([query("Sid"), header])), ["Sid", "sid2"]);
    }

    #[test]
    fn what_http_decides_is_no_argument() {
        let accept = json!({ "name": "Accept", "in": "header", "schema": {} });
        assert_eq!(names(json!([accept, query("Accept")])), ["Accept"]);
    }
}
