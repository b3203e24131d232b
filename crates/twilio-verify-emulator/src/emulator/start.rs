//! Starting an emulator.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use twilio_verify::{AccountSid, ApiKeySid, Credentials, SidError};
use url::{Host, Url};

use crate::app::credentials::Credential;

use crate::emulator::builder::{EmulatorBuilder, OperationLimits};
use crate::emulator::error::StartError;
use crate::emulator::handle::Emulator;
use crate::faults::active::Faults;
use crate::messages::code::InvalidCode;
use crate::messages::code::is_code;

use crate::app::hosts::{Hosts, TWILIO, host};
use crate::app::log::Log;
use crate::app::request_ids::RequestIds;
use crate::app::settings::Settings;
use crate::app::shared::App;
use crate::app::shared::Shared;
use crate::app::watchers::Watchers;
use crate::attempts::store::Store;
use crate::data_file::file::DataFile;
use crate::data_file::warning::Warning;
use crate::messages::outbox::Outbox;
use crate::records::service::is_service_name;
use crate::scenarios::happening::Happenings;
use crate::scenarios::scenario::Scenario;
use crate::server::connections;
use crate::server::router::router;
use crate::server::sender::Worker;
use crate::server::tls::Tls;
use crate::state::account::Account;
use crate::time::limit::{Limiter, RateLimit};
use crate::webhooks::deliveries::Deliveries;

/// How long a shutdown waits for webhooks after the last response.
const GRACE: Duration = Duration::from_secs(5);

impl Emulator {
    /// Starts an emulator with every setting at its default: a free port of `127.0.0.1`, no attempts.
    ///
    /// # Errors
    ///
    /// The emulator could not listen on a port.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }
}

impl EmulatorBuilder {
    /// Starts the emulator in the current Tokio runtime. It serves requests when this returns.
    ///
    /// # Errors
    ///
    /// The address is not loopback and [`Self::allow_non_loopback`] was not called, or the emulator cannot listen on
    /// it; a SID, the public URL, the code or a fault is invalid; a secret is empty; the name of a service is empty or
    /// too long; an accepted host is invalid; an attempt is invalid or two have the same SID; a scenario is invalid; or
    /// the data file cannot be used.
    pub async fn start(mut self) -> Result<Emulator, StartError> {
        if let Some(code) = &self.settings.sending.code
            && !is_code(code)
        {
            return Err(InvalidCode.into());
        }
        let settings = &mut self.settings;
        let is_malformed = |key: &str| key.parse::<ApiKeySid>().is_err();
        if self.api_keys.iter().any(|(key, _)| is_malformed(key)) {
            return Err(StartError::InvalidApiKeySid);
        }
        for (service, name) in &settings.services {
            if !is_service_name(name) {
                return Err(StartError::InvalidServiceName { service: *service });
            }
        }
        let mut hosts = vec![Host::Domain(TWILIO.to_owned())];
        if let Some(url) = &mut self.public_url {
            hosts.push(base_url(url).ok_or(StartError::InvalidPublicUrl)?);
        }
        for text in &self.accepted_hosts {
            hosts.push(host(text).ok_or(StartError::InvalidAcceptedHost)?);
        }
        let own = (settings.account_sid.clone(), settings.auth_token.clone());
        for (user, secret) in std::iter::once(own).chain(self.api_keys.drain(..)) {
            if secret.expose_secret().is_empty() {
                return Err(StartError::EmptySecret);
            }
            settings.credentials.push(Credential::new(user, secret));
        }
        start(self, hosts).await
    }
}

/// Starts an emulator that accepts requests to these hosts, in addition to this machine's own.
async fn start(mut builder: EmulatorBuilder, mut hosts: Vec<Host>) -> Result<Emulator, StartError> {
    let address = builder.address;
    if !address.ip().is_loopback() && !builder.allow_non_loopback {
        return Err(StartError::NotLoopback { address });
    }
    builder.settings.loopback = address.ip().is_loopback();
    let settings = &builder.settings;
    let account = settings.account_sid.parse::<AccountSid>();
    let account = account.map_err(|_: SidError| StartError::InvalidAccountSid)?;
    let credentials = Credentials::auth_token(account, settings.auth_token.expose_secret());
    if let Some(error) = builder.rejected {
        return Err(error.into());
    }
    let faults = Faults::new(settings.seed, settings.faults.clone())?;
    builder.scenarios.iter().try_for_each(Scenario::check)?;
    if !builder.scenarios.is_empty() {
        builder.settings.timing.as_of_clock = true;
    }
    let (seed, now) = (builder.settings.seed, builder.settings.clock.now());

    let bind_error = |source| StartError::Bind { address, source };
    let listener = TcpListener::bind(address).await.map_err(bind_error)?;
    let reached = reached_at(listener.local_addr().map_err(bind_error)?);
    hosts.push(match reached.ip() {
        IpAddr::V4(address) => Host::Ipv4(address),
        IpAddr::V6(address) => Host::Ipv6(address),
    });
    let (tls, ca_pem) = match builder.tls {
        true => {
            let tls = Tls::new(&hosts).map_err(|source| StartError::Tls { source })?;
            let ca_pem = tls.ca_pem.clone();
            (Some(tls), Some(ca_pem))
        }
        false => (None, None),
    };
    let scheme = if tls.is_some() { "https" } else { "http" };
    let url = builder.public_url.clone().unwrap_or_else(|| format!("{scheme}://{reached}"));
    let hosts = Hosts::new(hosts, !builder.settings.loopback);
    let (stop, stopped) = watch::channel(false);
    let (deliveries, payloads) = Deliveries::new();
    let store = builder.store;
    let happenings = Happenings::begin(&builder.scenarios, seed, now, &store)?;
    let (settings, account, opened) = match builder.data {
        Some(path) => open_data_file(path, builder.settings, store.clone()).await?,
        None => {
            let settings = builder.settings;
            let mut account = Account::empty(settings.seed, settings.sending.clone());
            settings.begin(&mut account);
            (settings, account, None)
        }
    };
    let (data_file, warnings) = opened.unzip();
    let app = App(Arc::new(Shared {
        store,
        account: Mutex::new(account),
        data_file,
        request_ids: RequestIds::new(settings.seed),
        settings,
        url,
        public_url: builder.public_url,
        scheme,
        hosts,
        body_memory: Arc::new(Semaphore::new(builder.body_memory.min(Semaphore::MAX_PERMITS))),
        body_places: Semaphore::new(
            (builder.connection_limits.connections / 2).clamp(1, Semaphore::MAX_PERMITS),
        ),
        limiters: limiters(&builder.limits),
        concurrent: AtomicUsize::new(0),
        log: Log::default(),
        faults,
        watchers: Watchers::default(),
        waiting: Semaphore::new(Shared::MAX_WAITING),
        stop: stopped.clone(),
        outbox: Outbox::new(),
        deliveries,
        happenings,
    }));

    let (ended, running) = watch::channel(());
    let server =
        connections::serve(listener, tls, router(app.clone()), builder.connection_limits, stopped);
    let worker = Worker { app: app.clone() };
    let serving = app.clone();
    tokio::spawn(async move {
        let _ended = ended;
        // The worker is aborted when the set is dropped, with this task.
        let mut background = JoinSet::new();
        background.spawn(worker.run(payloads));
        server.await;
        // Webhooks are still notified of earlier requests, unless that takes too long.
        let _ = tokio::time::timeout(GRACE, serving.deliveries.settled()).await;
        serving.deliveries.stop();
        if let Some(data_file) = &serving.data_file {
            // `Emulator::warnings` reports a failure.
            let _ = serving.recover().await;
            let _ = serving.persist().await;
            data_file.close().await;
        }
    });
    let warnings = warnings.unwrap_or_default();
    Ok(Emulator { app, credentials, stop, running, ca_pem, warnings })
}

/// Creates the limiters of operations, by `operationId`. The operations of a group are counted together.
fn limiters(limits: &OperationLimits) -> HashMap<&'static str, (&'static str, Arc<Limiter>)> {
    let groups: [(&str, Option<RateLimit>, &[&str]); 3] = [
        ("attempts-summary", limits.summary, &["FetchVerificationAttemptsSummary"]),
        ("attempts", limits.attempts, &["ListVerificationAttempt", "FetchVerificationAttempt"]),
        ("safe-list", limits.safe_list, &["CreateSafelist", "FetchSafelist", "DeleteSafelist"]),
    ];
    let mut limiters = HashMap::new();
    for (name, limit, operations) in groups {
        let Some(limiter) = limit.map(|limit| Arc::new(Limiter::new(limit))) else {
            continue;
        };
        for operation in operations {
            limiters.insert(*operation, (name, limiter.clone()));
        }
    }
    limiters
}

/// Opens the data file, and fills the account and the store from it, unless it is new.
async fn open_data_file(
    path: PathBuf,
    settings: Settings,
    store: Store,
) -> Result<(Settings, Account, Option<(DataFile, Vec<Warning>)>), StartError> {
    let file = path.clone();
    let open = move || {
        let mut account = Account::empty(settings.seed, settings.sending.clone());
        let begin = |account: &mut Account| settings.begin(account);
        let opened = DataFile::open(&file, &mut account, &store, begin)?;
        Ok((settings, account, Some(opened)))
    };
    let opened = tokio::task::spawn_blocking(open).await;
    opened.unwrap_or_else(|_| {
        // The database panicked.
        let reason = "its contents are corrupt".into();
        Err(StartError::DataFileUnreadable { path, reason })
    })
}

/// Returns the address at which this machine reaches a listener: loopback in place of the unspecified address.
fn reached_at(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

/// Trims a base URL so that a path can follow it, and returns its host.
fn base_url(text: &mut String) -> Option<Host> {
    let url = Url::parse(text).ok()?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    let host = url.host().filter(|_| plain)?.to_owned();
    *text = url.as_str().trim_end_matches('/').to_owned();
    Some(host)
}
