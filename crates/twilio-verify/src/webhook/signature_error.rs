//! Why a webhook is not taken for one of Twilio's.

use std::error::Error;
use std::fmt;

/// Why a webhook is not taken for one of Twilio's.
///
/// Says what is missing or wrong, and how to mend it if the request was
/// genuine. It holds no signature, no secret, and nothing of the body.
///
/// Answer such a request with status 403, and do nothing else for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookSignatureError {
    /// The URL that was given to the validator is not absolute, or not of
    /// `https` or `http`.
    InvalidUrl,
    /// There is no header `X-Twilio-Signature`.
    MissingSignature,
    /// The header `X-Twilio-Signature` is not Base64, or stands there twice.
    MalformedSignature,
    /// The header `X-Twilio-Webhooks-Signature-Settings` is not
    /// `key=…,algorithm=…`, or stands there twice.
    MalformedSettings,
    /// The request was signed by an algorithm that this version doesn't know.
    UnknownAlgorithm,
    /// The request was signed with a shared key whose secret the validator
    /// was not given. Holds the key's id, which is no secret.
    UnknownKey(String),
    /// The body has more than 1 MiB, which no webhook of Twilio's has.
    BodyTooLarge,
    /// The body is not a form, and the URL has no parameter `bodySHA256`.
    MissingBodyHash,
    /// The body is not the one that was signed.
    WrongBodyHash,
    /// The signature is not that of this request.
    WrongSignature,
}

impl fmt::Display for WebhookSignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidUrl => f.write_str(
                "the URL of the webhook is not absolute: give the one that Twilio was given, \
                 such as `https://hooks.example.com/verify`",
            ),
            Self::MissingSignature => f.write_str(
                "there is no header `X-Twilio-Signature`: the request is not from Twilio, or a \
                 proxy drops the header",
            ),
            Self::MalformedSignature => f.write_str(
                "the header `X-Twilio-Signature` is not one Base64 text: the request is not from \
                 Twilio, or a proxy changes the header",
            ),
            Self::MalformedSettings => f.write_str(
                "the header `X-Twilio-Webhooks-Signature-Settings` is not \
                 `key=…,algorithm=HMAC_SHA256`: the request is not from Twilio, or a proxy \
                 changes the header",
            ),
            Self::UnknownAlgorithm => f.write_str(
                "the algorithm of the signature is neither HMAC_SHA1 nor HMAC_SHA256: a newer \
                 version of this crate may know it",
            ),
            Self::UnknownKey(key) => write!(
                f,
                "the request is signed with the shared key `{key}`: give its secret to \
                 WebhookValidator::shared_key, if the key is yours"
            ),
            Self::BodyTooLarge => {
                f.write_str("the body has more than 1 MiB: the request is not from Twilio")
            }
            Self::MissingBodyHash => f.write_str(
                "the URL has no parameter `bodySHA256`, by which a body that is not a form is \
                 signed: give the URL with the query as it was received, and leave the header \
                 `Content-Type` as it is",
            ),
            Self::WrongBodyHash => f.write_str(
                "the body is not the one that was signed: give its bytes as they were received, \
                 before anything parses or changes them",
            ),
            Self::WrongSignature => f.write_str(
                "the signature is not that of this request: give the public URL as Twilio was \
                 given it, with the query as it was received (behind a proxy the server sees \
                 another scheme, host or path), the body as it was received, and the auth token \
                 of the account that the service belongs to",
            ),
        }
    }
}

impl Error for WebhookSignatureError {}
