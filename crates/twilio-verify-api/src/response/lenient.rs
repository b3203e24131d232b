//! Reads responses leniently: accepts a value in any form that Twilio is known to write it in, and
//! null like a missing value.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use rust_decimal::Decimal;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde_json::Value;

/// A value that can be read leniently.
pub trait Lenient<'de>: Sized {
    /// Reads a value. Returns `None` for null, and for an empty text unless the type is itself a
    /// text.
    ///
    /// # Errors
    ///
    /// Returns an error if the value can't be understood.
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;
}

/// A field of a response that may be missing, or that has a default.
pub trait Field<'de>: Sized {
    /// Reads the field.
    ///
    /// # Errors
    ///
    /// Returns an error if the value can't be understood.
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

impl<'de, T: Lenient<'de>> Field<'de> for Option<T> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::lenient(deserializer)
    }
}

/// Reads a list or a map; null is read as an empty one.
macro_rules! empty_for_null {
    ($($kind:ty $(, $item:ident)?;)*) => {$(
        impl<'de $(, $item: Deserialize<'de>)?> Field<'de> for $kind {
            fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(ContainerVisitor(PhantomData))
            }
        }
    )*};
}

empty_for_null! {
    Vec<T>, T;
    BTreeMap<String, T>, T;
    serde_json::Map<String, Value>;
}

/// Reads a list or a map. Its error doesn't repeat the value.
struct ContainerVisitor<T>(PhantomData<T>);

macro_rules! refuse {
    ($($visit:ident $value:ty, $found:literal;)*) => {$(
        fn $visit<E: Error>(self, _: $value) -> Result<T, E> {
            Err(E::invalid_type(Unexpected::Other($found), &self))
        }
    )*};
}

impl<'de, T: Deserialize<'de> + Default> Visitor<'de> for ContainerVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or a map")
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<T, A::Error> {
        T::deserialize(SeqAccessDeserializer::new(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(entries))
    }

    refuse! {
        visit_bool bool, "true or false";
        visit_i64 i64, "a number";
        visit_u64 u64, "a number";
        visit_f64 f64, "a number";
        visit_str &str, "a text";
    }
}

/// Reads a field, for `#[serde(deserialize_with)]`.
///
/// # Errors
///
/// Returns an error if the value can't be understood.
pub fn field<'de, D: Deserializer<'de>, T: Field<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(deserializer)
}

/// A list or a map with values that are read leniently. Null values are left out.
pub trait Each<'de>: Sized {
    /// Reads the field.
    ///
    /// # Errors
    ///
    /// Returns an error if the value can't be understood.
    fn read_each<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

impl<'de, T: Lenient<'de>> Each<'de> for Vec<T> {
    fn read_each<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = Vec::<Received<T>>::read(deserializer)?;
        Ok(items.into_iter().filter_map(|item| item.0).collect())
    }
}

impl<'de, T: Lenient<'de>> Each<'de> for BTreeMap<String, T> {
    fn read_each<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = BTreeMap::<String, Received<T>>::read(deserializer)?;
        let entries = entries.into_iter();
        Ok(entries.filter_map(|(name, value)| Some((name, value.0?))).collect())
    }
}

/// A value that the document allows to be null: null is kept.
impl<'de, T: Lenient<'de>> Lenient<'de> for Option<T> {
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        T::lenient(deserializer).map(Some)
    }
}

/// A value within a list or a map.
struct Received<T>(Option<T>);

impl<'de, T: Lenient<'de>> Deserialize<'de> for Received<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::lenient(deserializer).map(Self)
    }
}

/// Reads a field that is a list or a map, for `#[serde(deserialize_with)]`.
///
/// # Errors
///
/// Returns an error if the value can't be understood.
pub fn each<'de, D: Deserializer<'de>, T: Each<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read_each(deserializer)
}

/// Reads a text, or a value that can be written as one: a number, true or false.
///
/// # Errors
///
/// Returns an error if the value is an object or an array.
pub fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Cow<'de, str>>, D::Error> {
    deserializer.deserialize_any(TextVisitor)
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text)))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(if value { "true" } else { "false" })))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        text(deserializer)
    }
}

impl<'de> Lenient<'de> for String {
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(text(deserializer)?.map(Cow::into_owned))
    }
}

impl<'de> Lenient<'de> for bool {
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        match text(deserializer)?.as_deref() {
            None | Some("") => Ok(None),
            Some("true" | "True" | "1") => Ok(Some(true)),
            Some("false" | "False" | "0") => Ok(Some(false)),
            // The text itself might be personal data.
            Some(_) => {
                Err(D::Error::invalid_value(Unexpected::Other("another text"), &"true or false"))
            }
        }
    }
}

impl<'de> Lenient<'de> for Decimal {
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        let text = text(deserializer)?;
        let Some(text) = text.as_deref().map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        text.parse().or_else(|_| Self::from_scientific(text)).map(Some).map_err(|_| {
            let expected = &"a decimal number of at most 28 digits";
            D::Error::invalid_value(Unexpected::Other("text"), expected)
        })
    }
}

impl<'de> Lenient<'de> for Value {
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Ok(Some(Self::deserialize(deserializer)?).filter(|value| !value.is_null()))
    }
}

impl<'de> Lenient<'de> for BTreeMap<String, String> {
    fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        type Nullable = BTreeMap<String, Option<String>>;
        let map = Option::<Nullable>::deserialize(deserializer)?;
        Ok(map.map(|map| map.into_iter().filter_map(|(name, url)| Some((name, url?))).collect()))
    }
}

/// Reads a number that is written as a number or as a text.
struct NumberVisitor<T>(PhantomData<T>);

macro_rules! number {
    ($($number:ty, $expected:literal;)*) => {$(
        impl Visitor<'_> for NumberVisitor<$number> {
            type Value = Option<$number>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($expected)
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
                number::<$number, E>(i128::from(value)).map(Some)
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
                number::<$number, E>(i128::from(value)).map(Some)
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
                <$number>::of_float(value).map(Some).ok_or_else(|| {
                    E::invalid_value(Unexpected::Other("another number"), &$expected)
                })
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                match text.trim() {
                    "" => Ok(None),
                    text => text.parse().map(Some).map_err(|_| {
                        E::invalid_value(Unexpected::Other("a text"), &$expected)
                    }),
                }
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(None)
            }
        }

        impl<'de> Lenient<'de> for $number {
            fn lenient<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                deserializer.deserialize_any(NumberVisitor::<$number>(PhantomData))
            }
        }

        impl<'de> Field<'de> for $number {
            fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::lenient(deserializer)?.unwrap_or_default())
            }
        }
    )*};
}

number! {
    i32, "an integer of 32 bits";
    i64, "an integer of 64 bits";
    u32, "a count of 32 bits";
    u64, "a count of 64 bits";
    f32, "a number";
    f64, "a number";
}

fn number<T: Number, E: Error>(number: i128) -> Result<T, E> {
    T::of_integer(number).ok_or_else(|| {
        E::invalid_value(Unexpected::Other("a number out of range"), &"a smaller one")
    })
}

/// A number type that other numbers convert to.
trait Number: Sized {
    fn of_integer(number: i128) -> Option<Self>;
    fn of_float(number: f64) -> Option<Self>;
}

macro_rules! integer {
    ($($number:ty)*) => {$(
        impl Number for $number {
            fn of_integer(number: i128) -> Option<Self> {
                Self::try_from(number).ok()
            }

            /// Converts `42.0`, but not `42.5`.
            fn of_float(number: f64) -> Option<Self> {
                format!("{number}").parse().ok()
            }
        }
    )*};
}

integer! { i32 i64 u32 u64 }

impl Number for f64 {
    fn of_integer(number: i128) -> Option<Self> {
        number.to_string().parse().ok()
    }

    fn of_float(number: f64) -> Option<Self> {
        Some(number)
    }
}

impl Number for f32 {
    fn of_integer(number: i128) -> Option<Self> {
        number.to_string().parse().ok()
    }

    fn of_float(number: f64) -> Option<Self> {
        number.to_string().parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rust_decimal::Decimal;

    use super::{Each, Field, Lenient};
    use crate::generated::types::ServiceSid;

    fn read<'de, T: Field<'de>>(json: &'de str) -> Result<T, serde_json::Error> {
        T::read(&mut serde_json::Deserializer::from_str(json))
    }

    #[test]
    fn a_decimal_is_read_from_text_and_number() {
        for (json, expected) in [
            ("\"81.818181818\"", Some("81.818181818")),
            ("42.0", Some("42")),
            ("42", Some("42")),
            ("\"1e-3\"", Some("0.001")),
            ("\"\"", None),
            ("null", None),
        ] {
            let expected = expected.map(|text| text.parse().unwrap());
            assert_eq!(read::<Option<Decimal>>(json).unwrap(), expected, "{json}");
        }
        assert!(read::<Option<Decimal>>("\"a lot\"").is_err());
    }

    #[test]
    fn counts_are_read_from_all_that_counts() {
        for json in ["42", "42.0", "\"42\"", "\" 42 \""] {
            assert_eq!(read::<u64>(json).unwrap(), 42, "{json}");
        }
        for json in ["null", "\"\""] {
            assert_eq!(read::<u64>(json).unwrap(), 0, "{json}");
        }
        for json in ["-1", "42.5", "\"many\"", "[]", "1e300"] {
            assert!(read::<u64>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_text_can_be_a_number() {
        assert_eq!(read::<Option<String>>("0").unwrap().unwrap(), "0");
        assert_eq!(read::<Option<String>>("\"30008\"").unwrap().unwrap(), "30008");
        assert!(read::<Option<String>>("{}").is_err());
    }

    #[test]
    fn a_list_or_a_map_may_be_null() {
        assert!(read::<Vec<String>>("null").unwrap().is_empty());
        assert_eq!(read::<Vec<u8>>("[1,2]").unwrap(), [1, 2]);
        assert!(read::<serde_json::Map<String, serde_json::Value>>("null").unwrap().is_empty());
        assert!(read::<BTreeMap<String, u8>>("null").unwrap().is_empty());
    }

    #[test]
    fn one_odd_sid_does_not_spoil_a_list_of_them() {
        let each = |json| {
            let json = &mut serde_json::Deserializer::from_str(json);
            Vec::<ServiceSid>::read_each(json).map_err(|error| error.to_string())
        };
        let odd = r#"["VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "VA-odd", null, "", 7]"#;
        let sids: Vec<_> = each(odd).unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(sids, ["VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "VA-odd", "7"]);
        assert!(each("null").unwrap().is_empty());
        for bad in ["\"VA-odd\"", "[{}]", "[[]]"] {
            let error = each(bad).expect_err(bad);
            assert!(!error.contains("odd"), "{error}");
        }

        let json = &mut serde_json::Deserializer::from_str(r#"{"b":"VA-odd","a":null}"#);
        let sids = BTreeMap::<String, ServiceSid>::read_each(json).unwrap();
        assert_eq!(sids["b"].as_str(), "VA-odd");
        assert_eq!(sids.len(), 1);

        let json = &mut serde_json::Deserializer::from_str(r#"[null,"VA-odd"]"#);
        let sids = Vec::<Option<ServiceSid>>::read_each(json).unwrap();
        assert!(sids[0].is_none() && sids[1].is_some());
    }

    #[test]
    fn an_error_does_not_repeat_the_value() {
        let error = read::<Option<bool>>("\"+573003003030\"").expect_err("refused");
        assert!(!error.to_string().contains("573"), "{error}");
        let error = i64::lenient(&mut serde_json::Deserializer::from_str("\"+57 300\""));
        assert!(!error.expect_err("refused").to_string().contains("300"));
        let error = read::<Vec<String>>("\"+573003003030\"").expect_err("refused");
        assert!(!error.to_string().contains("573"), "{error}");
        assert!(read::<Vec<String>>("{\"a\":1}").is_err());
    }
}
