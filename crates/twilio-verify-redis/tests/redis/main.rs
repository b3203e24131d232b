//! The gate, against a real `redis-server` and with real processes.
//!
//! Without `redis-server` on this machine these tests say so and end; with
//! `TWILIO_VERIFY_REQUIRE_REDIS=1` they fail.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod alone;
mod processes;
mod server;
