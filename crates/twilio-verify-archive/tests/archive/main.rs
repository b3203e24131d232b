//! Archives in folders.

mod breakdowns;
mod damage;
mod disk_full;
mod keys;
mod locks;
mod merging;
mod numbers;
mod prefixes;
mod state;
mod support;
