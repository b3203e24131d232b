//! Runs each example against the emulator, and asserts what its user would notice.

mod conversion;
mod detector;
#[path = "../../../crates/twilio-verify-emulator/tests/shared/device.rs"]
mod device;
mod factors;
mod oauth;
mod observed;
mod program;
#[expect(dead_code, reason = "other tests kill and restart it")]
#[path = "../../../crates/twilio-verify-redis/tests/redis/server.rs"]
mod redis_server;
mod shared_limit;
mod verifications;
