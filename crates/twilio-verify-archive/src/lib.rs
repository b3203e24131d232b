//! Twilio Verify attempts as Parquet files.

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
pub use state::{State, Unreadable, WindowProof};
pub use sync::progress::Progress;
pub use sync::sync::Sync;
pub use sync::synced::Synced;
