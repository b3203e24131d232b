//! JSON of any shape.

use serde_json::Value;

/// The maximum depth of nested arrays and objects. A value is stored inside a record, which the data file reads again,
/// and `serde_json` reads 127 levels.
const MAX_DEPTH: usize = 64;

/// Whether a value can be stored inside a record.
pub(crate) fn is_shallow(value: &Value) -> bool {
    within(value, MAX_DEPTH)
}

fn within(value: &Value, depth: usize) -> bool {
    match value {
        Value::Array(values) => depth > 0 && values.iter().all(|value| within(value, depth - 1)),
        Value::Object(fields) => depth > 0 && fields.values().all(|value| within(value, depth - 1)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_depth_is_that_of_arrays_and_objects() {
        let nested = |depth: usize| {
            let mut value = Value::Null;
            for level in 0..depth {
                value = if level % 2 == 0 {
                    vec![value].into()
                } else {
                    serde_json::json!({ "a": value })
                };
            }
            value
        };
        assert!(is_shallow(&nested(0)) && is_shallow(&nested(64)));
        assert!(!is_shallow(&nested(65)) && !is_shallow(&nested(1000)));
    }
}
