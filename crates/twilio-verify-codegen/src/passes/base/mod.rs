//! Code that passes share.

pub(crate) mod leaves;
#[cfg(test)]
pub(crate) mod testing;
