//! The commands, one per file or folder. Those from the document are in `generated`.

pub(crate) mod api;
pub(crate) mod completions;
pub(crate) mod emulator;
pub(crate) mod exporter;
pub(crate) mod generated;
pub(crate) mod man;
pub(crate) mod schema;
pub(crate) mod verify;

mod archive;
mod args;
mod attempts;
mod control;
mod faults;
mod insights;
mod period;
mod repeat;
mod summary;
mod verification_checks;
mod verifications;
mod watch;
