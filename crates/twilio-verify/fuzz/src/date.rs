use chrono::{SubsecRound, Utc};
use twilio_verify::parse_date;
use twilio_verify_api::GmtDateTime;

/// A date is written as one that is read as the same date.
pub fn dates(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let Some(date) = parse_date(text) else {
        return false;
    };
    // As answers are written, by serde.
    let written = serde_json::to_value(date).expect("a date can be written");
    let written = written.as_str().expect("a date is a text");
    assert_eq!(parse_date(written), Some(date), "{text:?} as {written:?}");
    // As requests are sent: to the second.
    let sent = GmtDateTime::from(date).to_string();
    let second = date.trunc_subsecs(0);
    let read = parse_date(&sent).map(|date| date.trunc_subsecs(0));
    assert_eq!(read, Some(second), "{text:?} as {sent:?}");
    assert_eq!(sent.len(), "2022-03-02T21:02:33Z".len(), "{text:?} as {sent:?}");
    assert!(date.timezone() == Utc, "{text:?}");
    true
}
