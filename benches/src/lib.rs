//! What the benchmarks and the soak have in common: a server on loopback, the
//! same calls written by hand, and ratios as criterion measures them; and what
//! asks an emulator, or another server, over and over.

pub mod asked;
pub mod attempts;
pub mod by_hand;
pub mod child;
pub mod crowd;
pub mod faults;
pub mod memory;
pub mod ratio;
pub mod server;
pub mod soak;
pub mod summary;
