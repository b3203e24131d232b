//! Settings of flags, the environment and profiles, and which of them win.

mod command;
pub(crate) mod credentials;
pub(crate) mod environment;
mod file;
pub(crate) mod host;
mod profile;
pub(crate) mod settings;
