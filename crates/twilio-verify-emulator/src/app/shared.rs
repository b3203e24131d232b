//! The state that all handlers share.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, watch};

use crate::app::hosts::{Authority, Hosts};
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
use crate::scenarios::happening::Happenings;
use crate::state::account::Account;
use crate::state::{challenges, verifications};
use crate::time::limit::Limiter;
use crate::webhooks::deliveries::Deliveries;

/// The state that all handlers share.
#[derive(Clone)]
pub(crate) struct App(pub(crate) Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) store: Store,
    pub(crate) account: Mutex<Account>,
    /// The base URL at which this machine reaches the emulator, or the public one.
    pub(crate) url: String,
    /// The base of the URLs in responses; `None` if it is that of the request.
    pub(crate) public_url: Option<String>,
    pub(crate) scheme: &'static str,
    pub(crate) hosts: Hosts,
    /// The memory for the bodies of requests in progress; a permit is a byte.
    pub(crate) body_memory: Arc<Semaphore>,
    /// Limits how many bodies are received at once.
    pub(crate) body_places: Semaphore,
    /// The rate limiters of operations, with their names, by `operationId`. Some operations share a limiter. There is
    /// only one account.
    pub(crate) limiters: HashMap<&'static str, (&'static str, Arc<Limiter>)>,
    pub(crate) request_ids: RequestIds,
    pub(crate) concurrent: AtomicUsize,
    pub(crate) log: Log,
    pub(crate) faults: Faults,
    pub(crate) watchers: Watchers,
    /// Limits how many requests wait for messages at once.
    pub(crate) waiting: Semaphore,
    pub(crate) stop: watch::Receiver<bool>,
    pub(crate) outbox: Outbox,
    pub(crate) deliveries: Deliveries,
    pub(crate) happenings: Happenings,
    pub(crate) data_file: Option<DataFile>,
}

/// The maximum number of verifications that a request ends while it holds the account's lock.
pub(crate) const EXPIRED_AT_ONCE: usize = 64;

impl Shared {
    /// The maximum number of requests that wait for messages at once: each holds a connection.
    pub(crate) const MAX_WAITING: usize = 256;

    /// Locks the account. A handler changes nothing before its last step that can fail, so a panic leaves no partial
    /// change.
    pub(crate) fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the base of the URLs in the response to a request that was sent to this authority.
    pub(crate) fn base_url(&self, authority: &Authority) -> String {
        match &self.public_url {
            Some(url) => url.clone(),
            None => format!("{}://{authority}", self.scheme),
        }
    }

    /// Sets the code of every verification that starts from now on.
    pub(crate) fn set_code(&self, code: Option<&str>) -> Result<(), InvalidCode> {
        if code.is_some_and(|code| !is_code(code)) {
            return Err(InvalidCode);
        }
        self.account().sending.code = code.map(str::to_owned);
        Ok(())
    }

    /// Returns a receiver that becomes true, or closes, when the emulator shuts down.
    pub(crate) fn stopped(&self) -> watch::Receiver<bool> {
        self.stop.clone()
    }

    /// Deletes everything that was created by requests or loaded.
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
        self.limiters.values().for_each(|(_, limiter)| limiter.reset());
        drop(account);
        self.watchers.notify();
    }

    /// Waits until every change is in the data file, if there is one.
    pub(crate) async fn persist(&self) -> Result<(), NotPersisted> {
        let Some(data_file) = &self.data_file else {
            return Ok(());
        };
        // While the file cannot be written to, changes stay here and do not fill its queue.
        if let Some(fault) = data_file.fault() {
            return Err(fault);
        }
        // Under the lock, so that the batches are queued in the order of the changes.
        let number = {
            let mut account = self.account();
            data_file.queue(Batch::take(&mut account, &self.store))
        };
        data_file.written(number).await
    }

    /// Retries the writes to the data file that failed.
    pub(crate) async fn recover(&self) -> Result<(), NotPersisted> {
        match &self.data_file {
            Some(data_file) => data_file.recover().await,
            None => Ok(()),
        }
    }

    /// Ends all expired verifications, which marks their attempts as expired, and all expired challenges, which
    /// notifies webhooks.
    pub(crate) fn expire(&self) {
        let now = self.settings.clock.now();
        while verifications::expire(&mut self.account(), &self.store, now, EXPIRED_AT_ONCE)
            == EXPIRED_AT_ONCE
        {}
        let mut account = self.account();
        challenges::expire(&mut account, now);
        self.announce_events(&mut account);
    }

    /// Queues the account's events for the webhooks.
    pub(crate) fn announce_events(&self, account: &mut Account) {
        for event in std::mem::take(&mut account.events) {
            let now = self.settings.clock.now();
            self.deliveries.announce(account, &self.settings.account_sid, &event, now);
        }
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
