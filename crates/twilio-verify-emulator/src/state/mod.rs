//! What an emulator knows, but for the attempts: those have a [`Store`](crate::Store) laid out for counting.

mod draw;
mod event;
mod parent;
mod pending;
mod table;
mod window;

pub(crate) use draw::Draw;
pub(crate) use event::{ChallengeEvent, Event};
pub(crate) use parent::Parent;
pub(crate) use pending::Pending;
pub(crate) use table::{Record, Table};
pub(crate) use window::Windows;

use crate::outcome::Outcomes;
use crate::resources::access_tokens::AccessToken;
use crate::resources::buckets::Bucket;
use crate::resources::challenges::Challenge;
use crate::resources::entities::Entity;
use crate::resources::factors::Factor;
use crate::resources::messaging_configurations::MessagingConfiguration;
use crate::resources::rate_limits::RateLimit;
use crate::resources::safe_list::SafeListNumber;
use crate::resources::services::Service;
use crate::resources::verifications::Verification;
use crate::resources::webhooks::Webhook;
use crate::settings::Settings;

/// What is sent, and what becomes of it, as it was set from outside.
#[derive(Clone, Default)]
pub(crate) struct Sending {
    /// The code of every new verification, in place of one drawn by lot.
    pub(crate) code: Option<String>,
    pub(crate) outcomes: Outcomes,
}

/// Makes the state of its tables, so that none is left out where all are meant.
macro_rules! state {
    ($($name:ident: $record:ty,)+) => {
        /// The resources of an account. One request at a time sees it, so each is a transaction.
        pub(crate) struct State {
            pub(crate) draw: Draw,
            /// What happened to factors and challenges, to be told to webhooks once the handler has returned.
            pub(crate) events: Vec<Event>,
            /// What finds and ends pending verifications.
            pub(crate) pending: Pending,
            pub(crate) sending: Sending,
            $(pub(crate) $name: Table<$record>,)+
        }

        impl State {
            /// The state that an emulator starts with.
            pub(crate) fn new(settings: &Settings) -> Self {
                let mut state = Self {
                    draw: Draw::new(settings.seed),
                    events: Vec::new(),
                    pending: Pending::default(),
                    sending: settings.sending.clone(),
                    $($name: Table::default(),)+
                };
                let now = settings.clock.now();
                for (sid, friendly_name) in &settings.services {
                    state.services.insert(Service::new(*sid, friendly_name, now));
                }
                state
            }

            /// Removes all that lies within a resource, as when it is deleted.
            pub(crate) fn remove_within(&mut self, parent: &Parent) {
                for (_, verification) in self.verifications.iter() {
                    if verification.is_within(parent) {
                        self.pending.remove(verification);
                    }
                }
                $(self.$name.retain(|record| !record.is_within(parent));)+
            }
        }
    };
}

state! {
    buckets: Bucket,
    messaging_configurations: MessagingConfiguration,
    rate_limits: RateLimit,
    safe_list: SafeListNumber,
    services: Service,
    webhooks: Webhook,
    entities: Entity,
    factors: Factor,
    challenges: Challenge,
    access_tokens: AccessToken,
    verifications: Verification,
}
