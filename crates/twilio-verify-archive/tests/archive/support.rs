//! Attempts and archives.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use chrono::NaiveDate;
use serde_json::{Value, json};
use tempfile::TempDir;
use twilio_verify::Attempt;
use twilio_verify_archive::{Archive, Key, Numbers, Row};

/// An archive in a folder of its own.
pub(crate) struct Folder {
    pub(crate) folder: TempDir,
    pub(crate) archive: Archive,
}

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::open(folder.path().join("attempts")).unwrap();
        Self { folder, archive }
    }

    /// With attempts in it.
    pub(crate) async fn of(attempts: &[Attempt], numbers: &Numbers) -> Self {
        let folder = Self::new();
        folder.add(attempts, numbers).await;
        folder
    }

    pub(crate) async fn add(&self, attempts: &[Attempt], numbers: &Numbers) {
        let mut days: BTreeMap<NaiveDate, Vec<Row>> = BTreeMap::new();
        for row in attempts.iter().filter_map(|attempt| Row::of(attempt, numbers)) {
            days.entry(row.day()).or_default().push(row);
        }
        let mut writer = self.archive.writer().await.unwrap();
        for (day, rows) in days {
            writer.merge(day, rows).await.unwrap();
        }
    }

    pub(crate) fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("attempts")
    }

    /// All files but locks, with their content and when they were written.
    pub(crate) fn files(&self) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
        let mut files = BTreeMap::new();
        if self.path().exists() {
            collect(&self.path(), "", &mut files);
        }
        files.retain(|name, _| !name.starts_with("_lock"));
        files
    }
}

fn collect(folder: &Path, name: &str, files: &mut BTreeMap<String, (Vec<u8>, SystemTime)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{name}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            let written = entry.metadata().unwrap().modified().unwrap();
            files.insert(name, (fs::read(entry.path()).unwrap(), written));
        }
    }
}

pub(crate) fn key() -> Key {
    Key::from_bytes(*b"0123456789abcdef0123456789abcdef").unwrap()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn attempt(json: Value) -> Attempt {
    serde_json::from_value(json).unwrap()
}

pub(crate) fn sid(number: u64) -> String {
    format!("VL{number:032x}")
}

/// An attempt with every field, as Twilio's page has it.
pub(crate) fn whole(number: u64) -> Value {
    json!({
        "sid": sid(number),
        "account_sid": "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "service_sid": "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "verification_sid": "VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "date_created": "2026-03-02T21:02:33Z",
        "date_updated": "2026-03-02T21:03:10Z",
        "conversion_status": "converted",
        "channel": "sms",
        "price": {"value": "0.0564", "currency": "usd", "tax": "none"},
        "channel_data": {
            "to": "+573003003030",
            "country": "CO",
            "carrier": "Claro",
            "mcc": "732",
            "mnc": "101",
            "locale": "es",
            "message_status": "DELIVERED",
            "call_status": "completed",
            "error_code": "0",
            "status": "confirmed",
            "code_length": 6,
            "verification_sid": "VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "line": {"type": "mobile", "ported_from": "+573003003030"},
        },
        "url": format!("https://verify.twilio.com/v2/Attempts/{}", sid(number)),
    })
}
