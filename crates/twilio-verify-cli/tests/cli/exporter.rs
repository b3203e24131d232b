//! `exporter`.

mod http;
mod process;
mod prometheus;
mod promtool;
mod renewals;
mod samples;
mod scrapes;
