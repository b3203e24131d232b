//! Writes a report: a page that needs no script and sends no requests.

pub(crate) mod data;
pub(crate) mod page;

mod cost;
mod evidence;
mod findings;
mod groups;
mod html;
mod summary;
mod text;
mod trend;
