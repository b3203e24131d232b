//! `exporter`.

mod http;
mod process;
mod prometheus;
mod renewals;
mod samples;
mod scrapes;
