//! What is sent is checked against the document's limits first.

use std::fmt;

use crate::{Redacted, Sid, SidError};

/// A type that is sent, and can be checked.
pub trait Check {
    /// Checks every field that has a limit.
    ///
    /// # Errors
    ///
    /// Names the first field whose value is out of its limits, and the limits.
    fn check(&self) -> Result<(), Invalid>;
}

impl<T: Check> Check for Option<T> {
    fn check(&self) -> Result<(), Invalid> {
        self.as_ref().map_or(Ok(()), T::check)
    }
}

impl<T: Check> Check for Box<T> {
    fn check(&self) -> Result<(), Invalid> {
        T::check(self)
    }
}

/// A field whose value is out of its limits. Says which limits, and doesn't
/// repeat the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    field: String,
    reason: String,
}

impl Invalid {
    fn new(field: &str, reason: impl fmt::Display) -> Self {
        Self {
            field: field.to_owned(),
            reason: reason.to_string(),
        }
    }

    /// The field, by its name in Rust; `outer.inner` if it is within another.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What is wrong with its value, and what is expected.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.reason)
    }
}

impl std::error::Error for Invalid {}

/// A text, redacted or not.
pub(crate) trait Text {
    fn text(&self) -> &str;
}

impl Text for String {
    fn text(&self) -> &str {
        self
    }
}

impl Text for Redacted<String> {
    fn text(&self) -> &str {
        self.expose()
    }
}

/// Checks a SID: one that came in an answer may have any shape.
pub(crate) fn sid<S>(field: &str, value: Option<&S>) -> Result<(), Invalid>
where
    S: Sid + std::str::FromStr<Err = SidError>,
{
    match value.map(|sid| sid.as_ref().parse::<S>()) {
        Some(Err(error)) => Err(Invalid::new(field, error)),
        _ => Ok(()),
    }
}

/// Checks a number.
pub(crate) fn number(
    field: &str,
    value: Option<&i64>,
    low: Option<i64>,
    high: Option<i64>,
) -> Result<(), Invalid> {
    match value {
        Some(value) if !within(*value, low, high) => Err(Invalid::new(
            field,
            format_args!("it is {value}; expected {}", Range { low, high }),
        )),
        _ => Ok(()),
    }
}

/// Checks how many characters a text has.
pub(crate) fn length(
    field: &str,
    value: Option<&impl Text>,
    low: Option<i64>,
    high: Option<i64>,
) -> Result<(), Invalid> {
    sized(
        field,
        value.map(|value| value.text().chars().count()),
        "characters",
        low,
        high,
    )
}

/// Checks how many items a list has.
pub(crate) fn count<T>(
    field: &str,
    value: Option<&Vec<T>>,
    low: Option<i64>,
    high: Option<i64>,
) -> Result<(), Invalid> {
    sized(field, value.map(Vec::len), "items", low, high)
}

/// Checks what is within another type that is sent.
pub(crate) fn nested(field: &str, value: Option<&impl Check>) -> Result<(), Invalid> {
    value.map_or(Ok(()), Check::check).map_err(|mut error| {
        error.field = format!("{field}.{}", error.field);
        error
    })
}

fn sized(
    field: &str,
    size: Option<usize>,
    unit: &str,
    low: Option<i64>,
    high: Option<i64>,
) -> Result<(), Invalid> {
    match size {
        Some(0) if low == Some(1) => Err(Invalid::new(field, "it is empty")),
        Some(size) if !within(i64::try_from(size).unwrap_or(i64::MAX), low, high) => {
            let range = Range { low, high };
            Err(Invalid::new(
                field,
                format_args!("it has {size} {unit}; expected {range}"),
            ))
        }
        _ => Ok(()),
    }
}

fn within(value: i64, low: Option<i64>, high: Option<i64>) -> bool {
    low.is_none_or(|low| value >= low) && high.is_none_or(|high| value <= high)
}

struct Range {
    low: Option<i64>,
    high: Option<i64>,
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.low, self.high) {
            (Some(low), Some(high)) => write!(f, "{low} to {high}"),
            (Some(low), None) => write!(f, "{low} or more"),
            (None, Some(high)) => write!(f, "at most {high}"),
            (None, None) => f.write_str("any"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{count, length, number};
    use crate::Redacted;

    #[test]
    fn limits_are_named_and_values_of_texts_are_not() {
        let error = number("code_length", Some(&11), Some(4), Some(10)).unwrap_err();
        assert_eq!(error.to_string(), "code_length: it is 11; expected 4 to 10");
        let secret = Redacted::new("1234567890".to_owned());
        let error = length("to", Some(&secret), None, Some(3)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "to: it has 10 characters; expected at most 3"
        );
        let error = length("to", Some(&String::new()), Some(1), None).unwrap_err();
        assert_eq!(error.to_string(), "to: it is empty");
        let error = count("fields", Some(&vec![1, 2]), Some(3), None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "fields: it has 2 items; expected 3 or more"
        );
    }

    #[test]
    fn within_the_limits_and_missing_values_pass() {
        number("n", Some(&4), Some(4), Some(10)).unwrap();
        number("n", None, Some(4), Some(10)).unwrap();
        // Characters count, not bytes.
        length("t", Some(&"äöü".to_owned()), Some(3), Some(3)).unwrap();
    }
}
