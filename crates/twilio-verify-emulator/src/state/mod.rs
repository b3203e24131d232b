//! What an emulator knows, but for the attempts: those have a [`Store`](crate::Store) laid out for counting.

mod draw;
mod table;

pub(crate) use draw::Draw;
pub(crate) use table::{Record, Table};

use crate::resources::services::Service;

/// The resources of an account. One request at a time sees it, so each is a transaction.
pub(crate) struct State {
    pub(crate) draw: Draw,
    pub(crate) services: Table<Service>,
}

impl State {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            draw: Draw::new(seed),
            services: Table::default(),
        }
    }
}
