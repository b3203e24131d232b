//! The key of hashes.

use twilio_verify_archive::{Key, KeyError};

#[test]
fn a_key_is_generated_once_and_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.key");
    let key = Key::generate(&path).unwrap();
    assert_eq!(Key::from_file(&path).unwrap().id(), key.id());
    assert_ne!(Key::generate(folder.path().join("other.key")).unwrap().id(), key.id());
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.parse::<Key>().unwrap().id(), key.id());
    assert_eq!(text.trim().len(), 64);
    assert_eq!(format!("{key:?}"), format!("Key({})", key.id()));
    assert!(!text.contains(&key.id().to_string()));
    // A key that is in use is never overwritten.
    let error = Key::generate(&path).unwrap_err();
    assert!(error.to_string().contains("archive.key"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_refused() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.key");
    Key::generate(&path).unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    for mode in [0o644, 0o640, 0o604, 0o620] {
        set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        let error = Key::from_file(&path).unwrap_err();
        assert!(matches!(error, KeyError::Readable { .. }), "{error:?}");
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }
    for mode in [0o600, 0o400] {
        set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        Key::from_file(&path).unwrap();
    }
}

#[test]
fn what_is_no_key_is_refused_and_not_repeated() {
    let folder = tempfile::tempdir().unwrap();
    for text in [
        "",
        "secret",
        "abcdef",
        "000102030405060708090a0b0c0d0e",
        "zz0102030405060708090a0b0c0d0e0f",
    ] {
        let error = text.parse::<Key>().unwrap_err().to_string();
        assert!(text.is_empty() || !error.contains(text), "{error}");
        let path = folder.path().join("key");
        std::fs::write(&path, text).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        let error = Key::from_file(&path).unwrap_err();
        assert!(matches!(error, KeyError::Content { .. }), "{error:?}");
    }
    assert!(matches!(Key::from_file(folder.path().join("none")), Err(KeyError::Io { .. })));
    assert!(matches!(Key::from_bytes([1; 15]), Err(KeyError::Short { found: 15 })));
}
