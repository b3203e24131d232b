//! The state beside the files.

use std::fs;

use chrono::{TimeZone, Utc};
use twilio_verify_archive::{ArchiveError, Numbers, State, WindowProof};
use twilio_verify_insights::{Counts, Period, Proof};

use crate::support::{Folder, attempt, key, whole};

fn state() -> State {
    let at = |hour| Utc.with_ymd_and_hms(2026, 3, 2, hour, 0, 0).unwrap();
    let counts = Counts::new(3, 2, 1);
    let proof = Proof::new(counts.clone(), counts.clone(), counts);
    let mut state = State::default();
    state.watermark = Some(at(21));
    state.proofs = vec![WindowProof::new(Period::new(at(20), at(21)).unwrap(), at(22), proof)];
    state
}

#[tokio::test]
async fn a_state_is_kept() {
    let folder = Folder::of(&[attempt(whole(1))], &Numbers::Prefix(key())).await;
    assert_eq!(folder.archive.state().await.unwrap(), State::default());
    let mut writer = folder.archive.writer().await.unwrap();
    writer.save(&state()).await.unwrap();
    let mut expected = state();
    expected.numbers = Some(Numbers::Prefix(key()).mode());
    assert_eq!(folder.archive.state().await.unwrap(), expected);

    // The same again does not touch the file.
    let before = folder.files();
    writer.save(&state()).await.unwrap();
    assert_eq!(folder.files(), before);
}

#[tokio::test]
async fn a_state_of_others_is_left_alone() {
    for (text, kind) in [
        ("{\"version\": 1}", "Foreign"),
        (
            "{\"format\": \"twilio-verify-archive\", \"version\": 99, \"program\": \"x 9\"}",
            "Version",
        ),
        ("{\"format\": \"twilio-verify-arch", "State"),
        ("", "State"),
    ] {
        let folder = Folder::of(&[attempt(whole(1))], &Numbers::Full).await;
        let path = folder.path().join("_state.json");
        fs::write(&path, text).unwrap();
        for error in
            [folder.archive.state().await.unwrap_err(), folder.archive.writer().await.unwrap_err()]
        {
            assert!(format!("{error:?}").starts_with(kind), "{error:?}");
            assert!(error.to_string().contains("_state.json"), "{error}");
            assert!(!matches!(error, ArchiveError::Io { .. }));
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}
