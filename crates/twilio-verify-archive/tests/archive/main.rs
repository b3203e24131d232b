//! Archives in folders.

mod breakdowns;
#[cfg(feature = "object-store")]
mod buckets;
mod damage;
mod disk_full;
mod keys;
mod locks;
mod merging;
mod numbers;
mod prefixes;
mod state;
mod support;
