//! A file of attempts with an attack in it.

use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use tokio::process::Command;

use crate::program::output;

/// Eight days with an attempt every five minutes, of which three of four convert; and on the last day an
/// attack of two attempts a minute.
fn attempts(begin: DateTime<Utc>) -> String {
    let mut lines = Vec::new();
    for number in 0..8 * 288 {
        let created = begin + TimeDelta::minutes(5 * number);
        let converted = number % 4 > 0;
        lines.push((
            created,
            format!("FR,sms,+3363998{:04},{converted},0.0798", number * 7 % 10_000),
        ));
    }
    let attack = begin + TimeDelta::days(7) + TimeDelta::hours(10);
    for number in 0..120 {
        let created = attack + TimeDelta::seconds(30 * number);
        lines.push((created, format!("UZ,sms,+99899394{number:04},false,0.3130")));
    }
    lines.sort();
    let mut text = "id,created,country,channel,number,converted,price\n".to_owned();
    for (number, (created, rest)) in lines.iter().enumerate() {
        writeln!(text, "{number},{},{rest}", created.to_rfc3339()).unwrap();
    }
    text
}

#[tokio::test]
async fn an_attack_in_a_file_is_found_when_it_begins_and_summed_up_when_it_ends() {
    let begin = Utc.with_ymd_and_hms(2026, 3, 2, 0, 0, 0).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("attempts.csv");
    std::fs::write(&file, attempts(begin)).unwrap();
    let (found, _) = output(Command::new(env!("CARGO_BIN_EXE_detector")).arg(&file)).await;
    let lines: Vec<&str> = found.lines().filter(|line| line.contains("pumping")).collect();
    let [started, ended] = lines[..] else { panic!("{found}") };
    assert!(started.contains("started pumping: UZ +99899394 sms, 2026-03-09T10:00:00Z"), "{found}");
    // 37.56 is 120 times 0.3130.
    assert!(ended.contains("ended pumping: UZ +99899394 sms, 2026-03-09T10:00:00Z"), "{found}");
    assert!(ended.contains("120 attempts (usual: 0.0), 0 converted"), "{found}");
    assert!(ended.contains("37.56 USD wasted"), "{found}");
}
