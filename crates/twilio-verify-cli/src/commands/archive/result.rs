//! Prints the result of `attempts sync`.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use twilio_verify_archive::{Spans, Synced};

use crate::failure::report::Failure;
use crate::output::column::{Column, Kind};
use crate::output::fields::Fields;
use crate::output::format::Format;
use crate::output::shape::Shape;
use crate::output::table;
use crate::session::requests::Session;
use crate::values::zone::Zone;

/// The fields of a sync, for programs.
const FIELDS: [&str; 15] = [
    "added",
    "changed",
    "listed",
    "files",
    "watermark",
    "sealed_until",
    "complete",
    "stopped",
    "open",
    "unproven",
    "lost",
    "unreadable",
    "repaired",
    "held",
    "attempts",
];

/// Shows what a sync did.
pub(super) fn show(synced: &Synced, session: &mut Session) -> Result<(), Failure> {
    match session.format() {
        Format::Json => session.json(&whole(synced)),
        Format::Table => session.text(&text(synced, session.zone())),
        _ => {
            let columns = vec![
                Column::new("ADDED", "added"),
                Column::new("CHANGED", "changed"),
                Column::new("WATERMARK", "watermark").kind(Kind::Date),
                Column::new("COMPLETE", "complete"),
            ];
            let paths = FIELDS.iter().map(|field| (*field).to_owned()).collect();
            let shape = Shape::new("syncs", columns, Fields { paths, maps: Vec::new() });
            Ok(session.output().rows(shape, vec![whole(synced)])?)
        }
    }
}

/// Returns the number of attempts in the archive.
fn attempts(synced: &Synced) -> u64 {
    synced.state.days.values().sum()
}

fn whole(synced: &Synced) -> Value {
    json!({
        "added": synced.added,
        "changed": synced.changed,
        "listed": synced.listed,
        "files": synced.files,
        "attempts": attempts(synced),
        "watermark": synced.state.watermark.map(|date| Zone::Utc.rfc3339(date)),
        "sealed_until": synced.state.sealed_until.map(|date| Zone::Utc.rfc3339(date)),
        "complete": synced.is_complete(),
        "stopped": synced.stopped,
        "open": synced.open,
        "unproven": synced.unproven,
        "lost": synced.lost,
        "unreadable": synced.unreadable,
        "repaired": synced.repaired,
        "held": synced.held,
    })
}

fn text(synced: &Synced, zone: Zone) -> String {
    let date = |date: Option<DateTime<Utc>>| match date {
        Some(date) => format!("{} ({})", zone.rfc3339(date), zone.name()),
        None => "-".to_owned(),
    };
    let mut rows = vec![
        ("Attempts", table::grouped(attempts(synced))),
        ("Added", table::grouped(synced.added)),
        ("Changed", table::grouped(synced.changed)),
        ("Listed", table::grouped(synced.listed)),
        ("Complete until", date(synced.state.watermark)),
        ("Final until", date(synced.state.sealed_until)),
    ];
    let days: Vec<String> = synced.repaired.iter().map(ToString::to_string).collect();
    if !days.is_empty() {
        rows.push(("Written anew", format!("damaged files of {}", days.join(", "))));
    }
    rows.extend(faults(synced));
    let proof = match (synced.is_complete(), synced.stopped) {
        (true, _) => "as many attempts were listed as Twilio counts".to_owned(),
        (false, false) if synced.is_proven() => {
            "as many attempts were listed as Twilio counts; others sync the rest".to_owned()
        }
        (false, true) => "stopped before the end; the next sync goes on".to_owned(),
        (false, false) => "not complete, or not proven to be".to_owned(),
    };
    rows.push(("Proof", proof));
    table::pairs(rows)
}

/// Returns what was not proven and what is missing, as rows of the output.
fn faults(synced: &Synced) -> Vec<(&'static str, String)> {
    let mut faults = Vec::new();
    let mut spans = |name, spans: &Spans, what: &str| {
        for period in spans.iter() {
            faults.push((name, format!("{period}: {what}")));
        }
    };
    spans(
        "Open",
        &synced.open,
        "other attempts are listed than counted; the next sync reads it again",
    );
    spans("Unproven", &synced.unproven, "Twilio no longer counts these attempts");
    spans("Lost", &synced.lost, "Twilio deleted these attempts before they were read");
    if synced.unreadable > 0 {
        let count = table::grouped(synced.unreadable);
        faults.push(("Unreadable", format!("{count} without a SID or a date")));
    }
    faults
}
