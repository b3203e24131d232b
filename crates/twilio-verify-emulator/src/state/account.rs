//! What an emulator knows, but for the attempts: those have a [`Store`](crate::Store) laid out for counting.



use crate::messages::outcome::Outcomes;
use crate::records::event::Event;
use crate::state::pending::Pending;
use crate::tables::draw::Draw;
use crate::tables::parent::Parent;
use crate::tables::table::{Record, Table};
use crate::data_file::batch::Kept;
use crate::operations::identity::access_tokens::AccessToken;
use crate::operations::service::buckets::Bucket;
use crate::operations::identity::challenges::Challenge;
use crate::operations::identity::entities::Entity;
use crate::operations::identity::factors::Factor;
use crate::operations::service::messaging_configurations::MessagingConfiguration;
use crate::operations::service::rate_limits::RateLimit;
use crate::operations::safe_list::SafeListNumber;
use crate::operations::service::services::Service;
use crate::operations::verification::verifications::Verification;
use crate::operations::service::webhooks::Webhook;
use crate::emulator::builder::Settings;

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
            /// Whether a data file keeps it.
            is_tracked: bool,
            /// Whether all was forgotten since the data file was told last.
            is_reset: bool,
            $(pub(crate) $name: Table<$record>,)+
        }

        impl State {
            /// Nothing.
            pub(crate) fn empty(settings: &Settings) -> Self {
                Self {
                    draw: Draw::new(settings.seed),
                    events: Vec::new(),
                    pending: Pending::default(),
                    sending: settings.sending.clone(),
                    is_tracked: false,
                    is_reset: false,
                    $($name: Table::default(),)+
                }
            }

            /// The parts that a data file keeps, by the names that it knows them by.
            pub(crate) fn kept(&mut self) -> Vec<(&'static str, &mut dyn Kept)> {
                // By name, so that none that is added is forgotten here.
                let Self {
                    draw,
                    // Told at once.
                    events: _,
                    pending,
                    // Given anew at each start.
                    sending: _,
                    is_tracked: _,
                    is_reset: _,
                    $($name,)+
                } = self;
                let mut kept: Vec<(_, &mut dyn Kept)> = vec![("draw", draw)];
                kept.extend(pending.kept());
                $(kept.push((stringify!($name), $name));)+
                kept
            }

            /// How many resources there are, of all kinds.
            pub(crate) fn len(&self) -> usize {
                [$(self.$name.len()),+].into_iter().sum()
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

impl State {
    /// What an emulator begins with.
    pub(crate) fn begin(&mut self, settings: &Settings) {
        let now = settings.clock.now();
        for (sid, friendly_name) in &settings.services {
            self.services.insert(Service::new(*sid, friendly_name, now));
        }
    }

    /// Forgets all, and begins anew.
    pub(crate) fn reset(&mut self, settings: &Settings) {
        let is_tracked = self.is_tracked;
        *self = Self::empty(settings);
        if is_tracked {
            self.track();
            self.is_reset = true;
        }
        self.begin(settings);
    }

    /// Begins to note what changes.
    pub(crate) fn track(&mut self) {
        self.is_tracked = true;
        for (_, part) in self.kept() {
            part.track();
        }
    }

    /// Makes what is found by more than its key found again, once all is restored.
    pub(crate) fn index(&mut self) {
        for (_, verification) in self.verifications.iter() {
            self.pending.insert(verification);
        }
        for (_, challenge) in self.challenges.iter() {
            self.pending.insert_challenge(challenge);
        }
    }
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
