//! Combines the settings of flags, the environment and profiles.

mod command;
pub(crate) mod credentials;
pub(crate) mod environment;
mod file;
pub(crate) mod host;
mod profile;
pub(crate) mod settings;
