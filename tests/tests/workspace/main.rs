//! Tests of the workspace as a whole. They are one program, since each program links all crates
//! again.

mod blocking;
mod bounds;
mod connections;
mod continuing;
mod credentials;
mod end_to_end;
mod failures;
mod faults;
mod generated;
mod guide;
mod http2;
mod migration;
mod odd_responses;
mod operations;
mod privacy;
mod reading;
mod resources;
mod retries;
mod snapshots;
mod telemetry;
mod webhook_events;
mod webhook_properties;
mod webhook_signatures;
mod whole_api;
mod wire;
