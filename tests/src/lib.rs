//! What the tests of the workspace share.

pub mod client;
pub mod contract;
pub mod document;
pub mod privacy;
pub mod scripted;

/// The README's code, compiled and run with the documentation's tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
