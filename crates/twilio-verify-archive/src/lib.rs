//! Twilio Verify's attempts as Parquet files: kept beyond Twilio's 30 days, proven complete, and readable by
//! DuckDB, DataFusion, Spark and ClickHouse.
//!
//! An [`Archive`] is a folder, or with the feature `object-store` a bucket. [`Archive::sync`] fills it from
//! the API, [`Archive::breakdown`] counts its attempts, and [`Archive::rows`] reads the attempts of a day.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path().join("attempts");
//! use twilio_verify::Attempt;
//! use twilio_verify_archive::{Archive, Numbers, Row};
//! use twilio_verify_insights::By;
//!
//! let archive = Archive::open(folder)?;
//!
//! // What a sync does: attempts are merged into the file of their day.
//! let attempt: Attempt = serde_json::from_str(
//!     r#"{"sid": "VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "channel": "sms",
//!         "date_created": "2026-03-02T21:02:33Z", "conversion_status": "converted",
//!         "channel_data": {"country": "CO", "to": "+573003003030"}}"#,
//! )?;
//! let mut writer = archive.writer().await?;
//! if let Some(row) = Row::of(&attempt, &Numbers::Full) {
//!     let merged = writer.merge(row.day(), vec![row]).await?;
//!     assert_eq!(merged.added, 1);
//! }
//! writer.release().await?;
//!
//! let table = archive.breakdown().by([By::Country, By::Prefix(4)]).run().await?;
//! let counts = table.get(&["CO".into(), "+5730".into()]).ok_or("no such cell")?;
//! assert_eq!((counts.attempts, counts.converted), (1, 1));
//! # Ok(())
//! # }
//! ```
//!
//! The crate's README describes the files and their columns.

mod archive;
mod breakdown;
mod error;
mod files;
mod numbers;
mod rows;
mod spans;
mod state;
mod store;
mod sync;

pub use archive::archive::Archive;
pub use archive::writer::Writer;
pub use breakdown::breakdown::ArchiveBreakdown;
pub use error::ArchiveError;
pub use files::row_writer::RowWriter;
pub use numbers::key::{Key, KeyError, KeyId};
pub use numbers::numbers::{Numbers, NumbersMode, ParseNumbersModeError};
pub use rows::merge::Merged;
pub use rows::row::{Private, Row};
pub use spans::Spans;
pub use state::state::{State, Unreadable, WindowProof};
pub use sync::progress::Progress;
pub use sync::sync::Sync;
pub use sync::synced::{HeldDay, Synced};
