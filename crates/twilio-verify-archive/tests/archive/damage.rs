//! Files that are damaged, or not of this archive.

use std::fs;
use std::sync::Arc;

use arrow_array::{Int64Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use twilio_verify_archive::{ArchiveError, Numbers, Row};
use twilio_verify_insights::By;

use crate::support::{Folder, attempt, day, whole};

const DAY: &str = "2026-03-02";

async fn folder() -> (Folder, Vec<Row>, std::path::PathBuf) {
    let attempts: Vec<_> = (0..200).map(|number| attempt(whole(number))).collect();
    let folder = Folder::of(&attempts, &Numbers::Full).await;
    let rows = attempts.iter().map(|attempt| Row::of(attempt, &Numbers::Full).unwrap()).collect();
    let path = folder.path().join("date=2026-03-02/attempts.parquet");
    (folder, rows, path)
}

/// Everything that reads the file fails in the same way.
async fn errors(folder: &Folder, rows: &[Row]) -> Vec<ArchiveError> {
    let mut writer = folder.archive.writer().await.unwrap();
    vec![
        folder.archive.rows(day(DAY)).await.unwrap_err(),
        folder.archive.breakdown().by([By::Country]).run().await.unwrap_err(),
        writer.merge(day(DAY), rows.to_vec()).await.unwrap_err(),
    ]
}

#[tokio::test]
async fn a_truncated_file_is_known_and_can_be_written_anew() {
    let (folder, rows, path) = folder().await;
    let content = fs::read(&path).unwrap();
    let mut zeros = content.clone();
    zeros.fill(0);
    let cut = |length: usize| content[..length].to_vec();
    let long = content.len();
    for damaged in [
        cut(0),
        cut(1),
        cut(4),
        cut(8),
        cut(12),
        cut(long / 2),
        cut(long - 8),
        cut(long - 1),
        zeros,
    ] {
        fs::write(&path, &damaged).unwrap();
        for error in errors(&folder, &rows).await {
            let ArchiveError::Corrupt { day: found, .. } = &error else { panic!("{error:?}") };
            assert_eq!(*found, day(DAY));
            assert!(error.to_string().contains("attempts.parquet"), "{error}");
        }
        assert_eq!(fs::read(&path).unwrap(), damaged);
        let mut writer = folder.archive.writer().await.unwrap();
        let merged = writer.replace(day(DAY), rows.clone()).await.unwrap();
        assert_eq!(merged.added, 200);
        assert_eq!(folder.archive.rows(day(DAY)).await.unwrap(), rows);
    }
    // A whole file is merged with.
    let mut writer = folder.archive.writer().await.unwrap();
    assert_eq!(writer.replace(day(DAY), rows[..3].to_vec()).await.unwrap().unchanged, 3);
    assert_eq!(folder.archive.rows(day(DAY)).await.unwrap(), rows);
}

/// Nothing in a damaged file is a panic.
#[tokio::test]
async fn a_damaged_file_is_an_error_or_is_read() {
    let (folder, _, path) = folder().await;
    let content = fs::read(&path).unwrap();
    let mut errors = 0;
    for place in (0..content.len()).step_by(content.len() / 97) {
        let mut damaged = content.clone();
        damaged[place] ^= 0xff;
        fs::write(&path, &damaged).unwrap();
        for result in [
            folder.archive.rows(day(DAY)).await.map(|_| ()),
            folder.archive.breakdown().by([By::Country, By::Prefix(3)]).run().await.map(|_| ()),
        ] {
            errors += usize::from(result.is_err());
        }
    }
    assert!(errors > 20, "{errors}");
}

#[tokio::test]
async fn a_file_of_another_program_is_left_alone() {
    let (folder, rows, path) = folder().await;
    let written = |keys: &[(&str, &str)]| {
        let field = Field::new("n", DataType::Int64, false);
        let schema = Arc::new(Schema::new(vec![field]));
        let keys =
            keys.iter().map(|(key, value)| KeyValue::new((*key).to_owned(), (*value).to_owned()));
        let properties = WriterProperties::builder()
            .set_created_by("another 1.0".to_owned())
            .set_key_value_metadata(Some(keys.collect()))
            .build();
        let columns: Vec<arrow_array::ArrayRef> = vec![Arc::new(Int64Array::from(vec![1, 2]))];
        let batch = RecordBatch::try_new(Arc::clone(&schema), columns).unwrap();
        let mut content = Vec::new();
        let mut writer = ArrowWriter::try_new(&mut content, schema, Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        content
    };
    let schema = "twilio_verify_archive.schema";
    let program = "twilio_verify_archive.program";
    for (content, kind, says) in [
        (b"sid,date_created\n".to_vec(), "Foreign", "not a Parquet file"),
        (written(&[]), "Foreign", "another 1.0"),
        (written(&[(schema, "2"), (program, "archive 9.9")]), "Version", "archive 9.9"),
    ] {
        fs::write(&path, &content).unwrap();
        for error in errors(&folder, &rows).await {
            assert!(format!("{error:?}").starts_with(kind), "{error:?}");
            let text = error.to_string();
            assert!(text.contains("attempts.parquet") && text.contains(says), "{text}");
        }
        let mut writer = folder.archive.writer().await.unwrap();
        let error = writer.replace(day(DAY), rows.clone()).await.unwrap_err();
        assert!(format!("{error:?}").starts_with(kind), "{error:?}");
        assert_eq!(fs::read(&path).unwrap(), content);
    }
}

/// A file that was moved to another day's folder.
#[tokio::test]
async fn a_file_of_another_day_is_left_alone() {
    let (folder, _, path) = folder().await;
    let other = folder.path().join("date=2026-03-03");
    fs::create_dir(&other).unwrap();
    fs::copy(&path, other.join("attempts.parquet")).unwrap();
    let error = folder.archive.rows(day("2026-03-03")).await.unwrap_err();
    assert!(matches!(error, ArchiveError::Foreign { .. }), "{error}");
    assert!(error.to_string().contains("2026-03-02"), "{error}");
}

/// Other things in the folder are not days.
#[tokio::test]
async fn other_files_are_ignored() {
    let (folder, _, _) = folder().await;
    for name in ["date=2026-03-05", "date=today", "date=2026-3-6", "notes"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    fs::write(folder.path().join("notes/attempts.parquet"), "").unwrap();
    fs::write(folder.path().join("date=today/attempts.parquet"), "").unwrap();
    assert_eq!(folder.archive.days().await.unwrap(), [day(DAY)]);
    assert!(folder.archive.rows(day("2026-03-05")).await.unwrap().is_empty());
}
