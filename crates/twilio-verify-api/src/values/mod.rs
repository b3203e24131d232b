//! Types of values that the document describes as texts and numbers.

pub(crate) mod country;
pub(crate) mod date;
pub(crate) mod destination_prefix;
pub(crate) mod into_value;
pub(crate) mod location;
pub(crate) mod messaging_country;
pub(crate) mod open_enum;
pub(crate) mod redacted;
pub(crate) mod seconds;
pub(crate) mod sid;
