//! Operations of the API document, and the checks of their parameters.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, SecondsFormat};
use http::Method;
use regress::Regex;
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::contract::error::ApiError;
use crate::time::date::{DateProblem, date, is_in_range};
use crate::values::country::Country;
use crate::values::json::is_shallow;

/// An operation of the document.
pub(crate) struct Operation {
    /// Its `operationId`.
    pub(crate) id: String,
    pub(crate) method: Method,
    /// Its path, with `{Name}` in place of each path parameter.
    pub(crate) path: String,
    pub(crate) path_fields: Vec<Field>,
    pub(crate) query_fields: Vec<Field>,
    pub(crate) body: Option<Body>,
}

pub(crate) enum Body {
    Form(Vec<Field>),
    Json(ValueKind),
}

/// A parameter, or a field of a body.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) kind: ValueKind,
}

/// The type of a value, with its limits.
pub(crate) enum ValueKind {
    Text {
        characters: MinMax,
        pattern: Option<Arc<Regex>>,
    },
    OneOf(Vec<String>),
    Date,
    Country,
    Boolean,
    Integer(MinMax),
    Number,
    List {
        items: Box<ValueKind>,
        count: MinMax,
    },
    /// An object with these fields, and possibly others.
    Object(Vec<Field>),
    Anything,
}

#[derive(Clone, Copy)]
pub(crate) struct MinMax {
    pub(crate) low: Option<i64>,
    pub(crate) high: Option<i64>,
}

impl MinMax {
    fn allow(self, value: i64) -> bool {
        self.low.is_none_or(|low| low <= value) && self.high.is_none_or(|high| value <= high)
    }

    fn allow_count(self, count: usize) -> bool {
        self.allow(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl Operation {
    /// Checks the parameters of the path. Returns `None` if one is invalid, as it identifies no resource. The length of
    /// a name is not checked: only the operation that creates the resource rejects it.
    pub(crate) fn check_path<'a>(
        &self,
        values: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Option<Map<String, Value>> {
        let mut checked = Map::new();
        for (name, value) in values {
            let field = self.path_fields.iter().find(|field| field.name == name)?;
            let value = match &field.kind {
                ValueKind::Text { pattern: None, .. } => value.into(),
                kind => kind.read_text(name, value).ok()?,
            };
            checked.insert(name.into(), value);
        }
        Some(checked)
    }

    /// Returns the names of the parameters of the query.
    pub(crate) fn query_names(&self) -> impl Iterator<Item = &str> {
        self.query_fields.iter().map(|field| field.name.as_str())
    }

    /// Checks the query string.
    pub(crate) fn check_query(&self, raw: &str) -> Result<Map<String, Value>, ApiError> {
        check_pairs(&self.query_fields, raw.as_bytes())
    }

    /// Checks the body. A body that the document does not declare is ignored.
    pub(crate) fn check_body(&self, raw: &[u8]) -> Result<Map<String, Value>, ApiError> {
        match &self.body {
            None => Ok(Map::new()),
            Some(Body::Form(fields)) => check_pairs(fields, raw),
            Some(Body::Json(kind)) => {
                let value = if raw.is_empty() {
                    Value::Object(Map::new())
                } else {
                    serde_json::from_slice(raw).map_err(|_| ApiError::invalid_json())?
                };
                if !is_shallow(&value) {
                    return Err(ApiError::invalid_parameter("body"));
                }
                kind.check("body", &value)?;
                match value {
                    Value::Object(fields) => Ok(fields),
                    _ => Err(ApiError::invalid_parameter("body")),
                }
            }
        }
    }
}

/// Checks form-encoded pairs. The last value of a repeated parameter is used, unless it is a list; unknown parameters
/// are ignored.
fn check_pairs(fields: &[Field], raw: &[u8]) -> Result<Map<String, Value>, ApiError> {
    let pairs: Vec<(Cow<'_, str>, Cow<'_, str>)> = form_urlencoded::parse(raw).collect();
    let mut checked = Map::new();
    for field in fields {
        let mut values =
            pairs.iter().filter(|(name, _)| *name == field.name).map(|(_, value)| value.as_ref());
        let value = match &field.kind {
            ValueKind::List { items, count } => {
                let values: Vec<Value> = values
                    .map(|value| items.read_text(&field.name, value))
                    .collect::<Result<_, _>>()?;
                if values.is_empty() {
                    None
                } else if count.allow_count(values.len()) {
                    Some(values.into())
                } else {
                    return Err(ApiError::invalid_parameter(&field.name));
                }
            }
            kind => {
                values.next_back().map(|value| kind.read_text(&field.name, value)).transpose()?
            }
        };
        match value {
            Some(value) => {
                checked.insert(field.name.clone(), value);
            }
            None if field.required => return Err(ApiError::missing_parameter(&field.name)),
            None => {}
        }
    }
    Ok(checked)
}

impl ValueKind {
    /// Reads a value from its text in a path, a query or a form. Dates are converted to ISO 8601.
    fn read_text(&self, name: &str, text: &str) -> Result<Value, ApiError> {
        let invalid = || ApiError::invalid_parameter(name);
        let value = match self {
            Self::Text { .. } | Self::OneOf(_) | Self::Country => text.into(),
            Self::Date => {
                let date = date(text).map_err(|problem| match problem {
                    DateProblem::Malformed => ApiError::invalid_date(),
                    DateProblem::OutOfRange => invalid(),
                })?;
                return Ok(date.to_rfc3339_opts(SecondsFormat::AutoSi, true).into());
            }
            Self::Boolean => match text {
                _ if text.eq_ignore_ascii_case("true") => true.into(),
                _ if text.eq_ignore_ascii_case("false") => false.into(),
                _ => return Err(invalid()),
            },
            Self::Integer(_) => {
                // `parse` alone accepts `+5`.
                let number = Some(text).filter(|text| !text.starts_with('+'));
                number.and_then(|text| text.parse::<i64>().ok()).ok_or_else(invalid)?.into()
            }
            Self::Number => text
                .parse::<f64>()
                .ok()
                .map(Value::from)
                .filter(Value::is_number)
                .ok_or_else(invalid)?,
            Self::List { .. } | Self::Object(_) => {
                serde_json::from_str(text).map_err(|_| invalid())?
            }
            Self::Anything => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
        };
        if !is_shallow(&value) {
            return Err(invalid());
        }
        self.check(name, &value)?;
        Ok(value)
    }

    /// Checks a JSON value.
    fn check(&self, name: &str, value: &Value) -> Result<(), ApiError> {
        let good = match (self, value) {
            (Self::Text { characters, pattern }, Value::String(text)) => {
                characters.allow_count(text.chars().count())
                    && pattern.as_ref().is_none_or(|pattern| pattern.find(text).is_some())
            }
            (Self::OneOf(values), Value::String(text)) => values.contains(text),
            (Self::Country, Value::String(text)) => text.parse::<Country>().is_ok(),
            (Self::Date, Value::String(text)) => {
                let date = DateTime::parse_from_rfc3339(text);
                date.is_ok_and(|date| is_in_range(date.to_utc()))
            }
            (Self::Integer(limits), Value::Number(number)) => {
                number.as_i64().is_some_and(|number| limits.allow(number))
            }
            (Self::List { items, count }, Value::Array(values)) => {
                for value in values {
                    items.check(name, value)?;
                }
                count.allow_count(values.len())
            }
            (Self::Object(fields), Value::Object(values)) => {
                for field in fields {
                    match values.get(&field.name) {
                        Some(Value::Null) | None if field.required => {
                            return Err(ApiError::missing_parameter(&field.name));
                        }
                        Some(Value::Null) | None => {}
                        Some(value) => field.kind.check(&field.name, value)?,
                    }
                }
                true
            }
            (Self::Boolean, Value::Bool(_))
            | (Self::Number, Value::Number(_))
            | (Self::Anything, _) => true,
            _ => false,
        };
        if good { Ok(()) } else { Err(ApiError::invalid_parameter(name)) }
    }
}
