//! The tables of an account, behind one lock.

pub(crate) mod account;
pub(crate) mod challenges;
pub(crate) mod guard;
pub(crate) mod journal;
pub(crate) mod pending;
pub(crate) mod snapshot;
pub(crate) mod verifications;
