//! Webhooks as they are received: whether Twilio sent them, and what they say.

mod body;
mod event;
mod event_error;
mod event_type;
mod signature_error;
mod signature_settings;
mod signed_url;
mod validator;

pub use event::WebhookEvent;
pub use event_error::WebhookEventError;
pub use event_type::WebhookEventType;
pub use signature_error::WebhookSignatureError;
pub use validator::WebhookValidator;
