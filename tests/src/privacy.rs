//! Private values that must never be printed, and a check for them.

/// A private value.
pub const NUMBER: &str = "+573003003030";
/// A private value.
pub const ADDRESS: &str = "ana@example.com";
/// A private value.
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// Asserts that a text contains no private value.
///
/// # Panics
///
/// Panics if it contains one.
pub fn assert_private(text: &str) {
    // `+` also travels as `%2B`, the token also as Base64 within the header.
    for private in [&NUMBER[1..], ADDRESS, "ana%40example", TOKEN, "MDEyMzQ1Njc4"] {
        assert!(!text.contains(private), "{private} in:\n{text}");
    }
}

/// Returns all texts of an error and its sources.
pub fn describe(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(&format!(" {error} {error:?}"));
        source = error.source();
    }
    text
}
