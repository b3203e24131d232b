//! The codes of verifications.

/// The length of a code in characters (documented by Twilio).
const CODE_LENGTHS: std::ops::RangeInclusive<usize> = 4..=10;

/// A code is not 4 to 10 letters or digits of ASCII.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a code: expected 4 to 10 letters or digits, such as `123456`")]
pub struct InvalidCode;

/// Whether a text can be a code.
pub(crate) fn is_code(text: &str) -> bool {
    CODE_LENGTHS.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
