//! Removes numbers and addresses from fields that the document doesn't name.

use serde_json::Value;

use crate::numbers::destination::Destination;
use crate::numbers::numbers::Numbers;

/// The fewest digits of a text that counts as a phone number: the shortest of E.164.
const SHORTEST: usize = 7;

/// Replaces each text that is a number or an address, or contains the destination of the attempt,
/// with what is kept of it. Does nothing if full numbers are kept.
pub(crate) fn scrub(value: &mut Value, to: Option<&str>, numbers: &Numbers) {
    if matches!(numbers, Numbers::Full) {
        return;
    }
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Number(number) => {
            if is_private(&number.to_string(), to) {
                *value = Value::Null;
            }
        }
        Value::String(text) => {
            if is_private(text, to) {
                let kept = numbers.keep(text).text;
                *value = kept.map_or(Value::Null, |kept| Value::String(kept.into()));
            }
        }
        Value::Array(items) => {
            for item in items {
                scrub(item, to, numbers);
            }
        }
        Value::Object(fields) => {
            fields.retain(|name, _| !is_private(name, to));
            for field in fields.values_mut() {
                scrub(field, to, numbers);
            }
        }
    }
}

fn is_private(text: &str, to: Option<&str>) -> bool {
    let is_one = match Destination::of(text) {
        // Digits alone may be anything, such as a time.
        Destination::Number { before, digits } => before.ends_with('+') && digits.len() >= SHORTEST,
        Destination::Email { .. } => true,
        Destination::Other => false,
    };
    is_one
        || to.is_some_and(|to| match Destination::of(to) {
            Destination::Number { digits, .. } if digits.len() >= SHORTEST => text.contains(digits),
            Destination::Number { .. } => text == to,
            Destination::Email { .. } | Destination::Other => !to.is_empty() && text.contains(to),
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::scrub;
    use crate::numbers::numbers::Numbers;

    #[test]
    fn numbers_go_and_the_rest_stays() {
        let key = "000102030405060708090a0b0c0d0e0f".parse().unwrap();
        let mut value = json!({
            "sender": "+14155550100",
            "reply": "someone@example.com",
            "text": "sent to 573003003030 today",
            "digits": 573003003030_u64,
            "at": 1_646_254_953,
            "tries": [1, "two", null, {"573003003030": 1, "whatsapp:+573003003030": 2}],
        });
        scrub(&mut value, Some("+573003003030"), &Numbers::Prefix(key));
        let kept = json!({
            "sender": "+1415555",
            "reply": "@example.com",
            "text": null,
            "digits": null,
            "at": 1_646_254_953,
            "tries": [1, "two", null, {}],
        });
        assert_eq!(value, kept);
        let mut value = json!({"sender": "+14155550100"});
        scrub(&mut value, None, &Numbers::None);
        assert_eq!(value, json!({"sender": null}));
        let mut value = json!({"sender": "+14155550100"});
        scrub(&mut value, None, &Numbers::Full);
        assert_eq!(value, json!({"sender": "+14155550100"}));
    }
}
