//! Schemas that become Rust types of their own: enums, SIDs, formats, personal data.

pub(crate) mod formats;
pub(crate) mod open_enums;
pub(crate) mod personal_data;
pub(crate) mod sids;
