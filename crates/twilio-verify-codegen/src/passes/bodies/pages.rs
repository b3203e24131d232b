//! Turns every list response into one generic page.
//!
//! Twilio's list responses are objects with an array and `meta`, which has the place of the next
//! page. Each becomes `Page<Item>`, so that paging is implemented once.

use serde_json::{Map, Value, json};

use crate::document::document::{Document, Part, Role};
use crate::document::error::Error;
use crate::document::mark;
use crate::document::names::Taken;
use crate::document::schema::{refer, reference, target};

pub(crate) fn run(document: &mut Document) -> Result<(), Error> {
    let mut taken: Taken = document.components().map(|(name, _)| name).collect();
    let mut pages: Map<String, Value> = Map::new();
    document.parts_mut(|_, part: &Part, schema| {
        let Some((key, item)) = page(schema).filter(|_| part.role == Role::Response) else {
            return Ok(());
        };
        let component = json!({
            mark::PAGE_KEY: key,
            mark::PAGE_ITEM: item,
            "type": "object",
        });
        // Operations with the same response share its page.
        let name = part.name();
        let name = match pages.get(&name) {
            Some(same) if *same == component => name,
            _ => taken.free(&name),
        };
        refer(schema, &name);
        pages.insert(name, component);
        Ok(())
    })?;
    document.components_mut().extend(pages);
    Ok(())
}

/// Returns the name of the array and the component that it holds, if the schema is a list response.
fn page(schema: &Value) -> Option<(String, String)> {
    let properties = schema.get("properties")?.as_object()?;
    properties.get("meta")?.pointer("/properties/next_page_url")?;
    let mut arrays = properties.iter().filter(|(name, _)| name.as_str() != "meta");
    let (key, array) = arrays.next()?;
    if arrays.next().is_some() || target(array).is_some() {
        return None;
    }
    Some((key.clone(), reference(array.get("items")?)?.to_owned()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::run;
    use crate::passes::base::testing::{RESPONSE, document};

    #[test]
    fn a_list_answer_is_a_page_of_its_items() {
        let mut document = document(
            json!({ "thing": { "type": "object" } }),
            json!([]),
            json!({ "type": "object", "title": "ListThingResponse", "properties": {
                "things": { "type": "array", "items": { "$ref": "#/components/schemas/thing" } },
                "meta": { "type": "object", "properties": { "next_page_url": { "type": "string" } } }
            } }),
        );
        run(&mut document).unwrap();
        let schema = document.json().pointer(RESPONSE).unwrap();
        assert_eq!(*schema, json!({ "$ref": "#/components/schemas/ListThingResponse" }));
        let page = document.component("ListThingResponse").unwrap();
        assert_eq!(page["x-page-key"], "things");
        assert_eq!(page["x-page-item"], "thing");
    }

    #[test]
    fn an_object_without_paging_stays() {
        let schema = json!({ "type": "object", "properties": {
            "things": { "type": "array", "items": { "$ref": "#/components/schemas/thing" } }
        } });
        let mut document = document(json!({ "thing": {} }), json!([]), schema.clone());
        run(&mut document).unwrap();
        assert_eq!(*document.json().pointer(RESPONSE).unwrap(), schema);
    }
}
