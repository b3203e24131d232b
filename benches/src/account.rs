//! The account that the benchmarks call as.

/// Its SID.
pub const ACCOUNT: &str = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
/// Its auth token, which is sent to loopback only.
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef";
