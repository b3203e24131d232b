//! What every handler shares: the settings, the credentials, the log.

pub(crate) mod credentials;
pub(crate) mod log;
