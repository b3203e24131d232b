//! What errors may not repeat.

use serde_json::Value;

/// Fails if an error repeats a value or a key of a body that looks like a
/// phone number, an address or a code.
pub(crate) fn assert_keeps_quiet(error: &twilio_verify::Error, body: &Value) {
    let text = describe(error);
    visit(body, &mut |leaf| {
        let digits = leaf.chars().filter(char::is_ascii_digit).count();
        let private = digits >= 6 || (leaf.len() >= 6 && leaf.contains('@'));
        assert!(!private || !text.contains(leaf), "the error repeats {leaf:?}: {text}");
    });
}

/// All that an error says of itself, and its sources.
pub(crate) fn describe(error: &twilio_verify::Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text.push_str(&format!(" {error} {error:?}"));
        source = error.source();
    }
    text
}

fn visit(json: &Value, leaf: &mut impl FnMut(&str)) {
    match json {
        Value::Null | Value::Bool(_) => {}
        Value::Number(number) => leaf(&number.to_string()),
        Value::String(text) => leaf(text),
        Value::Array(items) => items.iter().for_each(|item| visit(item, leaf)),
        Value::Object(fields) => {
            for (name, value) in fields {
                leaf(name);
                visit(value, leaf);
            }
        }
    }
}
