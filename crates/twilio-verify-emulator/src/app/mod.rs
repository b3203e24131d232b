//! What every handler shares: the settings, the credentials, the log.

pub(crate) mod credentials;
pub(crate) mod log;
pub(crate) mod request_ids;
pub(crate) mod settings;
pub(crate) mod shared;
pub(crate) mod watchers;
