//! Archives of attempts.

#[cfg(feature = "archive")]
mod failure;
#[cfg(feature = "archive")]
mod key;
#[cfg(feature = "archive")]
mod result;
#[cfg(feature = "archive")]
pub(crate) mod run;
pub(crate) mod sync;
