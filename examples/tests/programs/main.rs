//! Runs each example against the emulator, and asserts what its user would notice.

mod conversion;
mod detector;
#[path = "../../../crates/twilio-verify-emulator/tests/shared/device.rs"]
mod device;
mod factors;
mod oauth;
mod observed;
mod program;
mod verifications;
