//! SIDs, channels, countries and phone numbers.

pub(crate) mod api_enum;
pub(crate) mod calling_code;
pub(crate) mod channel;
pub(crate) mod conversion_status;
pub(crate) mod country;
pub(crate) mod json;
pub(crate) mod market;
pub(crate) mod phone_number;
pub(crate) mod sid;
