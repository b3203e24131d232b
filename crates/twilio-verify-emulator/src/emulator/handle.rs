//! The server: starting, stopping, and what is shared by its requests.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use twilio_verify::{Credentials, SidError};

use crate::server::connections;
use crate::control::changes::Changes;
use crate::data_file::file::{DataFile, NotKept};
use crate::server::sender::Worker;
use crate::webhooks::deliveries::Deliveries;
use crate::webhooks::delivery::Delivery;
use crate::contract::error::{InvalidCode, StartError};
use crate::faults::active::Faults;
use crate::time::limit::Limiter;
use crate::app::log::{Log, RecordedRequest};
use crate::server::middleware::RequestIds;
use crate::messages::outbox::Outbox;
use crate::messages::outcome::Outcome;
use crate::operations::identity::challenges;
use crate::operations::verification::verifications;
use crate::server::router::router;
use crate::emulator::builder::{EmulatorBuilder, Settings};
use crate::data_file::batch::Batch;
use crate::state::account::State;
use crate::attempts::store::Store;
use crate::server::tls::Tls;

/// What every handler sees.
#[derive(Clone)]
pub(crate) struct App(Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) store: Store,
    state: Mutex<State>,
    /// What URLs in answers begin with, whatever `Host` a client sent.
    pub(crate) url: String,
    /// There is one account, so one limiter.
    pub(crate) summary_limiter: Option<Limiter>,
    pub(crate) request_ids: RequestIds,
    pub(crate) concurrent: AtomicUsize,
    pub(crate) log: Log,
    pub(crate) faults: Faults,
    pub(crate) changes: Changes,
    stop: watch::Receiver<bool>,
    pub(crate) outbox: Outbox,
    pub(crate) deliveries: Deliveries,
    pub(crate) data_file: Option<DataFile>,
}

/// How many verifications are ended at most while a request has the state for itself.
pub(crate) const EXPIRED_AT_ONCE: usize = 64;

impl Shared {
    /// The resources, for as long as the guard lives. A handler changes nothing before what can fail, so a
    /// panic leaves nothing half done.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the code of every verification to come.
    pub(crate) fn set_code(&self, code: Option<&str>) -> Result<(), InvalidCode> {
        if code.is_some_and(|code| !verifications::is_code(code)) {
            return Err(InvalidCode);
        }
        self.state().sending.code = code.map(str::to_owned);
        Ok(())
    }

    /// Becomes true, or fails, once the emulator is to stop.
    pub(crate) fn stopped(&self) -> watch::Receiver<bool> {
        self.stop.clone()
    }

    /// Forgets what came by requests, and what was loaded.
    pub(crate) fn reset(&self) {
        let mut state = self.state();
        self.settings.clock.reset();
        state.reset(&self.settings);
        self.store.clear();
        self.log.clear();
        self.outbox.clear();
        self.deliveries.clear();
        self.faults.reset();
        if let Some(limiter) = &self.summary_limiter {
            limiter.reset();
        }
        drop(state);
        self.changes.announce();
    }

    /// Returns when all that has changed is in the data file, if there is one.
    pub(crate) async fn keep(&self) -> Result<(), NotKept> {
        let Some(data_file) = &self.data_file else {
            return Ok(());
        };
        // Within the lock, so that what is queued is in the order in which it happened.
        let number = {
            let mut state = self.state();
            data_file.queue(Batch::take(&mut state, &self.store))
        };
        data_file.written(number).await
    }

    /// Ends every verification that has expired, so that the attempts tell so too, and every challenge, so that
    /// webhooks are told.
    pub(crate) fn expire(&self) {
        let now = self.settings.clock.now();
        while verifications::expire(&mut self.state(), &self.store, now, EXPIRED_AT_ONCE)
            == EXPIRED_AT_ONCE
        {}
        let mut state = self.state();
        challenges::expire(&mut state, now);
        self.announce_events(&mut state);
    }

    /// Has webhooks told of what has happened.
    pub(crate) fn announce_events(&self, state: &mut State) {
        for event in std::mem::take(&mut state.events) {
            self.deliveries
                .announce(state, &self.settings.account_sid, &event);
        }
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// For how long a shutdown waits for webhooks, once all requests have been answered.
const GRACE: Duration = Duration::from_secs(5);

/// Begins with what a data file keeps, or, if it is a new one, with what an emulator without one begins with.
async fn begin_kept(
    path: PathBuf,
    settings: Settings,
    store: Store,
) -> Result<(Settings, State, Option<DataFile>), StartError> {
    let file = path.clone();
    let open = move || {
        let mut state = State::empty(&settings);
        let begin = |state: &mut State| state.begin(&settings);
        let data_file = DataFile::open(&file, &mut state, &store, begin)?;
        Ok((settings, state, Some(data_file)))
    };
    let opened = tokio::task::spawn_blocking(open).await;
    opened.unwrap_or_else(|_| {
        // The database panicked.
        let reason = "it can't be made sense of".into();
        Err(StartError::DataFileUnreadable { path, reason })
    })
}

/// A Verify that runs on a port of this machine until it is shut down or dropped.
///
/// ```no_run
/// use twilio_verify_emulator::Emulator;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), twilio_verify_emulator::StartError> {
/// let emulator = Emulator::start().await?;
/// println!("{} for {}", emulator.url(), emulator.account_sid());
/// # Ok(())
/// # }
/// ```
#[must_use = "an emulator stops when it is dropped"]
pub struct Emulator {
    app: App,
    credentials: Credentials,
    /// Set to true, or dropped, it stops the server.
    stop: watch::Sender<bool>,
    /// Closed once the server has stopped.
    running: watch::Receiver<()>,
    ca_pem: Option<String>,
}

impl Emulator {
    /// Starts an emulator with every setting at its default: a free port of `127.0.0.1`, no attempts.
    ///
    /// # Errors
    ///
    /// No port could be listened on.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// An emulator to be, with its settings to choose.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::new()
    }

    pub(crate) async fn start_with(mut builder: EmulatorBuilder) -> Result<Self, StartError> {
        let address = builder.address;
        if !address.ip().is_loopback() && !builder.allow_non_loopback {
            return Err(StartError::NotLoopback { address });
        }
        builder.settings.loopback = address.ip().is_loopback();
        let settings = &builder.settings;
        let account = settings.account_sid.parse();
        let account = account.map_err(|_: SidError| StartError::InvalidAccountSid)?;
        let credentials = Credentials::auth_token(account, settings.auth_token.expose_secret());
        if let Some(error) = builder.duplicate {
            return Err(error.into());
        }
        let faults = Faults::new(settings.seed, settings.faults.clone())?;

        let bind_error = |source| StartError::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(bind_error)?;
        let reached = reached_at(listener.local_addr().map_err(bind_error)?);
        let names = std::iter::once(reached.ip().to_string()).chain(builder.public_host);
        let (tls, ca_pem) = match builder.tls {
            true => {
                let tls = Tls::new(names).map_err(|source| StartError::Tls { source })?;
                let ca_pem = tls.ca_pem.clone();
                (Some(tls), Some(ca_pem))
            }
            false => (None, None),
        };
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = builder
            .public_url
            .unwrap_or_else(|| format!("{scheme}://{reached}"));
        let (stop, stopped) = watch::channel(false);
        let (deliveries, messages) = Deliveries::new();
        let store = builder.store;
        let (settings, state, data_file) = match builder.data {
            Some(path) => begin_kept(path, builder.settings, store.clone()).await?,
            None => {
                let mut state = State::empty(&builder.settings);
                state.begin(&builder.settings);
                (builder.settings, state, None)
            }
        };
        let app = App(Arc::new(Shared {
            store,
            state: Mutex::new(state),
            data_file,
            request_ids: RequestIds::new(settings.seed),
            settings,
            url,
            summary_limiter: builder.summary_limit.map(Limiter::new),
            concurrent: AtomicUsize::new(0),
            log: Log::default(),
            faults,
            changes: Changes::default(),
            stop: stopped.clone(),
            outbox: Outbox::new(),
            deliveries,
        }));

        let (ended, running) = watch::channel(());
        let server =
            connections::serve(listener, tls, router(app.clone()), builder.limits, stopped);
        let worker = Worker { app: app.clone() };
        let serving = app.clone();
        tokio::spawn(async move {
            let _ended = ended;
            // Aborted when it is dropped, with this task.
            let mut background = JoinSet::new();
            background.spawn(worker.run(messages));
            server.await;
            // What was answered is told to webhooks, unless they take too long.
            let _ = tokio::time::timeout(GRACE, serving.deliveries.settled()).await;
            serving.deliveries.stop();
            if let Some(data_file) = &serving.data_file {
                // Nobody is left who could be told of a failure.
                let _ = serving.keep().await;
                data_file.close().await;
            }
        });
        Ok(Self {
            app,
            credentials,
            stop,
            running,
            ca_pem,
        })
    }

    /// Where it is reached, such as `http://127.0.0.1:41234`, without a slash at the end: `https` with
    /// [`EmulatorBuilder::tls`], on a loopback address if all addresses are listened on, or what
    /// [`EmulatorBuilder::public_url`] says.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.app.url
    }

    /// The account that it is.
    #[must_use]
    pub fn account_sid(&self) -> &str {
        &self.app.settings.account_sid
    }

    /// The auth token of the account.
    #[must_use]
    pub fn auth_token(&self) -> &str {
        self.app.settings.auth_token.expose_secret()
    }

    /// The credentials of the account, for a client of this workspace's.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use twilio_verify::Client;
    /// use twilio_verify_emulator::Emulator;
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = Client::builder()
    ///     .credentials(emulator.credentials())
    ///     .base_url(emulator.url())
    ///     .build()?;
    /// let summary = client.attempts().summary().send().await?;
    /// assert_eq!(summary.total_attempts, 0);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        self.credentials.clone()
    }

    /// The certificate, in PEM, of the authority that signed the emulator's own; `None` without
    /// [`EmulatorBuilder::tls`]. A client that trusts it trusts this emulator and nothing else: the authority's
    /// key is thrown away at the start.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use twilio_verify_emulator::Emulator;
    ///
    /// let emulator = Emulator::builder().tls(true).start().await?;
    /// let authority = emulator.ca_certificate_pem().unwrap_or_default();
    /// let client = reqwest::Client::builder()
    ///     .tls_certs_only([reqwest::Certificate::from_pem(authority.as_bytes())?])
    ///     .build()?;
    /// let answer = client.get(emulator.url()).send().await?;
    /// assert_eq!(answer.status(), 401);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn ca_certificate_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Its attempts; more can be inserted at any time.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.app.store
    }

    /// Moves the emulator's clock forth, whichever it goes by: codes expire, limits let pass again.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), twilio_verify_emulator::StartError> {
    /// use chrono::TimeDelta;
    /// use twilio_verify_emulator::Emulator;
    ///
    /// let emulator = Emulator::start().await?;
    /// emulator.advance_clock(TimeDelta::minutes(10));
    /// # Ok(())
    /// # }
    /// ```
    pub fn advance_clock(&self, by: TimeDelta) {
        self.app.settings.clock.advance(by);
        self.app.changes.announce();
    }

    /// Forgets everything: resources but the services given to the builder, attempts, messages, requests, by how
    /// much the clock was advanced. The same seed is drawn from anew.
    pub fn reset(&self) {
        self.app.reset();
    }

    /// The messages that it sent, with their codes.
    #[must_use]
    pub fn outbox(&self) -> &Outbox {
        &self.app.outbox
    }

    /// Sets the code of every verification that starts from now on, unless its request brings one; with `None`
    /// codes are drawn by lot again.
    ///
    /// # Errors
    ///
    /// It isn't 4 to 10 letters or digits of ASCII; nothing has changed.
    pub fn set_code(&self, code: Option<&str>) -> Result<(), InvalidCode> {
        self.app.set_code(code)
    }

    /// Chooses what becomes of codes that are sent to a destination from now on: an E.164 number, or an e-mail
    /// address. `None` takes the choice back.
    pub fn set_outcome(&self, to: impl Into<String>, outcome: impl Into<Option<Outcome>>) {
        let (to, outcome) = (to.into(), outcome.into());
        self.app.state().sending.outcomes.set(to, outcome);
    }

    /// The last 1000 requests, in the order in which they were answered.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.app.log.requests()
    }

    /// The last 1000 events that webhooks were told of, or are to be, in the order in which they happened.
    ///
    /// An event is sent once the request that caused it has been answered: by POST, as a form, signed with the
    /// account's auth token, so that a [`WebhookValidator`](twilio_verify::WebhookValidator) lets it pass. The
    /// events of one webhook are sent one after the other. What is not answered, or answered with 429 or a status
    /// of 500 and more, is [tried again](EmulatorBuilder::webhook_tries).
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.app.expire();
        self.app.deliveries.all()
    }

    /// Returns when no delivery is pending.
    pub async fn wait_for_deliveries(&self) {
        self.app.expire();
        self.app.deliveries.settled().await;
    }

    /// What goes wrong with its answers; more can be added, and some taken away, at any time.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.app.faults
    }

    /// Stops listening, waits up to 5 seconds for requests that are being sent or served, then as long for webhooks
    /// that are being told of events, and returns when the server has stopped. At once, if it has already.
    pub async fn shutdown(&self) {
        self.stop.send_replace(true);
        self.wait().await;
    }

    /// Returns when the server has stopped.
    pub async fn wait(&self) {
        // Nothing is ever sent: this ends with an error, when the sender is dropped.
        while self.running.clone().changed().await.is_ok() {}
    }
}

/// Where this machine reaches what listens on an address: one that stands for all leads nowhere by itself.
fn reached_at(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("url", &self.url())
            .field("account_sid", &self.account_sid())
            .field("store", self.store())
            .finish_non_exhaustive()
    }
}
