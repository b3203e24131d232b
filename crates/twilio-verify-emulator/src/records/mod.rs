//! The resources of an account, independent of HTTP.

pub(crate) mod bucket;
pub(crate) mod entity;
pub(crate) mod identity;
pub(crate) mod messaging_configuration;
pub(crate) mod rate_limit;
pub(crate) mod safe_list_number;
pub(crate) mod service;
pub(crate) mod sna;
pub(crate) mod verification;
pub(crate) mod webhook;
