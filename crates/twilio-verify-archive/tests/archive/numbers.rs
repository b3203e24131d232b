//! What is kept of numbers.

use serde_json::{Value, json};
use twilio_verify_archive::{ArchiveError, Key, Numbers, NumbersMode, Row};

use crate::support::{Folder, attempt, day, key, sid, whole};

fn row(to: &str, numbers: &Numbers) -> Row {
    let mut json = whole(1);
    json["channel_data"]["to"] = json!(to);
    json["channel_data"]["line"] = json!({"ported_from": to, "note": format!("for {to}")});
    Row::of(&attempt(json), numbers).unwrap()
}

fn kept(row: &Row) -> Option<&str> {
    row.destination.as_ref().map(|kept| kept.as_str())
}

#[test]
fn by_default_the_last_digits_are_hashed() {
    let prefix = Numbers::Prefix(key());
    let one = row("+573003003030", &prefix);
    assert_eq!(kept(&one), Some("+57300300"));
    let hash = one.destination_hash.as_deref().unwrap();
    // HMAC-SHA-256 of the digits, its first half: computed with `openssl dgst -hmac`.
    assert_eq!(hash, "2c260f8cea3bb2d02bc60826fea62317");
    assert_eq!(one.destination_hash, row("whatsapp:+573003003030", &prefix).destination_hash);
    assert_ne!(one.destination_hash, row("+573003003031", &prefix).destination_hash);
    let other = Numbers::Prefix(Key::from_bytes([7; 32]).unwrap());
    assert_ne!(one.destination_hash, row("+573003003030", &other).destination_hash);

    let mail = row("Some.One@example.com", &prefix);
    assert_eq!(kept(&mail), Some("@example.com"));
    assert_eq!(mail.destination_hash, row("some.one@EXAMPLE.com", &prefix).destination_hash);
}

/// Whatever holds a number, in whatever field, no more of it is kept.
#[tokio::test]
async fn nothing_else_holds_the_number() {
    for to in ["+573003003030", "whatsapp:+573003003030", "someone@example.com", "573003003030"] {
        for numbers in [Numbers::Prefix(key()), Numbers::None] {
            let row = row(to, &numbers);
            let text = format!("{row:?} {}", serde_json::to_string(&row).unwrap());
            for private in ["3003030", "3030", "someone"] {
                assert!(!text.contains(private), "{text}");
            }
            let folder = Folder::new();
            let mut writer = folder.archive.writer().await.unwrap();
            writer.merge(day("2026-03-02"), vec![row.clone()]).await.unwrap();
            assert_eq!(folder.archive.rows(day("2026-03-02")).await.unwrap(), [row]);
        }
    }
    let none = row("+573003003030", &Numbers::None);
    assert_eq!((kept(&none), none.destination_hash.as_deref()), (None, None));
    let full = row("+573003003030", &Numbers::Full);
    assert_eq!((kept(&full), full.destination_hash.as_deref()), (Some("+573003003030"), None));
    assert!(!format!("{full:?}").contains("3003030"));
}

#[tokio::test]
async fn one_archive_keeps_one_thing() {
    let modes = [
        Numbers::Full,
        Numbers::None,
        Numbers::Prefix(key()),
        Numbers::Prefix(Key::from_bytes([7; 32]).unwrap()),
    ];
    for (index, first) in modes.iter().enumerate() {
        let folder = Folder::of(&[attempt(whole(1))], first).await;
        let before = folder.files();
        for (other, second) in modes.iter().enumerate() {
            let mut writer = folder.archive.writer().await.unwrap();
            assert_eq!(writer.numbers(), Some(first.mode()));
            let rows = vec![Row::of(&attempt(whole(1)), second).unwrap()];
            let result = writer.merge(day("2026-03-02"), rows.clone()).await;
            let new_day = |row: Row| {
                let mut json = whole(2);
                json["date_created"] = json!("2026-03-09T00:00:00Z");
                let _ = row;
                vec![Row::of(&attempt(json), second).unwrap()]
            };
            if index == other {
                result.unwrap();
                continue;
            }
            let elsewhere = writer.merge(day("2026-03-09"), new_day(rows[0].clone())).await;
            for error in [result.unwrap_err(), elsewhere.unwrap_err()] {
                assert!(matches!(error, ArchiveError::Numbers { .. }), "{error}");
                let text = error.to_string();
                assert!(text.contains("or another folder"), "{text}");
            }
        }
        assert_eq!(folder.files(), before);
    }
}

/// The state says it before there is an attempt.
#[tokio::test]
async fn an_empty_archive_keeps_what_its_state_says() {
    let folder = Folder::new();
    let mut writer = folder.archive.writer().await.unwrap();
    assert_eq!(writer.numbers(), None);
    let mut state = folder.archive.state().await.unwrap();
    state.numbers = Some(NumbersMode::None);
    writer.save(&state).await.unwrap();
    drop(writer);
    let mut writer = folder.archive.writer().await.unwrap();
    assert_eq!(writer.numbers(), Some(NumbersMode::None));
    let rows = vec![Row::of(&attempt(whole(1)), &Numbers::Full).unwrap()];
    let error = writer.merge(day("2026-03-02"), rows).await.unwrap_err();
    assert!(error.to_string().contains("--numbers none"), "{error}");
}

#[test]
fn errors_and_debug_hold_no_key() {
    let numbers = Numbers::Prefix(Key::from_bytes(*b"a key that nobody may ever see..").unwrap());
    let text = format!("{numbers:?} {:?} {}", numbers.mode(), numbers.mode());
    assert!(!text.contains("nobody"), "{text}");
    assert!(!text.contains(&data_encoding::HEXLOWER.encode(b"a key that nobody")), "{text}");
    let mode: NumbersMode = numbers.mode().to_string().parse().unwrap();
    assert_eq!(mode, numbers.mode());
    let value: Value = serde_json::to_value(mode).unwrap();
    assert_eq!(serde_json::from_value::<NumbersMode>(value).unwrap(), mode);
    assert!(sid(1).starts_with("VL"));
}
