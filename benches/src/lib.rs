//! Code that the benchmarks and the soak share: servers on loopback, the same calls written by
//! hand, bulk requests, and their figures.

pub mod account;
pub mod clients;
pub mod detection;
pub mod error;
pub mod figures;
pub mod filters;
pub mod loads;
pub mod servers;
