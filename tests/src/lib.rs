//! What the tests of the workspace share.

pub mod contract;
pub mod document;
pub mod privacy;
pub mod scripted;
