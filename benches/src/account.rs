//! The account that the benchmarks use.

/// The SID of the account.
pub const ACCOUNT: &str = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
/// The auth token of the account, which is only sent to loopback.
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef";
