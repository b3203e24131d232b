//! Clients beside `twilio_verify::Client`.

pub mod by_hand;
pub mod connection;
