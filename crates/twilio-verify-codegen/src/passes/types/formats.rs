//! Gives dates, decimals, countries and maps of links their own Rust types, and drops formats that
//! mean nothing to the client.

use crate::document::document::Document;
use crate::document::error::Error;
use crate::document::json::text;
use crate::document::schema::refer;
use crate::passes::base::leaves::{self, COUNTRY, DATE_TIME, DECIMAL, URI_MAP};

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    let mut given = Vec::new();
    document.schemas_mut(|pointer, schema| {
        // The component of such a type must not be replaced by itself.
        let is_component = pointer.tokens().count() == 3;
        if let Some((name, component)) = leaves::given(schema).filter(|_| !is_component) {
            refer(schema, &name);
            given.push((name, component));
            return Ok(());
        }
        match (text(schema, "type"), text(schema, "format")) {
            ("string", "date-time") => refer(schema, DATE_TIME.component),
            ("string", "decimal") => refer(schema, DECIMAL.component),
            ("string", "iso-country-code") => refer(schema, COUNTRY.component),
            ("object", "uri-map") => refer(schema, URI_MAP.component),
            ("integer", "int32" | "int64" | "uint32" | "uint64")
            | ("number", "float" | "double") => {}
            _ => {
                if let Some(schema) = schema.as_object_mut() {
                    schema.remove("format");
                }
            }
        }
        Ok(())
    })?;
    document.components_mut().extend(given);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::run;
    use crate::passes::base::testing::document;

    #[test]
    fn formats_become_types_or_nothing() {
        let components = json!({ "Thing": { "type": "object", "properties": {
            "created": { "type": "string", "format": "date-time", "nullable": true },
            "rate": { "type": "string", "format": "decimal" },
            "country": { "type": "string", "format": "iso-country-code" },
            "links": { "type": "object", "format": "uri-map" },
            "url": { "type": "string", "format": "uri" },
            "count": { "type": "integer", "format": "int64" },
            "index": { "type": "integer", "format": "int8" },
            "price": { "type": "number", "format": "currency" },
            "data": { "type": "object", "format": "" },
            "tags": { "type": "array", "format": "csv", "items": { "type": "string" } },
        } } });
        let mut document = document(components, json!([]), json!({}));
        run(&mut document).unwrap();
        let fields = &document.component("Thing").unwrap()["properties"];
        let target = |name: &str| format!("#/components/schemas/{name}");
        assert_eq!(fields["created"]["allOf"][0]["$ref"], target("LeafDateTime"));
        assert_eq!(fields["rate"]["$ref"], target("LeafDecimal"));
        assert_eq!(fields["country"]["$ref"], target("LeafCountry"));
        assert_eq!(fields["links"]["$ref"], target("LeafUriMap"));
        assert_eq!(fields["url"], json!({ "type": "string" }));
        assert_eq!(fields["count"]["format"], "int64");
        assert_eq!(fields["index"], json!({ "type": "integer" }));
        assert_eq!(fields["price"], json!({ "type": "number" }));
        assert_eq!(fields["data"], json!({ "type": "object" }));
        assert_eq!(fields["tags"], json!({ "type": "array", "items": { "type": "string" } }));
    }
}
