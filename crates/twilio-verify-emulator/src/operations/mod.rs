//! The operations of the API: one file for each resource.

pub(crate) mod attempts;
pub(crate) mod calls;
pub(crate) mod forms;
pub(crate) mod handlers;
pub(crate) mod identity;
pub(crate) mod safe_list;
pub(crate) mod serve;
pub(crate) mod service;
pub(crate) mod templates;
pub(crate) mod verification;
