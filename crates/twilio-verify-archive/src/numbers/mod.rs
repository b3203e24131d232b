//! What is kept of phone numbers and e-mail addresses.

pub(crate) mod destination;
pub(crate) mod key;
pub(crate) mod numbers;
pub(crate) mod scrub;
