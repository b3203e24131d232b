//! What an account holds, without HTTP.

pub(crate) mod device;
pub(crate) mod event;
pub(crate) mod jwt;
pub(crate) mod sna;
pub(crate) mod totp;
