//! The credentials that authenticate requests.

pub(crate) mod credentials;
pub(crate) mod oauth;
pub(crate) mod provider;
pub(crate) mod source;
mod token;
