//! Why a webhook's body can't be read as an event.

use std::error::Error;
use std::fmt;

/// Why a webhook's body can't be read as an event. It holds nothing of the
/// body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookEventError {
    /// The body is not a JSON object.
    NotAnObject,
    /// There is no `type`, or it is not one text: what the webhook tells of
    /// is unknown.
    NoType,
}

impl fmt::Display for WebhookEventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAnObject => {
                "the body is not a JSON object: a form needs the header `Content-Type: \
                 application/x-www-form-urlencoded`, or WebhookEvent::from_form"
            }
            Self::NoType => {
                "there is no single `type`: the body is not that of one of Verify's webhooks, or \
                 something read it before"
            }
        })
    }
}

impl Error for WebhookEventError {}
