//! Checks values against the document's limits before they are sent.

use std::fmt;

use url::Url;

/// A type whose fields are checked before they are sent.
pub trait Check {
    /// Checks every field that has a limit.
    ///
    /// # Errors
    ///
    /// Returns the first field whose value is outside of its limits, with these limits.
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

/// A field whose value is outside of its limits. It holds the limits, but not the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    field: String,
    reason: String,
}

impl Invalid {
    pub(crate) fn new(field: &str, reason: impl fmt::Display) -> Self {
        Self { field: field.to_owned(), reason: reason.to_string() }
    }

    /// Returns the name of the field in Rust: `outer.inner` if it is within another field.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Returns what is wrong with the value, and what is expected.
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

impl Text for str {
    fn text(&self) -> &str {
        self
    }
}

impl Text for String {
    fn text(&self) -> &str {
        self
    }
}

/// A value of a hand-written type, an open enum or a SID.
pub(crate) trait Value {
    /// Returns why the value can't be sent.
    fn fault(&self) -> Option<String> {
        None
    }
}

/// A value that callers may pass as text, and that a builder holds from the start.
pub(crate) trait Blank: Value + Sized {
    /// Returns a placeholder for an invalid value. It is never sent.
    fn blank() -> Self;
}

/// Checks a value by its type.
pub(crate) fn value(field: &str, value: Option<&impl Value>) -> Result<(), Invalid> {
    match value.and_then(Value::fault) {
        Some(fault) => Err(Invalid::new(field, fault)),
        None => Ok(()),
    }
}

/// Checks the values of a list by their type.
pub(crate) fn values(field: &str, list: Option<&Vec<impl Value>>) -> Result<(), Invalid> {
    let mut values = list.into_iter().flatten();
    values.try_for_each(|item| value(field, Some(item)))
}

/// Checks that no text of a list is empty.
pub(crate) fn texts(field: &str, list: Option<&Vec<impl Text>>) -> Result<(), Invalid> {
    let mut texts = list.into_iter().flatten();
    match texts.any(|item| item.text().is_empty()) {
        true => Err(Invalid::new(field, "one of its items is empty")),
        false => Ok(()),
    }
}

/// Checks a segment of a path: `""`, `.` and `..` would name another resource.
pub(crate) fn segment(field: &str, value: &(impl Text + ?Sized)) -> Result<(), Invalid> {
    match value.text() {
        "" => Err(Invalid::new(field, "it is empty")),
        "." | ".." => Err(Invalid::new(field, "in a path it would name another resource")),
        _ => Ok(()),
    }
}

/// Checks that an instant, if it is set, doesn't precede another one.
pub(crate) fn order<T: PartialOrd>(
    earlier: (&str, Option<&T>),
    later: (&str, Option<&T>),
) -> Result<(), Invalid> {
    match earlier.1.zip(later.1) {
        Some((first, last)) if last < first => {
            let reason = format!("it precedes {}, so that nothing can match", earlier.0);
            Err(Invalid::new(later.0, reason))
        }
        _ => Ok(()),
    }
}

/// Checks a text with a function that returns its fault.
fn by(
    field: &str,
    value: Option<&(impl Text + ?Sized)>,
    fault: impl Fn(&str) -> Option<String>,
) -> Result<(), Invalid> {
    match value.and_then(|value| fault(value.text())) {
        Some(fault) => Err(Invalid::new(field, fault)),
        None => Ok(()),
    }
}

/// Checks that a text is not empty.
pub(crate) fn text(field: &str, value: Option<&(impl Text + ?Sized)>) -> Result<(), Invalid> {
    by(field, value, |text| text.is_empty().then(|| "it is empty".to_owned()))
}

/// Checks the identity of an entity.
pub(crate) fn identity(field: &str, value: Option<&(impl Text + ?Sized)>) -> Result<(), Invalid> {
    let is_known = |c: char| c.is_ascii_alphanumeric() || c == '-';
    by(field, value, |identity| {
        let fault = match identity.chars().count() {
            0 => "it is empty".to_owned(),
            length if !(8..=64).contains(&length) => format!("it has {length} characters"),
            _ if !identity.chars().all(is_known) => "it contains other characters".to_owned(),
            _ => return None,
        };
        Some(format!("{fault}; expected 8 to 64 letters, digits and dashes"))
    })
}

/// Checks a secret in Base32, padded or not.
pub(crate) fn base32(field: &str, value: Option<&(impl Text + ?Sized)>) -> Result<(), Invalid> {
    let is_known = |digit: u8| digit.is_ascii_alphabetic() || (b'2'..=b'7').contains(&digit);
    by(field, value, |secret| {
        let digits = secret.trim_end_matches('=');
        let valid = !digits.is_empty() && digits.bytes().all(is_known);
        let fault = "it is not Base32; expected the letters A to Z and the digits 2 to 7";
        (!valid).then(|| fault.to_owned())
    })
}

/// Checks a destination: a phone number in E.164 format, or an e-mail address.
pub(crate) fn destination(
    field: &str,
    value: Option<&(impl Text + ?Sized)>,
) -> Result<(), Invalid> {
    by(field, value, |text| match number_fault(text) {
        Some(fault) if is_spaced(text) || !text.contains('@') => {
            Some(format!("{fault}; expected {NUMBER}, or an e-mail address"))
        }
        _ => None,
    })
}

/// Checks the SID or the destination that identifies a verification.
pub(crate) fn verification(
    field: &str,
    value: Option<&(impl Text + ?Sized)>,
) -> Result<(), Invalid> {
    by(field, value, |text| {
        let sid = text.strip_prefix("VE").filter(|digits| digits.len() == 32);
        if sid.is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit())) {
            return None;
        }
        match number_fault(text) {
            Some(fault) if is_spaced(text) || !text.contains('@') => Some(format!(
                "{fault}; expected {NUMBER}, an e-mail address, or a verification SID: `VE` and \
                 32 hexadecimal digits"
            )),
            _ => None,
        }
    })
}

/// Checks a phone number in E.164 format.
pub(crate) fn phone_number(
    field: &str,
    value: Option<&(impl Text + ?Sized)>,
) -> Result<(), Invalid> {
    by(field, value, |text| number_fault(text).map(|fault| format!("{fault}; expected {NUMBER}")))
}

const NUMBER: &str = "a phone number in E.164 format, such as +14155550100";

fn number_fault(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return Some("it is empty");
    }
    if is_spaced(text) {
        return Some(SPACED);
    }
    match text.strip_prefix('+') {
        Some(digits) if is_number(digits) => None,
        Some(_) => Some("after `+` there must be 1 to 15 digits, the first of them not 0"),
        None => Some("it does not begin with `+`"),
    }
}

/// Whether the text can be the digits after the `+` of a number in E.164 format, or the beginning
/// of such digits.
pub(crate) fn is_number(digits: &str) -> bool {
    (1..=15).contains(&digits.len())
        && digits.bytes().all(|digit| digit.is_ascii_digit())
        && !digits.starts_with('0')
}

const SPACED: &str = "it contains a space or a control character";

fn is_spaced(text: &str) -> bool {
    text.contains(|c: char| c.is_control() || c.is_whitespace())
}

/// Checks a URL that Twilio sends requests to: absolute, `http` or `https`.
pub(crate) fn url(field: &str, value: Option<&(impl Text + ?Sized)>) -> Result<(), Invalid> {
    by(field, value, |text| {
        let is_http = ["http://", "https://"].into_iter().any(|scheme| {
            let start = text.get(..scheme.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        let fault = match Url::parse(text) {
            _ if is_spaced(text) => SPACED.to_owned(),
            _ if !is_http => "it does not begin with `https://` or `http://`".to_owned(),
            Ok(_) => return None,
            Err(error) => error.to_string(),
        };
        Some(format!("{fault}; expected an absolute URL, such as https://example.com/verify"))
    })
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

/// Checks the number of characters in a text.
pub(crate) fn length(
    field: &str,
    value: Option<&(impl Text + ?Sized)>,
    low: Option<i64>,
    high: Option<i64>,
) -> Result<(), Invalid> {
    sized(field, value.map(|value| value.text().chars().count()), "characters", low, high)
}

/// Checks the number of items in a list.
pub(crate) fn count<T>(
    field: &str,
    value: Option<&Vec<T>>,
    low: Option<i64>,
    high: Option<i64>,
) -> Result<(), Invalid> {
    sized(field, value.map(Vec::len), "items", low, high)
}

/// Checks a value of another type that is sent.
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
            Err(Invalid::new(field, format_args!("it has {size} {unit}; expected {range}")))
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

    #[test]
    fn limits_are_named_and_values_of_texts_are_not() {
        let error = number("code_length", Some(&11), Some(4), Some(10)).unwrap_err();
        assert_eq!(error.to_string(), "code_length: it is 11; expected 4 to 10");
        let error = length("to", Some("1234567890"), None, Some(3)).unwrap_err();
        assert_eq!(error.to_string(), "to: it has 10 characters; expected at most 3");
        let error = length("to", Some(&String::new()), Some(1), None).unwrap_err();
        assert_eq!(error.to_string(), "to: it is empty");
        let error = count("fields", Some(&vec![1, 2]), Some(3), None).unwrap_err();
        assert_eq!(error.to_string(), "fields: it has 2 items; expected 3 or more");
    }

    #[test]
    fn within_the_limits_and_missing_values_pass() {
        number("n", Some(&4), Some(4), Some(10)).unwrap();
        number("n", None, Some(4), Some(10)).unwrap();
        // The length is the number of characters, not of bytes.
        length("t", Some(&"äöü".to_owned()), Some(3), Some(3)).unwrap();
    }
}
