//! Clients to compare with `twilio_verify::Client`.

pub mod by_hand;
pub mod connection;
