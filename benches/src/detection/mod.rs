//! Attacks among a month of attempts, and what notices them.

pub mod cases;
pub mod events;
pub mod notices;
pub mod play;
pub mod rules;
