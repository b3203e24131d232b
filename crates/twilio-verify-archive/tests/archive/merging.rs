//! What becomes of attempts that are read again.

use std::fs;

use serde_json::{Value, json};
use twilio_verify_archive::{ArchiveError, Numbers, Row};

use crate::support::{Folder, attempt, day, sid, whole};

const DAY: &str = "2026-03-02";

fn row(json: Value) -> Row {
    Row::of(&attempt(json), &Numbers::Full).unwrap()
}

fn with(number: u64, changes: Value) -> Value {
    let mut json = whole(number);
    for (name, value) in changes.as_object().unwrap() {
        json[name] = value.clone();
    }
    json
}

#[tokio::test]
async fn every_field_is_kept() {
    let folder = Folder::new();
    let given = row(whole(1));
    let mut writer = folder.archive.writer().await.unwrap();
    let merged = writer.merge(day(DAY), vec![given.clone()]).await.unwrap();
    assert_eq!((merged.added, merged.changed, merged.unchanged), (1, 0, 0));
    assert_eq!(folder.archive.days().await.unwrap(), [day(DAY)]);
    let rows = folder.archive.rows(day(DAY)).await.unwrap();
    assert_eq!(rows, [given]);
    let json = serde_json::to_value(&rows[0]).unwrap();
    let expected = json!({
        "sid": sid(1),
        "date_created": "2026-03-02T21:02:33Z",
        "date_updated": "2026-03-02T21:03:10Z",
        "account_sid": "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "service_sid": "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "verification_sid": "VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "channel": "sms",
        "conversion_status": "converted",
        "country": "CO",
        "destination": "+573003003030",
        "destination_hash": null,
        "carrier": "Claro",
        "mcc": "732",
        "mnc": "101",
        "locale": "es",
        "message_status": "delivered",
        "call_status": "completed",
        "error_code": "0",
        "status": "confirmed",
        "code_length": 6,
        "price": "0.0564",
        "price_currency": "usd",
        "url": format!("https://verify.twilio.com/v2/Attempts/{}", sid(1)),
        "channel_verification_sid": "VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "channel_data_other": r#"{"line":{"ported_from":"+573003003030","type":"mobile"}}"#,
        "price_other": r#"{"tax":"none"}"#,
        "unread": null,
    });
    assert_eq!(json, expected);
}

#[tokio::test]
async fn rows_are_sorted_by_time_and_sid() {
    let folder = Folder::new();
    let at = |number: u64, time: &str| {
        row(with(number, json!({"date_created": format!("2026-03-02T{time}Z")})))
    };
    let mut writer = folder.archive.writer().await.unwrap();
    let rows = vec![at(3, "21:00:00"), at(1, "23:59:59"), at(9, "00:00:00")];
    writer.merge(day(DAY), rows).await.unwrap();
    writer.merge(day(DAY), vec![at(2, "21:00:00"), at(4, "20:00:00")]).await.unwrap();
    let rows = folder.archive.rows(day(DAY)).await.unwrap();
    let sids: Vec<_> = rows.iter().map(|row| row.sid.to_string()).collect();
    assert_eq!(sids, [9, 4, 2, 3, 1].map(sid));
}

#[tokio::test]
async fn the_later_change_wins_and_nothing_replaces_no_value() {
    let at = |time: &str, changes: Value| {
        let mut json = with(1, json!({"date_updated": format!("2026-03-02T{time}Z")}));
        for (name, value) in changes.as_object().unwrap() {
            match name.as_str() {
                "price" | "conversion_status" => json[name] = value.clone(),
                _ => json["channel_data"][name] = value.clone(),
            }
        }
        row(json)
    };
    let merged = async |reads: Vec<Row>| {
        let folder = Folder::new();
        let mut writer = folder.archive.writer().await.unwrap();
        for read in reads {
            writer.merge(day(DAY), vec![read]).await.unwrap();
        }
        let mut rows = folder.archive.rows(day(DAY)).await.unwrap();
        assert_eq!(rows.len(), 1);
        rows.remove(0)
    };
    // A later read with an earlier date of update brings what is missing, and nothing else.
    let old = at("21:03:00", json!({"message_status": "sent", "price": null, "carrier": "Claro"}));
    let new = at(
        "21:04:00",
        json!({"message_status": "delivered", "price": {"value": "0.05", "currency": "usd"},
               "carrier": null}),
    );
    for reads in [vec![old.clone(), new.clone()], vec![new.clone(), old.clone()]] {
        let row = merged(reads).await;
        assert_eq!(row.message_status.as_deref(), Some("delivered"));
        assert_eq!(row.price.unwrap().to_string(), "0.05");
        assert_eq!(row.carrier.as_deref(), Some("Claro"));
        assert_eq!(row.date_updated, new.date_updated);
    }
    // Of two with the same date, the later read.
    let one = at("21:04:00", json!({"message_status": "sent"}));
    let other = at("21:04:00", json!({"message_status": "failed"}));
    assert_eq!(merged(vec![one.clone(), other.clone()]).await, other);
    assert_eq!(merged(vec![other, one.clone()]).await, one);
    // Fields that nobody knows are merged one by one.
    let one = at("21:04:00", json!({"line": {"type": "mobile"}, "new": null}));
    let other = at("21:05:00", json!({"line": null, "new": 1, "newer": 2}));
    let row = merged(vec![one, other]).await;
    let kept = row.channel_data_other.unwrap();
    assert_eq!(kept.as_str(), r#"{"line":{"type":"mobile"},"new":1,"newer":2}"#);
}

/// What is read once more and has not changed leaves the file as it is.
#[tokio::test]
async fn reading_again_changes_nothing() {
    let folder = Folder::new();
    let rows: Vec<Row> = (0..50).map(|number| row(whole(number))).collect();
    let mut writer = folder.archive.writer().await.unwrap();
    writer.merge(day(DAY), rows.clone()).await.unwrap();
    let before = folder.files();
    let merged = writer.merge(day(DAY), rows[10..30].to_vec()).await.unwrap();
    assert_eq!((merged.added, merged.changed, merged.unchanged), (0, 0, 20));
    assert!(!merged.is_written());
    assert_eq!(writer.merge(day(DAY), Vec::new()).await.unwrap().added, 0);
    assert_eq!(folder.files(), before);
    let changed = row(with(7, json!({"conversion_status": "unconverted"})));
    let merged = writer.merge(day(DAY), vec![changed, row(whole(90))]).await.unwrap();
    assert_eq!((merged.added, merged.changed, merged.unchanged), (1, 1, 0));
    assert_ne!(folder.files(), before);
}

#[tokio::test]
async fn an_attempt_that_is_given_twice_is_one_row() {
    let folder = Folder::new();
    let mut writer = folder.archive.writer().await.unwrap();
    let merged = writer.merge(day(DAY), vec![row(whole(1)), row(whole(1))]).await.unwrap();
    assert_eq!(merged.added, 1);
    assert_eq!(folder.archive.rows(day(DAY)).await.unwrap(), [row(whole(1))]);
}

#[tokio::test]
async fn a_row_of_another_day_is_rejected() {
    let folder = Folder::new();
    let mut writer = folder.archive.writer().await.unwrap();
    let error = writer.merge(day("2026-03-03"), vec![row(whole(1))]).await.unwrap_err();
    assert!(matches!(error, ArchiveError::Day { .. }), "{error}");
    assert!(folder.files().is_empty());
}

#[test]
fn an_attempt_without_sid_or_date_is_no_row() {
    for field in ["sid", "date_created"] {
        let mut json = whole(1);
        json[field] = Value::Null;
        assert_eq!(Row::of(&attempt(json), &Numbers::Full), None);
    }
}

/// Prices with more digits than the column of decimals has are kept, too.
#[tokio::test]
async fn a_price_is_exact() {
    let folder = Folder::new();
    let prices =
        ["0.05", "-0.0079", "0.12345678", "1000000000000.5", "79228162514264337593543950335"];
    let rows = (0..).zip(prices).map(|(number, price)| {
        row(with(number, json!({"price": {"value": price, "currency": "usd"}})))
    });
    let mut writer = folder.archive.writer().await.unwrap();
    writer.merge(day(DAY), rows.collect()).await.unwrap();
    let rows = folder.archive.rows(day(DAY)).await.unwrap();
    let found: Vec<_> = rows.iter().map(|row| row.price.unwrap().to_string()).collect();
    assert_eq!(found, prices);
}

/// A file that is left by a writer that was stopped is removed by the next one.
#[tokio::test]
async fn what_is_left_unfinished_is_removed() {
    let folder = Folder::new();
    let mut writer = folder.archive.writer().await.unwrap();
    writer.merge(day(DAY), vec![row(whole(1))]).await.unwrap();
    let before = folder.files();
    drop(writer);
    let left = [".attempts.parquet.x1.tmp", ".attempts.parquet.x2.tmp"];
    for name in left {
        fs::write(folder.path().join("date=2026-03-02").join(name), b"PAR1").unwrap();
    }
    fs::write(folder.path().join("._state.json.x3.tmp"), b"{").unwrap();
    fs::write(folder.path().join(".gitignore"), b"*").unwrap();
    let mut writer = folder.archive.writer().await.unwrap();
    writer.lock(day(DAY)).await.unwrap();
    writer.update(|_| Ok(())).await.unwrap();
    let mut after = folder.files();
    assert!(after.remove(".gitignore").is_some());
    assert_eq!(after, before);
}
