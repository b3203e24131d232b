//! Phone numbers.

/// Whether a text is a phone number in E.164 format: `+` and 7 to 15 digits, of which the first is not 0. The minimum
/// is assumed: no country has shorter numbers.
pub(crate) fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && digits.bytes().all(|digit| digit.is_ascii_digit())
            && !digits.starts_with('0')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plus_and_seven_to_fifteen_digits_are_a_number() {
        for text in ["+573003003030", "+1202555", "+123456789012345"] {
            assert!(is_e164(text), "{text}");
        }
        for text in [
            "",
            "+",
            "573003003030",
            "+573003",
            "+1234567890123456",
            "+073003003030",
            "++73003003030",
            "+57300300303x",
            "+57 300 300 3030",
            "+5730030030\u{663}",
        ] {
            assert!(!is_e164(text), "{text}");
        }
    }
}
