//! `emulator codes`, `outbox`, `advance`, `fault` and `reset`: control a running emulator.

pub(crate) mod command;
mod resources;
pub(crate) mod running;
