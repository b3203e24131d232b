//! `/_emulator/`: requests beyond Twilio's API.

pub(crate) mod access;
pub(crate) mod changes;
pub(crate) mod clock;
pub(crate) mod data;
pub(crate) mod health;
pub(crate) mod inbox;
pub(crate) mod info;
pub(crate) mod page;
pub(crate) mod query;
pub(crate) mod router;
pub(crate) mod routes;
pub(crate) mod traffic;
