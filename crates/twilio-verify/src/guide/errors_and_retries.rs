//! What an error says, and when a request is sent again.
//!
//! # What is known of the request
//!
//! [`Error::kind`](crate::Error::kind) says how far a request got, and so what can be done:
//!
//! | kind | what happened | what to do |
//! |---|---|---|
//! | [`Config`](crate::ErrorKind::Config) | the client can't be built | correct the setting that [`field`](crate::Error::field) names |
//! | [`InvalidRequest`](crate::ErrorKind::InvalidRequest) | a value is invalid; nothing was sent | correct the value that [`field`](crate::Error::field) names |
//! | [`NotSent`](crate::ErrorKind::NotSent) | nothing was sent, or the server did not process it | send it again |
//! | [`NoAnswer`](crate::ErrorKind::NoAnswer) | it was sent, and there was no response | read before you send a `POST` again: it may have been processed |
//! | [`Refused`](crate::ErrorKind::Refused) | Twilio or a proxy responded with an error | see [`code`](crate::Error::code) and [`status`](crate::Error::status) |
//! | [`Unreadable`](crate::ErrorKind::Unreadable) | there was a response, which can't be read | as for `NoAnswer` |
//!
//! # Errors that a service handles
//!
//! Twilio's codes are constants in [`codes`](crate::codes), each with its status and what to do.
//! These matter to the user when a code is sent or checked:
//!
//! ```no_run
//! use twilio_verify::{Channel, Error, codes, resources::Verifications};
//!
//! /// What to tell the user.
//! async fn send(verify: &Verifications, to: &str) -> Result<&'static str, Error> {
//!     match verify.start(to, Channel::Sms).await {
//!         Ok(_) => Ok("A code is on its way."),
//!         Err(error) => match error.code() {
//!             // Five sends to one number: a sixth does not help while the verification is pending.
//!             Some(codes::MAX_SEND_ATTEMPTS) => Ok("Enter the code that you have."),
//!             Some(codes::LANDLINE) => Ok("This number receives calls only."),
//!             Some(codes::INVALID_PARAMETER | codes::INVALID_TO_NUMBER) => Ok("Check the number."),
//!             _ if error.field() == Some("to") => Ok("Check the number."),
//!             _ => Err(error),
//!         },
//!     }
//! }
//!
//! async fn check(verify: &Verifications, to: &str, code: &str) -> Result<bool, Error> {
//!     match verify.check(to, code).await {
//!         // A wrong code is not an error.
//!         Ok(check) => Ok(check.is_approved()),
//!         // The verification expired, was approved before, or never existed.
//!         Err(error) if error.is_not_found() => Ok(false),
//!         // Five wrong codes.
//!         Err(error) if error.code() == Some(codes::MAX_CHECK_ATTEMPTS) => Ok(false),
//!         Err(error) => Err(error),
//!     }
//! }
//! ```
//!
//! # When a request is sent again
//!
//! The client sends a request again as its [`RetryPolicy`](crate::RetryPolicy) allows, and only if
//! nothing can happen twice:
//!
//! - any request that was not sent, or that the server says it did not process: by GOAWAY or
//!   REFUSED_STREAM, or by status 429 with code 20429 or none (other codes are limits that a delay
//!   does not lift);
//! - a `GET` or `DELETE` also if there was no response, if the response was cut short, or after
//!   status 500, 502, 503 or 504.
//!
//! A `POST` that may have been processed is never repeated, so that nobody gets two codes.
//! [`is_retryable`](crate::Error::is_retryable) returns whether a later attempt is safe by these
//! rules.
//!
//! `Retry-After` is honoured, and a 429 of an operation makes all callers of that operation wait.
//! The client keeps the limits that Twilio documents before the server enforces them: see
//! [`ClientBuilder::request_limit`](crate::ClientBuilder::request_limit), and
//! [`RequestGate`](crate::RequestGate) for a limit that several processes share.
//! [`attempt_timeout`](crate::ClientBuilder::attempt_timeout) limits each attempt, and
//! [`timeout`](crate::ClientBuilder::timeout) the call with all attempts and waits.
//!
//! # How errors are printed
//!
//! `{}` is one line: the operation or the field, what went wrong, and Twilio's id of the request.
//! `{:#}` adds the causes, after colons. `{:?}`, which a `main` that returns the error prints, puts
//! the causes below the message. None of them shows a phone number, an address, a code or a secret.
//! Twilio's own message may repeat values of the request, so only
//! [`server_message`](crate::Error::server_message) returns it.
