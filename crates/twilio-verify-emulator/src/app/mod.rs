//! What all handlers share: settings, credentials, the log, and the account.

pub(crate) mod credentials;
pub(crate) mod hosts;
pub(crate) mod log;
pub(crate) mod request_ids;
pub(crate) mod settings;
pub(crate) mod shared;
pub(crate) mod variant;
pub(crate) mod watchers;
