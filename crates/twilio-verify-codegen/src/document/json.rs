//! Reads JSON, and rejects an object with the same key twice, because one of the values would be
//! lost silently.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::document::error::{Error, Pointer};

/// Reads a document's text.
pub(crate) fn parse(text: &str) -> Result<Value, Error> {
    let twice = RefCell::new(None);
    let place = Place { pointer: Pointer::root(), twice: &twice };
    let unique = place.deserialize(&mut serde_json::Deserializer::from_str(text));
    match (unique, twice.take()) {
        (Err(error), Some(pointer)) => Err(Error::document(&pointer, error)),
        _ => serde_json::from_str(text)
            .map_err(|error| Error::document(&Pointer::root(), format!("not JSON: {error}"))),
    }
}

/// Returns a text field of a JSON object, or an empty text if it is missing.
pub(crate) fn text<'a>(json: &'a Value, key: &str) -> &'a str {
    json.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// The place of a value, and of a duplicate key if there was one.
struct Place<'a> {
    pointer: Pointer,
    twice: &'a RefCell<Option<Pointer>>,
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut index = 0_usize;
        let place = |index: usize| Place {
            pointer: self.pointer.child(index.to_string()),
            twice: self.twice,
        };
        while items.next_element_seed(place(index))?.is_some() {
            index += 1;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let mut keys = BTreeSet::new();
        while let Some(key) = entries.next_key::<String>()? {
            let pointer = self.pointer.child(&key);
            if !keys.insert(key) {
                self.twice.replace(Some(pointer));
                let reason = "the key occurs twice in one object; keep one of the two";
                return Err(de::Error::custom(reason));
            }
            entries.next_value_seed(Place { pointer, twice: self.twice })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::parse;

    #[test]
    fn json_is_read_as_it_stands() {
        let text = r#"{"a":[1,-2,0.5,true,null,"x"],"b":{"c":{}}}"#;
        let read = parse(text).unwrap();
        assert_eq!(read, json!({ "a": [1, -2, 0.5, true, null, "x"], "b": { "c": {} } }));
    }

    #[test]
    fn a_key_that_occurs_twice_is_named() {
        let error = parse(r#"{"paths":{"/a":[{}, {"x":1,"y":2,"x":3}]}}"#).expect_err("refused");
        assert_eq!(error.pointer().as_str(), "/paths/~1a/1/x");
        assert!(error.reason().contains("line 1"), "{error}");
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in ["", "{", "{} {}", "nul", &"[".repeat(200_000)] {
            assert!(parse(text).is_err());
        }
    }
}
