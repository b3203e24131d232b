//! The tables of an account behind one lock.

pub(crate) mod account;
pub(crate) mod challenges;
pub(crate) mod pending;
pub(crate) mod verifications;
