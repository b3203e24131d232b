//! The data of the emulator: attempts and their counts, the whole state, and its reset.

pub(crate) mod attempts;
pub(crate) mod reset;
pub(crate) mod state;
pub(crate) mod summary;
pub(crate) mod truth;
