//! The handle of a running emulator, its builder, and its start.

mod assumptions;
pub(crate) mod builder;
pub(crate) mod error;
pub(crate) mod handle;
pub(crate) mod scenarios;
pub(crate) mod start;
