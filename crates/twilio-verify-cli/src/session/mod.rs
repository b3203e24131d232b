//! What commands share: the connection, lists, prompts, signals and logs.

pub(crate) mod connection;
pub(crate) mod input;
pub(crate) mod lists;
pub(crate) mod requests;
pub(crate) mod signals;
pub(crate) mod trace;
