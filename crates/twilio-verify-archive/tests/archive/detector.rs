//! What a detector finds in an archive.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use twilio_verify::Attempt;
use twilio_verify_archive::{Numbers, Row};
use twilio_verify_emulator::{Emulator, ManualClock, sample};
use twilio_verify_insights::{Detector, Finding, History, Label, Observation};

use crate::support::{Folder, key};

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 21, 0, 0).unwrap()
}

/// A month of attempts with an attack in the last hours.
async fn attacked() -> Vec<Attempt> {
    let attack = "pumping prefix=+99899394 start=-2h for=2h rate=200/h carrier=43404";
    let emulator = Emulator::builder()
        .clock(ManualClock::at(now()))
        .attempts(sample(7, now(), 4_000))
        .scenario(attack.parse().unwrap())
        .attempts_limit(None)
        .start()
        .await
        .unwrap();
    let client = twilio_verify::Client::builder()
        .credentials(emulator.credentials())
        .base_url(emulator.url())
        .build()
        .unwrap();
    let mut items = client.attempts().list().page_size(1000).items();
    let mut attempts = Vec::new();
    while let Some(attempt) = items.try_next().await.unwrap() {
        attempts.push(attempt);
    }
    attempts
}

fn found(observations: impl Iterator<Item = Observation>) -> Vec<Finding> {
    let mut history = History::new().known_from(now() - TimeDelta::days(30));
    observations.for_each(|observation| history.record(observation));
    Detector::new().look(&history, now())
}

async fn rows(attempts: &[Attempt], numbers: &Numbers) -> Vec<Row> {
    let folder = Folder::of(attempts, numbers).await;
    let mut rows = Vec::new();
    for day in folder.archive.days().await.unwrap() {
        rows.extend(folder.archive.rows(day).await.unwrap());
    }
    assert_eq!(rows.len(), attempts.len());
    rows
}

#[tokio::test]
async fn it_is_what_is_found_live() {
    let attempts = attacked().await;
    let live = found(attempts.iter().filter_map(Observation::of));
    assert_eq!(live.len(), 1, "{live:?}");
    assert_eq!(live[0].cell.prefix.as_str(), Some("+99899394"));

    let full = rows(&attempts, &Numbers::Full).await;
    assert_eq!(found(full.iter().map(Observation::from)), live);
    for (attempt, row) in attempts.iter().rev().zip(&full) {
        let sid = attempt.sid.as_ref().unwrap().as_str();
        if sid == &*row.sid {
            assert_eq!(Observation::of(attempt), Some(Observation::from(row)));
        }
    }

    // Without the last four digits, numbers can't be adjacent.
    let mut without = live.clone();
    let of_prefix =
        found(rows(&attempts, &Numbers::Prefix(key())).await.iter().map(Observation::from));
    for finding in without.iter_mut() {
        finding.evidence = of_prefix[0].evidence.clone();
    }
    assert_eq!(of_prefix, without);
    assert_eq!(of_prefix[0].evidence.adjacent, None);
    assert_eq!(of_prefix[0].evidence.carrier, live[0].evidence.carrier);

    // Without numbers, the country is known.
    let of_none = found(rows(&attempts, &Numbers::None).await.iter().map(Observation::from));
    let [finding] = &of_none[..] else { panic!("one: {of_none:?}") };
    assert_eq!((finding.kind, finding.cell.country.as_str()), (live[0].kind, Some("UZ")));
    assert_eq!((finding.attempts, &finding.cell.prefix), (live[0].attempts, &Label::NONE));
}
