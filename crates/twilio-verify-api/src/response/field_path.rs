//! Formats the path of a field in a response for an error.

use std::cell::RefCell;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

/// Returns the text of a path in a body that can't be read as a `T`. The names of fields come from
/// the type, but the keys of maps were received and may be private: each is shown as `…`.
pub(crate) fn shown<T: DeserializeOwned>(path: &Path, body: &Value) -> String {
    let segments: Vec<&Segment> = path.iter().collect();
    let are_fields = RefCell::new(Vec::new());
    // This fails like the body did. Only the way it reads the keys of the path matters.
    let _ = T::deserialize(Probe { value: body, path: &segments, are_fields: &are_fields });
    let mut are_fields = are_fields.into_inner().into_iter();
    let mut text = String::new();
    for segment in segments {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("[{index}]")),
            Segment::Map { key } => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(if are_fields.next() == Some(true) { key } else { "…" });
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    text
}

/// Reads only the values on a path, and records for each key whether it is read as the name of a
/// field (an identifier, as by the structs that derive serde) or as a value, as by maps.
struct Probe<'de> {
    value: &'de Value,
    path: &'de [&'de Segment],
    are_fields: &'de RefCell<Vec<bool>>,
}

impl<'de> Deserializer<'de> for Probe<'de> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        let Self { value, path, are_fields } = self;
        match (path, value) {
            ([Segment::Map { key }, path @ ..], Value::Object(object)) => {
                let value = object.get(key).map(|value| Self { value, path, are_fields });
                visitor.visit_map(Entry { key: value.is_some().then_some(key), value, are_fields })
            }
            ([Segment::Seq { index }, path @ ..], Value::Array(items)) => {
                let items = items.iter().take(index.saturating_add(1)).enumerate();
                let items = items.map(|(place, value)| {
                    let path = if place == *index { path } else { &[] };
                    Self { value, path, are_fields }
                });
                visitor.visit_seq(Items(items.collect::<Vec<_>>().into_iter()))
            }
            _ => value.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The items of a list, up to the one on the path.
struct Items<'de>(std::vec::IntoIter<Probe<'de>>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = serde_json::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Self::Error> {
        self.0.next().map(|item| seed.deserialize(item)).transpose()
    }
}

/// The entry of an object that is on the path.
struct Entry<'de> {
    key: Option<&'de String>,
    value: Option<Probe<'de>>,
    are_fields: &'de RefCell<Vec<bool>>,
}

impl<'de> MapAccess<'de> for Entry<'de> {
    type Error = serde_json::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Self::Error> {
        let are_fields = self.are_fields;
        self.key.take().map(|text| seed.deserialize(Key { text, are_fields })).transpose()
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<S::Value, Self::Error> {
        match self.value.take() {
            Some(value) => seed.deserialize(value),
            None => seed.deserialize(&Value::Null),
        }
    }
}

/// The key of an entry.
struct Key<'de> {
    text: &'de str,
    are_fields: &'de RefCell<Vec<bool>>,
}

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.are_fields.borrow_mut().push(false);
        visitor.visit_borrowed_str(self.text)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.are_fields.borrow_mut().push(true);
        visitor.visit_borrowed_str(self.text)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct seq tuple tuple_struct map struct enum ignored_any
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};

    use super::shown;
    use crate::generated::types::Attempt;
    use crate::response::page::Page;
    use serde::Deserialize;
    use serde::de::DeserializeOwned;

    fn path<T: DeserializeOwned>(body: &str) -> String {
        let reader = &mut serde_json::Deserializer::from_str(body);
        let error = serde_path_to_error::deserialize::<_, T>(reader).err();
        let body = serde_json::from_str(body).unwrap();
        shown::<T>(error.expect("it can't be read").path(), &body)
    }

    #[derive(Deserialize)]
    #[allow(dead_code, reason = "only read")]
    struct Inner {
        count: u8,
        #[serde(default)]
        by_name: HashMap<String, Option<Vec<Inner>>>,
    }

    #[derive(Deserialize)]
    #[allow(dead_code, reason = "only read")]
    struct Open {
        inner: Option<Inner>,
        #[serde(flatten)]
        rest: BTreeMap<String, serde_json::Value>,
    }

    #[derive(Deserialize)]
    #[allow(dead_code, reason = "only read")]
    struct Tuple(u8, BTreeMap<String, u8>);

    #[test]
    fn fields_are_named_and_keys_are_not() {
        let inner = r#"{ "count": 1, "by_name": { "ana@example.com": [
            { "count": 1 }, { "count": 2, "by_name": { "bob": [{ "count": "x" }] } }] } }"#;
        assert_eq!(path::<Inner>(inner), "by_name.…[1].by_name.…[0].count");
        assert_eq!(
            path::<Open>(&format!(r#"{{ "+573003003030": 1, "inner": {inner} }}"#)),
            "inner.by_name.…[1].by_name.…[0].count"
        );
        let people = r#"{ "ana": { "count": 1 }, "bob": { "count": [] } }"#;
        assert_eq!(path::<HashMap<String, Inner>>(people), "….count");
        assert_eq!(path::<BTreeMap<String, u8>>(r#"{ "count": "x" }"#), "…", "though it is a word");
        assert_eq!(path::<HashMap<String, u8>>(r#"{ "42": "x" }"#), "…");
        assert_eq!(path::<Tuple>(r#"[1, { "bob": "x" }]"#), "[1].…");
    }

    #[test]
    fn a_key_is_hidden_whatever_its_type() {
        let error = path::<BTreeMap<String, BTreeMap<u8, u8>>>(r#"{ "ana": { "573": true } }"#);
        assert!(!error.contains("ana") && !error.contains("573"), "{error}");
    }

    #[test]
    fn a_page_names_the_field_of_an_item() {
        let page = r#"{ "attempts": [{}, { "price": { "value": [] } }], "meta": {} }"#;
        assert_eq!(path::<Page<Attempt>>(page), "attempts[1].price.value");
        assert_eq!(path::<Page<Attempt>>(r#"{ "meta": { "page": {} } }"#), "meta.page");
    }
}
