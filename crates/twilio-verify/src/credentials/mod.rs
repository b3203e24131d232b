//! What requests are authenticated with.

#[expect(
    clippy::module_inception,
    reason = "the folder is named after what is in it"
)]
pub(crate) mod credentials;
pub(crate) mod oauth;
pub(crate) mod provider;
pub(crate) mod source;
mod token;
