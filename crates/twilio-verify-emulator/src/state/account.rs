//! The resources of an account, except for the attempts, which have a [`Store`](crate::Store) laid out for counting.

use chrono::{DateTime, Utc};

use crate::messages::outcome::Sending;
use crate::records::bucket::Bucket;
use crate::records::entity::Entity;
use crate::records::identity::access_token::AccessToken;
use crate::records::identity::challenge::Challenge;
use crate::records::identity::event::Event;
use crate::records::identity::factor::Factor;
use crate::records::messaging_configuration::MessagingConfiguration;
use crate::records::rate_limit::RateLimit;
use crate::records::safe_list_number::SafeListNumber;
use crate::records::service::{Service, ServiceSettings};
use crate::records::verification::Verification;
use crate::records::webhook::Webhook;
use crate::state::guard::Guard;
use crate::state::journal::Journal;
use crate::state::pending::Pending;
use crate::tables::draw::Draw;
use crate::tables::parent::Parent;
use crate::tables::persistent::Persistent;
use crate::tables::table::{Record, Table};
use crate::values::sid::ServiceSid;

/// Defines the account by its tables, so that code for all tables cannot omit one.
macro_rules! account {
    ($($name:ident: $record:ty,)+) => {
        /// The resources of an account. Only one request at a time accesses it, so each is a transaction.
        pub(crate) struct Account {
            pub(crate) draw: Draw,
            /// Events of factors and challenges; they are queued for webhooks after the handler has returned.
            pub(crate) events: Vec<Event>,
            /// Indexes of pending verifications and challenges, and counts.
            pub(crate) pending: Pending,
            pub(crate) journal: Journal,
            pub(crate) sending: Sending,
            pub(crate) guard: Guard,
            /// Whether a data file stores the account.
            is_tracked: bool,
            /// Whether the account was reset since the last write to the data file.
            pub(crate) is_reset: bool,
            $(pub(crate) $name: Table<$record>,)+
        }

        impl Account {
            /// Creates an empty account.
            pub(crate) fn empty(seed: u64, sending: Sending) -> Self {
                Self {
                    draw: Draw::new(seed),
                    events: Vec::new(),
                    pending: Pending::default(),
                    journal: Journal::default(),
                    sending,
                    guard: Guard::default(),
                    is_tracked: false,
                    is_reset: false,
                    $($name: Table::default(),)+
                }
            }

            /// Returns the parts that a data file stores, with their names there.
            pub(crate) fn persistent(&mut self) -> Vec<(&'static str, &mut dyn Persistent)> {
                // Every field is listed, so that a new one cannot be overlooked.
                let Self {
                    draw,
                    // Queued for webhooks at once.
                    events: _,
                    pending,
                    // Kept in memory only, like the outbox.
                    journal: _,
                    // Set at each start.
                    sending: _,
                    // Kept in memory only.
                    guard: _,
                    is_tracked: _,
                    is_reset: _,
                    $($name,)+
                } = self;
                let mut parts: Vec<(_, &mut dyn Persistent)> = vec![("draw", draw)];
                parts.extend(pending.persistent());
                $(parts.push((stringify!($name), $name));)+
                parts
            }

            /// Returns the total number of resources.
            pub(crate) fn len(&self) -> usize {
                [$(self.$name.len()),+].into_iter().sum()
            }

            /// Removes everything inside a resource that is deleted.
            pub(crate) fn remove_within(&mut self, parent: &Parent, now: DateTime<Utc>) {
                self.journal.delete_within(parent, now);
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

impl Account {
    /// Removes everything.
    pub(crate) fn reset(&mut self, seed: u64, sending: Sending) {
        let mut journal = std::mem::take(&mut self.journal);
        journal.clear();
        let is_tracked = self.is_tracked;
        *self = Self::empty(seed, sending);
        self.journal = journal;
        if is_tracked {
            self.track();
            self.is_reset = true;
        }
    }

    /// Replaces everything with the contents of another account, which tracks changes if this one does.
    pub(crate) fn replace(&mut self, mut with: Self) {
        let mut journal = std::mem::take(&mut self.journal);
        journal.clear();
        for (_, verification) in with.verifications.iter() {
            journal.restore(verification);
        }
        with.journal = journal;
        with.is_reset = with.is_tracked;
        *self = with;
    }

    /// Returns the settings of a service, or the defaults if it does not exist.
    pub(crate) fn settings_of(&self, service: ServiceSid) -> ServiceSettings {
        let service = self.services.get(&service);
        service.map(|service| service.settings.clone()).unwrap_or_default()
    }

    /// Starts to track changes.
    pub(crate) fn track(&mut self) {
        self.is_tracked = true;
        for (_, part) in self.persistent() {
            part.track();
        }
    }

    /// Rebuilds the indexes after everything is restored.
    pub(crate) fn index(&mut self) {
        for (_, verification) in self.verifications.iter() {
            self.pending.insert(verification);
            self.journal.restore(verification);
        }
        for (_, challenge) in self.challenges.iter() {
            self.pending.insert_challenge(challenge);
        }
    }
}

account! {
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
