//! The commands, a file each; those from the document in `generated`.

pub(crate) mod api;
pub(crate) mod emulator;
pub(crate) mod generated;
pub(crate) mod schema;
pub(crate) mod verify;

mod args;
mod attempts;
mod control;
mod faults;
mod verifications;
