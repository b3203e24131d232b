//! What must never be printed, and a check that it isn't.

/// A private value.
pub const NUMBER: &str = "+573003003030";
/// A private value.
pub const ADDRESS: &str = "ana@example.com";
/// A private value.
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// Fails if a text holds a private value.
///
/// # Panics
///
/// If it does.
pub fn assert_private(text: &str) {
    // `+` also travels as `%2B`, the token also as Base64 within the header.
    for private in [
        &NUMBER[1..],
        ADDRESS,
        "ana%40example",
        TOKEN,
        "MDEyMzQ1Njc4",
    ] {
        assert!(!text.contains(private), "{private} in:\n{text}");
    }
}

/// All that an error says of itself, and its sources.
pub fn describe(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(&format!(" {error} {error:?}"));
        source = error.source();
    }
    text
}
