//! What the tests of the workspace share.

pub mod client;
pub mod contract;
pub mod document;
pub mod faults;
pub mod http2;
pub mod privacy;
mod reply;
pub mod scripted;
pub mod tls;

/// The README's code, compiled and run with the documentation's tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
