//! Receives webhooks: validates their signatures and reads their events.

mod body;
pub(crate) mod event;
pub(crate) mod event_type;
pub(crate) mod signature_error;
mod signature_settings;
mod signed_url;
pub(crate) mod validator;
