//! Warns of a clock that differs from the server's.

use std::sync::atomic::{AtomicBool, Ordering};

use chrono::TimeDelta;
use twilio_verify::Client;

use crate::output::note::note;

/// The largest difference that is not noted.
const MOST: TimeDelta = TimeDelta::seconds(60);

/// Notes once that the server's clock differs from this machine's. For commands whose requests
/// depend on the present.
pub(crate) fn check(client: &Client) {
    static IS_NOTED: AtomicBool = AtomicBool::new(false);
    let Some(text) = client.clock_difference().and_then(text) else { return };
    if !IS_NOTED.swap(true, Ordering::Relaxed) {
        note(&text);
    }
}

fn text(ahead: TimeDelta) -> Option<String> {
    if ahead.abs() <= MOST {
        return None;
    }
    let (is, misses) = match ahead > TimeDelta::zero() {
        true => ("behind", "end too early, and miss the newest attempts"),
        false => ("ahead of", "end in the server's future, and begin too late"),
    };
    let by = TimeDelta::seconds(ahead.num_seconds()).abs().to_std().ok()?;
    Some(format!(
        "the clock of this machine is {} {is} the server's: periods that depend on the present, such as \
         7d, {misses}; set the clock",
        humantime::format_duration(by)
    ))
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::text;

    #[test]
    fn a_minute_is_not_worth_a_note() {
        assert_eq!(text(TimeDelta::seconds(60)), None);
        assert_eq!(text(TimeDelta::seconds(-60)), None);
        let behind = text(TimeDelta::milliseconds(7_261_900)).unwrap_or_default();
        assert!(behind.starts_with("the clock of this machine is 2h 1m 1s behind"), "{behind}");
        let ahead = text(TimeDelta::seconds(-61)).unwrap_or_default();
        assert!(ahead.starts_with("the clock of this machine is 1m 1s ahead of"), "{ahead}");
    }
}
