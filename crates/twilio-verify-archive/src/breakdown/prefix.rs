//! Encodes phone number prefixes as integers.

use crate::numbers::destination::{CUT, digits_after_plus};

/// The code of a number of which fewer digits are kept than the prefix has.
pub(crate) const UNKNOWN: u64 = u64::MAX;

/// Encodes a prefix as a number that sorts as its text does: in base 11, with digits from 1 to 10,
/// and 0 after the last one. The code 0 stands for no prefix.
pub(crate) fn code(prefix: &str, digits: u8) -> u64 {
    let mut code = 0;
    let mut bytes = prefix.bytes();
    for _ in 0..digits {
        code = code * 11 + bytes.next().map_or(0, |digit| u64::from(digit - b'0') + 1);
    }
    code
}

/// Returns how many codes there are.
pub(crate) fn codes(digits: u8) -> u64 {
    11_u64.saturating_pow(u32::from(digits))
}

/// Decodes a prefix; `None` for the code 0.
pub(crate) fn text(code: u64, digits: u8) -> Option<String> {
    if code == 0 {
        return None;
    }
    let mut text = String::with_capacity(usize::from(digits) + 1);
    text.push('+');
    for place in (0..digits).rev() {
        match code / 11_u64.pow(u32::from(place)) % 11 {
            0 => break,
            digit => text.push(char::from(b'0' + u8::try_from(digit - 1).unwrap_or_default())),
        }
    }
    Some(text)
}

/// Encodes the prefix of a kept destination. `is_cut` says whether its last digits were removed.
pub(crate) fn of(kept: &str, digits: u8, is_cut: bool) -> u64 {
    match digits_after_plus(kept) {
        Some(known) if is_cut && known.len() < usize::from(digits) => UNKNOWN,
        Some(known) => code(known, digits),
        None => 0,
    }
}

/// Whether a destination begins with a prefix; `None` if the kept part is too short to tell.
pub(crate) fn begins(kept: &str, prefix: &str, is_cut: bool) -> Option<bool> {
    if !is_cut || kept.len() >= prefix.len() {
        return Some(kept.starts_with(prefix));
    }
    let may = digits_after_plus(kept).is_some()
        && prefix.starts_with(kept)
        && kept.len() + CUT >= prefix.len();
    if may { None } else { Some(false) }
}

#[cfg(test)]
mod tests {
    use super::{UNKNOWN, begins, code, codes, of, text};

    #[test]
    fn codes_are_prefixes_and_sort_as_they_do() {
        let prefixes = ["0", "00", "1", "10", "12", "2", "573", "99", "999"];
        let codes_of = prefixes.map(|prefix| code(prefix, 3));
        assert!(codes_of.is_sorted());
        for (prefix, code) in prefixes.iter().zip(codes_of) {
            assert_eq!(text(code, 3), Some(format!("+{prefix}")));
            assert!(code < codes(3));
        }
        assert_eq!(text(code("999999999999999", 15), 15).unwrap(), "+999999999999999");
        assert_eq!(text(0, 3), None);
        assert_eq!(of("+57300", 3, true), code("573", 3));
        assert_eq!(of("+57", 3, true), UNKNOWN);
        assert_eq!(of("+", 1, true), UNKNOWN);
        assert_eq!(of("+57", 3, false), code("57", 3));
        assert_eq!(of("+", 3, false), 0);
        assert_eq!(of("whatsapp:+57300", 3, true), 0);
    }

    #[test]
    fn what_is_kept_says_whether_a_number_begins_with_a_prefix() {
        assert_eq!(begins("+57300300", "+573", true), Some(true));
        assert_eq!(begins("+57300300", "+574", true), Some(false));
        assert_eq!(begins("+573", "+57300", true), None);
        assert_eq!(begins("+574", "+57300", true), Some(false));
        // The number had seven digits.
        assert_eq!(begins("+573", "+57300300", true), Some(false));
        assert_eq!(begins("@example.com", "+57", true), Some(false));
        assert_eq!(begins("+57", "+573", false), Some(false));
    }
}
