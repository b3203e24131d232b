//! What an emulator knows, but for the attempts: those have a [`Store`](crate::Store) laid out for counting.

mod draw;
mod event;
mod parent;
mod table;

pub(crate) use draw::Draw;
pub(crate) use event::{ChallengeEvent, Event};
pub(crate) use parent::Parent;
pub(crate) use table::{Record, Table};

use crate::resources::services::Service;

/// Makes the state of its tables, so that none is left out where all are meant.
macro_rules! state {
    ($($name:ident: $record:ty,)+) => {
        /// The resources of an account. One request at a time sees it, so each is a transaction.
        pub(crate) struct State {
            pub(crate) draw: Draw,
            /// What happened to factors and challenges, to be told to webhooks once the handler has returned.
            pub(crate) events: Vec<Event>,
            $(pub(crate) $name: Table<$record>,)+
        }

        impl State {
            pub(crate) fn new(seed: u64) -> Self {
                Self {
                    draw: Draw::new(seed),
                    events: Vec::new(),
                    $($name: Table::default(),)+
                }
            }

            /// Removes all that lies within a resource, as when it is deleted.
            pub(crate) fn remove_within(&mut self, parent: &Parent) {
                $(self.$name.retain(|record| !record.is_within(parent));)+
            }
        }
    };
}

state! {
    services: Service,
}
