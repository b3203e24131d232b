//! Why a webhook is rejected.

use std::error::Error;
use std::fmt;

/// Why a webhook is rejected.
///
/// The text says what is missing or wrong, and what to change if the request is genuine. It shows
/// no signature, no secret, and nothing of the body.
///
/// Respond to such a request with status 403, and ignore it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookSignatureError {
    /// The URL that was passed to the validator is not an absolute `https` or `http` URL.
    InvalidUrl,
    /// The header `X-Twilio-Signature` is missing.
    MissingSignature,
    /// The header `X-Twilio-Signature` is not Base64, or was sent twice.
    MalformedSignature,
    /// The header `X-Twilio-Webhooks-Signature-Settings` is not `key=…,algorithm=…`, or was sent
    /// twice.
    MalformedSettings,
    /// The request was signed with an algorithm that this version doesn't support.
    UnknownAlgorithm,
    /// The request was signed with a shared key whose secret the validator doesn't have. The value
    /// is the id of the key, which is not secret.
    UnknownKey(String),
    /// The body is larger than 1 MiB, and so larger than any webhook of Twilio's.
    BodyTooLarge,
    /// The body is not a form, and the URL has no parameter `bodySHA256`.
    MissingBodyHash,
    /// The body is not the one that was signed.
    WrongBodyHash,
    /// The signature doesn't match the request.
    WrongSignature,
}

impl fmt::Display for WebhookSignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidUrl => {
                "the URL of the webhook is not absolute: pass the one that Twilio was given, such \
                 as `https://hooks.example.com/verify`"
            }
            Self::MissingSignature => {
                "the header `X-Twilio-Signature` is missing: the request is not from Twilio, or a \
                 proxy removes the header"
            }
            Self::MalformedSignature => {
                "the header `X-Twilio-Signature` is not one Base64 string: the request is not from \
                 Twilio, or a proxy changes the header"
            }
            Self::MalformedSettings => {
                "the header `X-Twilio-Webhooks-Signature-Settings` is not \
                 `key=…,algorithm=HMAC_SHA256`: the request is not from Twilio, or a proxy changes \
                 the header"
            }
            Self::UnknownAlgorithm => {
                "the algorithm of the signature is neither HMAC_SHA1 nor HMAC_SHA256: a newer \
                 version of this crate may know it"
            }
            Self::UnknownKey(key) => {
                return write!(
                    f,
                    "the request is signed with the shared key `{key}`: pass its secret to \
                     WebhookValidator::shared_key, if the key is yours"
                );
            }
            Self::BodyTooLarge => "the body is larger than 1 MiB: the request is not from Twilio",
            Self::MissingBodyHash => {
                "the URL has no parameter `bodySHA256`, which signs a body that is not a form: \
                 pass the URL with its query and the header `Content-Type` as they were received"
            }
            Self::WrongBodyHash => {
                "the body is not the one that was signed: pass its bytes as they were received, \
                 before anything parses or changes them"
            }
            Self::WrongSignature => {
                "the signature doesn't match the request: pass the public URL as Twilio was given \
                 it, with the query as it was received (behind a proxy, the server sees another \
                 scheme, host or path), the body as it was received, and the auth token of the \
                 account that owns the service"
            }
        })
    }
}

impl Error for WebhookSignatureError {}
