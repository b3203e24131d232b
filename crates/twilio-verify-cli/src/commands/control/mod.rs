//! `emulator codes`, `outbox`, `advance`, `fault` and `reset`: a running emulator is asked and told.

pub(crate) mod command;
mod resources;
pub(crate) mod running;
