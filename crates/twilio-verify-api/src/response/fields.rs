//! Reads objects field by field.
//!
//! serde's derive generates two visitors for each type, and two wrappers for each field with its
//! own function: half of this crate's compile time. Here all types share one visitor, and a field
//! is a line.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor,
};
use serde_json::Value;

use crate::response::lenient::{self, Each, Field};

/// An object whose fields may all be missing.
pub(crate) trait Fields<'de>: Sized {
    /// Identifies a field.
    type Name: Copy;
    /// The name of the type, for errors.
    const TYPE: &'static str;
    /// The names of the fields.
    const NAMES: &'static [&'static str];
    /// Whether unknown fields are kept.
    const IS_OPEN: bool = false;

    /// Returns the object with all fields missing.
    fn blank() -> Self;

    /// Returns the field with that name.
    fn name(name: &str) -> Option<Self::Name>;

    /// Reads the value of a field.
    ///
    /// # Errors
    ///
    /// Returns an error if it can't be understood.
    fn read<A: MapAccess<'de>>(&mut self, name: Self::Name, map: &mut A) -> Result<(), A::Error>;

    /// Keeps an unknown field.
    fn keep(&mut self, _name: String, _value: Value) {}
}

/// Reads an object.
///
/// # Errors
///
/// Returns an error if the value is not an object, or if a field can't be understood.
pub(crate) fn read<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Fields<'de>,
    D: Deserializer<'de>,
{
    let visitor = ObjectVisitor(PhantomData);
    match T::IS_OPEN {
        true => deserializer.deserialize_map(visitor),
        false => deserializer.deserialize_struct(T::TYPE, T::NAMES, visitor),
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Fields<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "struct {}", T::TYPE)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut object = T::blank();
        while let Some(key) = map.next_key_seed(KeySeed(PhantomData::<T>))? {
            match key {
                Key::Known(name) => object.read(name, &mut map)?,
                Key::Other(name) if T::IS_OPEN => object.keep(name, map.next_value()?),
                Key::Other(_) => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(object)
    }
}

/// The key of a field. The name of an unknown field is empty unless the type keeps it.
enum Key<N> {
    Known(N),
    Other(String),
}

struct KeySeed<T>(PhantomData<T>);

impl<'de, T: Fields<'de>> DeserializeSeed<'de> for KeySeed<T> {
    type Value = Key<T::Name>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de, T: Fields<'de>> Visitor<'de> for KeySeed<T> {
    type Value = Key<T::Name>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(match T::name(name) {
            Some(name) => Key::Known(name),
            None if T::IS_OPEN => Key::Other(name.to_owned()),
            None => Key::Other(String::new()),
        })
    }
}

/// Reads a field as its type says.
///
/// # Errors
///
/// Returns an error if it can't be understood.
pub(crate) fn plain<'de, A, T>(map: &mut A) -> Result<T, A::Error>
where
    A: MapAccess<'de>,
    T: Deserialize<'de>,
{
    map.next_value()
}

/// Reads a field in any form that Twilio writes it in.
///
/// # Errors
///
/// Returns an error if it can't be understood.
pub(crate) fn field<'de, A, T>(map: &mut A) -> Result<T, A::Error>
where
    A: MapAccess<'de>,
    T: Field<'de>,
{
    map.next_value_seed(FieldSeed(PhantomData))
}

/// Reads a list or a map, with each value read leniently.
///
/// # Errors
///
/// Returns an error if it can't be understood.
pub(crate) fn each<'de, A, T>(map: &mut A) -> Result<T, A::Error>
where
    A: MapAccess<'de>,
    T: Each<'de>,
{
    map.next_value_seed(EachSeed(PhantomData))
}

struct FieldSeed<T>(PhantomData<T>);

impl<'de, T: Field<'de>> DeserializeSeed<'de> for FieldSeed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        lenient::field(deserializer)
    }
}

struct EachSeed<T>(PhantomData<T>);

impl<'de, T: Each<'de>> DeserializeSeed<'de> for EachSeed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        lenient::each(deserializer)
    }
}

/// Implements reading of a type, with a line `field: how "name",` for each field; `how` is a
/// function of this module. The field after `@keep` holds the unknown fields, and those after
/// `@blank` are not read.
macro_rules! read_fields {
    ($type:ident {
        $($field:ident: $how:ident $name:literal,)*
        $(@keep $rest:ident,)?
        $(@blank $blank:ident,)*
    }) => {
        #[allow(bindings_with_variant_name, reason = "a field may be called `name`")]
        const _: () = {
            #[derive(Clone, Copy)]
            #[allow(non_camel_case_types, reason = "the names of fields")]
            pub enum Name {
                $($field,)*
            }

            impl<'de> $crate::response::fields::Fields<'de> for $type {
                type Name = Name;
                const TYPE: &'static str = stringify!($type);
                const NAMES: &'static [&'static str] = &[$($name),*];

                fn blank() -> Self {
                    Self {
                        $($field: ::std::default::Default::default(),)*
                        $($rest: ::std::default::Default::default(),)?
                        $($blank: ::std::default::Default::default(),)*
                    }
                }

                fn name(name: &str) -> Option<Name> {
                    match name {
                        $($name => Some(Name::$field),)*
                        _ => None,
                    }
                }

                fn read<A: ::serde::de::MapAccess<'de>>(
                    &mut self,
                    name: Name,
                    map: &mut A,
                ) -> Result<(), A::Error> {
                    match name {
                        $(Name::$field => self.$field = $crate::response::fields::$how(map)?,)*
                    }
                    Ok(())
                }

                $(const IS_OPEN: bool = true;

                fn keep(&mut self, name: String, value: ::serde_json::Value) {
                    self.$rest.insert(name, value);
                })?
            }
        };

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::response::fields::read(deserializer)
            }
        }
    };
}

pub(crate) use read_fields;

#[cfg(test)]
mod tests {
    use crate::generated::types::{Bucket, ChannelData};

    #[test]
    fn fields_without_a_name_are_kept_where_the_type_is_open() {
        let json = r#"{"country":"CO","new":{"a":[1]},"country":"PE"}"#;
        let data: ChannelData = serde_json::from_str(json).unwrap();
        assert_eq!(data.country.map(|country| country.to_string()).as_deref(), Some("PE"));
        assert_eq!(data.extra.get("new"), Some(&serde_json::json!({ "a": [1] })));
        let bucket: Bucket = serde_json::from_str(r#"{"new":{"a":[1]},"max":"5"}"#).unwrap();
        assert_eq!((bucket.max, bucket.interval, bucket.sid), (5, 0, None));
    }

    #[test]
    fn only_an_object_is_one() {
        for json in ["[]", "[null]", "null", "1", "\"max\""] {
            let error = serde_json::from_str::<Bucket>(json).expect_err(json).to_string();
            assert!(error.contains("expected struct Bucket"), "{error}");
        }
    }

    #[test]
    fn a_type_can_be_part_of_another() {
        #[derive(serde::Deserialize)]
        struct Both {
            #[serde(flatten)]
            bucket: Bucket,
            other: u8,
        }

        let both: Both = serde_json::from_str(r#"{"max":5,"other":1,"interval":60}"#).unwrap();
        assert_eq!((both.bucket.max, both.bucket.interval, both.other), (5, 60, 1));
    }
}
