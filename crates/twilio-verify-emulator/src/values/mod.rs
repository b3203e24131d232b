//! SIDs, channels, countries and phone numbers.

pub(crate) mod calling_code;
pub(crate) mod country;
pub(crate) mod market;
pub(crate) mod phone_number;
pub(crate) mod sid;
