//! Webhooks as they are received: whether Twilio sent them, and what they say.

mod body;
pub(crate) mod event;
pub(crate) mod event_error;
pub(crate) mod event_type;
pub(crate) mod signature_error;
mod signature_settings;
mod signed_url;
pub(crate) mod validator;
