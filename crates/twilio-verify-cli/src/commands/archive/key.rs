//! Decides what an archive keeps of numbers, and finds the key of their hashes.

use std::fs::DirBuilder;
use std::io::ErrorKind;
use std::path::Path;

use twilio_verify_archive::{Key, KeyError, Numbers, NumbersMode};

use super::sync::{Keep, SyncArgs};
use crate::failure::report::{Failure, chain};
use crate::output::note::note;
use crate::settings::environment::variable;
use crate::settings::settings;

/// The environment variable with the key.
const KEY: &str = "TWILIO_VERIFY_ARCHIVE_KEY";

/// The name of the file with the key, in this program's configuration folder.
const FILE: &str = "archive.key";

/// Returns what to keep of numbers: what the arguments say, or else what the archive keeps already.
pub(super) fn numbers(
    arguments: &SyncArgs,
    archive: Option<NumbersMode>,
) -> Result<Numbers, Failure> {
    let keep = arguments.numbers.unwrap_or(match archive {
        Some(NumbersMode::Full) => Keep::Full,
        Some(NumbersMode::None) => Keep::None,
        Some(NumbersMode::Prefix(_)) | None => Keep::Prefix,
    });
    Ok(match keep {
        Keep::Full => Numbers::Full,
        Keep::None => Numbers::None,
        Keep::Prefix => Numbers::Prefix(key(arguments.key_file.as_deref(), archive)?),
    })
}

fn key(file: Option<&Path>, archive: Option<NumbersMode>) -> Result<Key, Failure> {
    if let Some(file) = file {
        return Key::from_file(file).map_err(|error| unreadable("--key-file <FILE>", &error));
    }
    if let Some(text) = variable(KEY) {
        return text.parse().map_err(|error: KeyError| {
            Failure::usage(format!("{KEY}: {error}"), "correct the variable, or remove it")
        });
    }
    let Some(folder) = settings::folder() else {
        return Err(Failure::usage(
            format!("there is no folder for the key of the hashes, and {KEY} is not set"),
            format!("set {KEY}, name a file by --key-file, or choose --numbers full or none"),
        ));
    };
    let file = folder.join(FILE);
    match Key::from_file(&file) {
        Err(KeyError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(unreadable("the key of the hashes", &error)),
        Ok(key) => return Ok(key),
    }
    if let Some(NumbersMode::Prefix(id)) = archive {
        return Err(Failure::usage(
            format!(
                "the archive's hashes are made with the key {id}, and {} doesn't exist",
                file.display()
            ),
            format!("name the file with that key by --key-file, or set {KEY}"),
        ));
    }
    let key = create(&folder, &file)?;
    note(&format!(
        "the key of the archive's hashes is {}, a new file: keep it, and apart from the archive",
        file.display()
    ));
    Ok(key)
}

fn create(folder: &Path, file: &Path) -> Result<Key, Failure> {
    DirBuilder::new().recursive(true).create(folder).map_err(|error| {
        Failure::other(format!("can't create the folder {}: {error}", folder.display()))
    })?;
    match Key::generate(file) {
        // Another process has created the file meanwhile.
        Err(KeyError::Io { source, .. }) if source.kind() == ErrorKind::AlreadyExists => {
            Key::from_file(file)
        }
        key => key,
    }
    .map_err(|error| unreadable("the key of the hashes", &error))
}

fn unreadable(name: &str, error: &KeyError) -> Failure {
    Failure::usage(
        format!("{name}: {}", chain(error)),
        "name a file with at least 32 hexadecimal digits that only you can read: `openssl rand -hex 32` \
         prints such digits",
    )
}
