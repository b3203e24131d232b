//! The emulator as its users see it: over HTTP, on a loopback port.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "the settings of clippy.toml do not reach what tests share"
)]

mod access;
mod access_tokens;
mod api;
mod auth;
mod challenges;
mod connections;
mod control;
mod crowd;
mod data_file;
mod deliveries;
#[path = "../shared/device.rs"]
mod device;
mod documented;
mod entities;
mod errors;
mod factor_events;
mod factor_properties;
mod factors_by_client;
mod faults;
mod forms;
#[path = "../shared/http.rs"]
mod http;
mod inbox;
mod lifecycle;
mod limit;
mod list;
mod load;
mod messaging_configurations;
mod passkeys;
mod push;
mod rate_limits;
mod registration;
mod safe_list;
mod sample;
mod scenarios;
mod services;
mod state;
mod summary;
mod support;
mod templates;
mod timing;
mod tls;
mod totp;
mod verification_properties;
mod verifications;
mod webhooks;
