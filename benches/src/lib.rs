//! What the benchmarks and the soak have in common: servers on loopback, the same calls written by
//! hand, requests in bulk, and what is measured of them.

pub mod account;
pub mod clients;
pub mod detection;
pub mod error;
pub mod figures;
pub mod filters;
pub mod loads;
pub mod servers;
