//! Replaces characters that control a terminal or reorder a line. They come from other people's data and are never
//! shown unchanged.

use std::borrow::Cow;

/// Whether a character controls a terminal (the control characters C0, DEL and C1), or changes the order of those
/// around it (the marks, embeddings, overrides and isolates of bidirectional text).
fn is_obeyed(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// Replaces every such character of a value by U+FFFD.
pub(crate) fn value(text: &str) -> Cow<'_, str> {
    match text.contains(is_obeyed) {
        true => Cow::Owned(text.replace(is_obeyed, "\u{fffd}")),
        false => Cow::Borrowed(text),
    }
}

/// Escapes every such character of JSON, which leaves its meaning unchanged. Outside of strings, JSON has none of them
/// except line breaks.
pub(crate) fn json(text: &str) -> Cow<'_, str> {
    let is_obeyed = |character| character != '\n' && is_obeyed(character);
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match is_obeyed(character) {
            // These characters have at most four hexadecimal digits.
            true => escaped.push_str(&format!("\\u{:04x}", u32::from(character))),
            false => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{json, value};

    /// Returns the characters that the Unicode Standard lists: C0, DEL, C1, and those with Bidi_Control.
    fn obeyed() -> Vec<char> {
        let ranges = [
            0..=0x1f,
            0x7f..=0x9f,
            0x61c..=0x61c,
            0x200e..=0x200f,
            0x202a..=0x202e,
            0x2066..=0x2069,
        ];
        ranges.into_iter().flatten().map(|number| char::from_u32(number).unwrap()).collect()
    }

    #[test]
    fn each_character_that_a_terminal_obeys_is_replaced() {
        for character in obeyed() {
            assert_eq!(value(&format!("a{character}b")), "a\u{fffd}b", "{character:?}");
        }
    }

    #[test]
    fn everything_else_is_left_alone() {
        let text: String =
            ('\0'..=char::MAX).filter(|character| !obeyed().contains(character)).collect();
        assert_eq!(value(&text), text);
        assert_eq!(json(&text), text);
    }

    #[test]
    fn json_stays_the_same_json() {
        let text: String = obeyed().into_iter().collect();
        let original = serde_json::json!({ "a": text, text.clone(): [text] });
        for written in [original.to_string(), format!("{original:#}")] {
            let shown = json(&written);
            assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), original);
            assert!(shown.chars().all(|c| c == '\n' || !obeyed().contains(&c)), "{shown:?}");
        }
    }
}
