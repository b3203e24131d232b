//! Access tokens, factors and challenges.

pub(crate) mod access_token;
pub(crate) mod challenge;
pub(crate) mod decision;
pub(crate) mod device;
pub(crate) mod event;
pub(crate) mod factor;
pub(crate) mod jwt;
pub(crate) mod passkey;
pub(crate) mod totp;
