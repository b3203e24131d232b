//! What every handler sees.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::app::log::Log;
use crate::app::request_ids::RequestIds;
use crate::app::settings::Settings;
use crate::app::watchers::Watchers;
use crate::attempts::store::Store;
use crate::data_file::batch::Batch;
use crate::data_file::error::NotPersisted;
use crate::data_file::file::DataFile;
use crate::faults::active::Faults;
use crate::messages::code::{InvalidCode, is_code};
use crate::messages::outbox::Outbox;
use crate::state::account::Account;
use crate::state::{challenges, verifications};
use crate::time::limit::Limiter;
use crate::webhooks::deliveries::Deliveries;

/// What every handler sees.
#[derive(Clone)]
pub(crate) struct App(pub(crate) Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) store: Store,
    pub(crate) account: Mutex<Account>,
    /// What URLs in answers begin with, whatever `Host` a client sent.
    pub(crate) url: String,
    /// The limiters of the operations that have one, by `operationId`. There is one account, so one for each.
    pub(crate) limiters: HashMap<&'static str, Limiter>,
    pub(crate) request_ids: RequestIds,
    pub(crate) concurrent: AtomicUsize,
    pub(crate) log: Log,
    pub(crate) faults: Faults,
    pub(crate) watchers: Watchers,
    pub(crate) stop: watch::Receiver<bool>,
    pub(crate) outbox: Outbox,
    pub(crate) deliveries: Deliveries,
    pub(crate) data_file: Option<DataFile>,
}

/// How many verifications are ended at most while a request has the state for itself.
pub(crate) const EXPIRED_AT_ONCE: usize = 64;

impl Shared {
    /// The resources, for as long as the guard lives. A handler changes nothing before what can fail, so a
    /// panic leaves nothing half done.
    pub(crate) fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the code of every verification to come.
    pub(crate) fn set_code(&self, code: Option<&str>) -> Result<(), InvalidCode> {
        if code.is_some_and(|code| !is_code(code)) {
            return Err(InvalidCode);
        }
        self.account().sending.code = code.map(str::to_owned);
        Ok(())
    }

    /// Becomes true, or fails, once the emulator is to stop.
    pub(crate) fn stopped(&self) -> watch::Receiver<bool> {
        self.stop.clone()
    }

    /// Forgets what came by requests, and what was loaded.
    pub(crate) fn reset(&self) {
        let mut account = self.account();
        self.settings.clock.reset();
        account.reset(self.settings.seed, self.settings.sending.clone());
        self.settings.begin(&mut account);
        self.store.clear();
        self.log.clear();
        self.outbox.clear();
        self.deliveries.clear();
        self.faults.reset();
        self.limiters.values().for_each(Limiter::reset);
        drop(account);
        self.watchers.notify();
    }

    /// Returns when all that has changed is in the data file, if there is one.
    pub(crate) async fn persist(&self) -> Result<(), NotPersisted> {
        let Some(data_file) = &self.data_file else {
            return Ok(());
        };
        // Within the lock, so that what is queued is in the order in which it happened.
        let number = {
            let mut account = self.account();
            data_file.queue(Batch::take(&mut account, &self.store))
        };
        data_file.written(number).await
    }

    /// Ends every verification that has expired, so that the attempts tell so too, and every challenge, so that
    /// webhooks are told.
    pub(crate) fn expire(&self) {
        let now = self.settings.clock.now();
        while verifications::expire(&mut self.account(), &self.store, now, EXPIRED_AT_ONCE)
            == EXPIRED_AT_ONCE
        {}
        let mut account = self.account();
        challenges::expire(&mut account, now);
        self.announce_events(&mut account);
    }

    /// Has webhooks told of what has happened.
    pub(crate) fn announce_events(&self, account: &mut Account) {
        for event in std::mem::take(&mut account.events) {
            self.deliveries
                .announce(account, &self.settings.account_sid, &event);
        }
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
