//! Plays attacks in a month of attempts, to the detector and to two rules.

pub mod cases;
pub mod events;
pub mod notices;
pub mod play;
pub mod rules;
