//! A page of a list.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::response::lenient::Lenient;
use crate::response::read::{ReadError, Received, around};
use crate::response::unread::Unread;

/// A resource that occurs in lists.
pub trait ListItem: Received {
    /// The names of the arrays that hold it.
    const KEYS: &'static [&'static str];
}

/// A page of a list: its items, and where the next page is.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// The items, in the order in which they were received.
    pub items: Vec<T>,
    /// The position of the page in the list.
    pub meta: Meta,
    /// Items that can't be read, and fields of `meta` that can't be understood.
    pub unread: Unread,
}

/// Serializes the page as the API does, with the items under their own name. `unread` is left out.
impl<T: ListItem + Serialize> Serialize for Page<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut page = serializer.serialize_struct("Page", 2)?;
        page.serialize_field(T::KEYS.first().unwrap_or(&"items"), &self.items)?;
        page.serialize_field("meta", &self.meta)?;
        page.end()
    }
}

/// The position of a page in a list.
#[derive(Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Meta {
    /// The index of the page, from 0.
    #[serde(
        deserialize_with = "crate::response::lenient::field",
        skip_serializing_if = "Option::is_none"
    )]
    pub page: Option<u64>,
    /// The maximum number of items on a page.
    #[serde(
        deserialize_with = "crate::response::lenient::field",
        skip_serializing_if = "Option::is_none"
    )]
    pub page_size: Option<u64>,
    /// The absolute URL of the next page; `None` after the last.
    #[serde(deserialize_with = "url")]
    pub next_page_url: Option<String>,
    /// The absolute URL of the page before this one; `None` before the first.
    #[serde(deserialize_with = "url")]
    pub previous_page_url: Option<String>,
}

impl Meta {
    /// Returns the token of the next page, or `None` after the last. Every list builder accepts it
    /// as `page_token`.
    ///
    /// ```
    /// let mut meta = twilio_verify_api::Meta::default();
    /// let url = "https://verify.twilio.com/v2/Services?PageSize=50&Page=1&PageToken=PAVA1%3D";
    /// meta.next_page_url = Some(url.to_owned());
    /// assert_eq!(meta.next_page_token().as_deref(), Some("PAVA1="));
    /// ```
    pub fn next_page_token(&self) -> Option<String> {
        let query = self.next_page_url.as_deref()?.split_once('?')?.1;
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        let token = pairs.find(|(name, _)| name == "PageToken")?;
        Some(token.1.into_owned())
    }
}

/// Reads a URL. Returns `None` for an empty one.
fn url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(String::lenient(deserializer)?.filter(|url| !url.trim().is_empty()))
}

impl fmt::Debug for Meta {
    /// Leaves out the URLs: their queries repeat the filters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meta")
            .field("page", &self.page)
            .field("page_size", &self.page_size)
            .field("next_page", &self.next_page_url.is_some())
            .field("previous_page", &self.previous_page_url.is_some())
            .finish_non_exhaustive()
    }
}

impl<'de, T: ListItem> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PageVisitor(PhantomData))
    }
}

/// The name of a property. It is read as an identifier, like the name of a struct's field, so that
/// errors may show it; the keys of maps are hidden.
struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(NameVisitor)
    }
}

struct NameVisitor;

impl Visitor<'_> for NameVisitor {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_str<E>(self, name: &str) -> Result<Name, E> {
        Ok(Name(name.to_owned()))
    }
}

struct PageVisitor<T>(PhantomData<T>);

impl<'de, T: ListItem> Visitor<'de> for PageVisitor<T> {
    type Value = Page<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a page of {}", T::KEYS.join(" or "))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut items = None;
        let mut meta = None;
        while let Some(Name(key)) = map.next_key()? {
            if key == "meta" {
                meta = map.next_value::<Option<Meta>>()?;
            } else if T::KEYS.contains(&key.as_str()) {
                items = Some(map.next_value::<Option<Vec<T>>>()?.unwrap_or_default());
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        // An object with neither is not a list. Reading it as an empty list would hide that.
        let items = match (items, &meta) {
            (Some(items), _) => items,
            (None, Some(_)) => Vec::new(),
            (None, None) => {
                return Err(serde::de::Error::missing_field(
                    T::KEYS.first().copied().unwrap_or("meta"),
                ));
            }
        };
        Ok(Page { items, meta: meta.unwrap_or_default(), unread: Unread::default() })
    }
}

impl<T: ListItem> Received for Page<T> {
    fn keep(&mut self, unread: Unread) {
        self.unread = unread;
    }

    /// Reads each item separately, so that an unreadable one doesn't cost the others.
    fn read_around(value: Value) -> Result<Self, ReadError> {
        let mut unread = Vec::new();
        let key = T::KEYS.iter().find(|key| value.get(key).is_some());
        let listed = key.and_then(|key| value.get(key));
        if key.is_none() && value.get("meta").is_none() {
            let keys = T::KEYS.join("` nor `");
            return Err(ReadError::new(format!("it has neither `{keys}` nor `meta`")));
        }
        let values = match listed {
            None | Some(Value::Null) => &[][..],
            Some(Value::Array(values)) => values,
            Some(_) => {
                let key = key.copied().unwrap_or_default();
                return Err(ReadError::new(format!("{key}: expected a list")));
            }
        };
        let mut items = Vec::with_capacity(values.len());
        for (index, value) in values.iter().enumerate() {
            let read = match T::deserialize(value) {
                _ if !value.is_object() => None,
                Ok(item) => Some(item),
                Err(_) => T::read_around(value.clone()).ok(),
            };
            match read {
                Some(item) => items.push(item),
                None => unread.push((format!("{}[{index}]", key.unwrap_or(&"")), value.clone())),
            }
        }
        let meta = match value.get("meta") {
            None | Some(Value::Null) => Meta::default(),
            // Without the URL of the next page, the list would seem to end.
            Some(meta) => {
                let (meta, fields) = around::<Meta>(meta.clone(), &["next_page_url"])?;
                unread.extend(
                    fields.into_iter().map(|(path, value)| (format!("meta.{path}"), value)),
                );
                meta
            }
        };
        Ok(Self { items, meta, unread: Unread::new(unread) })
    }

    fn unread(&self, paths: &mut Vec<String>) {
        paths.extend(self.unread.iter().map(|(path, _)| path.to_owned()));
        let key = T::KEYS.first().copied().unwrap_or_default();
        for (index, item) in self.items.iter().enumerate() {
            let begin = paths.len();
            item.unread(paths);
            for path in paths.iter_mut().skip(begin) {
                *path = format!("{key}[{index}].{path}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Page;
    use crate::generated::types::Attempt;

    fn read(json: &str) -> Result<Page<Attempt>, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn a_page_is_read_whatever_stands_beside_its_items() {
        let page = read(
            r#"{"other":[1,{"a":[]}],"attempts":[{"sid":"VL1"},{}],
            "meta":{"key":"attempts","next_page_url":"https://x/?To=%2B57","page":0,"new":{}}}"#,
        )
        .unwrap();
        assert_eq!(page.items.len(), 2);
        assert_eq!(page.meta.next_page_url.as_deref(), Some("https://x/?To=%2B57"));
        assert!(!format!("{page:?}").contains("%2B57"));
    }

    #[test]
    fn a_page_round_trips() {
        let json = r#"{"attempts":[{"sid":"VL1"}],"meta":{"page":0,"page_size":50,
            "next_page_url":"https://x/?Page=1","previous_page_url":null}}"#;
        let page = read(json).unwrap();
        let written = serde_json::to_value(&page).unwrap();
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(json).unwrap());
        assert_eq!(read(&written.to_string()).unwrap(), page);
    }

    #[test]
    fn null_is_an_empty_page_and_nothing_is_none() {
        assert!(read(r#"{"attempts":null,"meta":null}"#).unwrap().items.is_empty());
        assert!(read(r#"{"meta":{}}"#).unwrap().items.is_empty());
        assert!(read("{}").is_err());
        assert!(read("[]").is_err());
    }
}
