//! The columns that a dimension is read from.

use twilio_verify_insights::By;

/// Returns the columns that a dimension is read from.
pub(crate) const fn columns(by: By) -> &'static [&'static str] {
    match by {
        By::Country => &["country"],
        By::Channel => &["channel"],
        By::Service => &["service_sid"],
        // The file determines the day.
        By::Day => &[],
        By::Hour => &["date_created"],
        By::Prefix(_) => &["destination"],
        By::Carrier => &["carrier", "mcc", "mnc"],
        By::Locale => &["locale"],
        By::ErrorCode => &["error_code"],
        By::Status => &["message_status", "call_status"],
        _ => &[],
    }
}

/// Whether this version knows the dimension.
pub(crate) const fn is_known(by: By) -> bool {
    matches!(by, By::Day) || !columns(by).is_empty()
}

/// Returns the label of a value. Empty if the value has no meaning, such as error code 0.
pub(crate) fn label(by: By, text: &str) -> std::borrow::Cow<'_, str> {
    match by {
        // 0 means no error, like an absent code.
        By::ErrorCode if text == "0" => "".into(),
        By::Status => text.to_ascii_lowercase().into(),
        _ => text.into(),
    }
}
