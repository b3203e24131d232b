//! The attempts of an emulator, stored in a layout for counting.

pub(crate) mod columns;
pub(crate) mod data;
pub(crate) mod load;
pub(crate) mod paging;
#[cfg(test)]
pub(crate) mod properties;
pub(crate) mod rate;
pub(crate) mod sample;
pub(crate) mod store;
pub(crate) mod summary;
pub(crate) mod timing;
