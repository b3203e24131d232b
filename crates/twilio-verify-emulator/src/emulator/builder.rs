//! The builder of an emulator: its settings, and their defaults.

use std::collections::HashSet;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;

use crate::attempts::data::attempt::Attempt;

use crate::server::connections::ConnectionLimits;
use crate::time::clock::AdvancedClock;
use crate::time::clock::Clock;
use crate::time::clock::SystemClock;

use crate::faults::fault::Fault;
use crate::messages::outcome::Outcome;
use crate::time::limit::RateLimit;

use crate::app::settings::Settings;
use crate::attempts::sample::SAMPLE_SERVICES;
use crate::attempts::sample::samples;
use crate::emulator::handle::Emulator;
use crate::messages::outcome::Sending;
use crate::values::sid::ServiceSid;

use crate::app::settings::VerificationSettings;
use crate::app::variant::Variant;
use crate::attempts::data::attempt::AttemptError;
use crate::attempts::data::filter::Bound;
use crate::attempts::data::filter::Bounds;
use crate::attempts::rate::RateSettings;
use crate::attempts::store::Store;
use crate::attempts::timing::Timing;
use crate::messages::template::Template;
use crate::messages::template::default_templates;
use crate::scenarios::scenario::Scenario;
use crate::state::verifications::Converting;

/// The default timeout for reading from and writing to a client.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// The default memory for bodies: room for two of the longest.
const DEFAULT_BODY_MEMORY: usize = 128 * 1024 * 1024;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Longer timeouts might overflow the clock.
const MAX_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

/// A builder for an [`Emulator`]. Every setting has a default; most defaults are what Twilio documents or does.
#[must_use = "nothing runs until `start` is called"]
pub struct EmulatorBuilder {
    pub(crate) data: Option<PathBuf>,
    pub(crate) address: SocketAddr,
    pub(crate) allow_non_loopback: bool,
    pub(crate) store: Store,
    /// The reason that the first rejected attempts were rejected.
    pub(crate) rejected: Option<AttemptError>,
    pub(crate) limits: OperationLimits,
    pub(crate) tls: bool,
    pub(crate) public_url: Option<String>,
    pub(crate) accepted_hosts: Vec<String>,
    pub(crate) body_memory: usize,
    pub(crate) connection_limits: ConnectionLimits,
    pub(crate) settings: Settings,
    pub(crate) api_keys: Vec<(String, SecretString)>,
    pub(crate) scenarios: Vec<Scenario>,
}

/// The rate limits of operations.
#[derive(Debug)]
pub(crate) struct OperationLimits {
    pub(crate) summary: Option<RateLimit>,
    pub(crate) attempts: Option<RateLimit>,
    pub(crate) safe_list: Option<RateLimit>,
}

impl EmulatorBuilder {
    /// The default account SID, recognizably not that of a real account.
    pub const DEFAULT_ACCOUNT_SID: &'static str = "AC00000000000000000000000000000000";
    /// The default auth token, recognizably not a real one.
    pub const DEFAULT_AUTH_TOKEN: &'static str = Settings::DEFAULT_AUTH_TOKEN;

    pub(crate) fn new() -> Self {
        Self {
            data: None,
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            allow_non_loopback: false,
            store: Store::default(),
            rejected: None,
            limits: OperationLimits {
                summary: Some(RateLimit::per_minute(100)),
                attempts: Some(RateLimit::per_minute(100)),
                safe_list: Some(RateLimit::per_minute(30)),
            },
            tls: false,
            public_url: None,
            accepted_hosts: Vec::new(),
            body_memory: DEFAULT_BODY_MEMORY,
            connection_limits: ConnectionLimits {
                connections: 1024,
                read_timeout: DEFAULT_TIMEOUT,
                write_timeout: DEFAULT_TIMEOUT,
            },
            api_keys: Vec::new(),
            scenarios: Vec::new(),
            settings: Settings {
                account_sid: Self::DEFAULT_ACCOUNT_SID.into(),
                auth_token: Self::DEFAULT_AUTH_TOKEN.into(),
                credentials: Vec::new(),
                clock: AdvancedClock::new(Arc::new(SystemClock)),
                loopback: true,
                retention: Some(Duration::from_secs(30 * 24 * 60 * 60)),
                summary_retention: None,
                bounds: Bounds { after: Bound::Inclusive, before: Bound::Exclusive },
                timing: Timing::default(),
                rate: RateSettings::default(),
                seed: 0,
                faults: Vec::new(),
                services: Vec::new(),
                templates: default_templates().into_iter().collect(),
                rate_limits_per_service: 10,
                buckets_per_rate_limit: 10,
                max_resources: 1_000_000,
                max_attempts: 20_000_000,
                verification: VerificationSettings::default(),
                fetch_limits: vec![
                    RateLimit::per_minute(60),
                    RateLimit::new(180, HOUR),
                    RateLimit::new(250, 24 * HOUR),
                ],
                variants: HashSet::new(),
                sending: Sending::default(),
                read_timeout: DEFAULT_TIMEOUT,
                webhook_timeout: Duration::from_secs(5),
                webhook_tries: 3,
                fraud_guard: None,
            },
        }
    }

    /// Sets the address to listen on. Default: `127.0.0.1`, on a free port that the operating system picks.
    ///
    /// An address that is not loopback requires [`Self::allow_non_loopback`].
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Sets whether other machines may reach the emulator. Default: `false`.
    pub fn allow_non_loopback(mut self, allow: bool) -> Self {
        self.allow_non_loopback = allow;
        self
    }

    /// Adds a host that requests may be sent to: a name or an IP address, without a port, such as `emulator`. Requests
    /// to other hosts are rejected, because a web page of another site can use a name of its own that resolves to this
    /// machine (DNS rebinding). If such a page sends requests to an accepted host, they are recognized by the headers
    /// that browsers add, and are rejected too.
    ///
    /// Default: `localhost`, names that end in `.localhost`, loopback addresses, the listening address, the host of
    /// [`Self::public_url`], and `verify.twilio.com`; with [`Self::allow_non_loopback`] also every IP address.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use twilio_verify_emulator::Emulator;
    ///
    /// let emulator = Emulator::builder().accept_host("verify.test").start().await?;
    /// let http = reqwest::Client::builder().tls_certs_only([]).build()?;
    /// let fetch = |host| http.get(emulator.url()).header("host", host).send();
    /// // Without credentials.
    /// assert_eq!(fetch("verify.test").await?.status(), 401);
    /// assert_eq!(fetch("example.com").await?.status(), 403);
    /// # Ok(())
    /// # }
    /// ```
    pub fn accept_host(mut self, host: impl Into<String>) -> Self {
        self.accepted_hosts.push(host.into());
        self
    }

    /// Sets whether connections use TLS, versions 1.2 and 1.3, with HTTP/1.1 inside. Default: `false`.
    ///
    /// The certificate is generated at the start, which takes a few milliseconds. It is valid for `localhost`,
    /// `127.0.0.1`, `::1`, the listening address, the hosts of [`Self::public_url`] and [`Self::accept_host`], and
    /// `verify.twilio.com`, so that clients with a fixed host can reach the emulator, by DNS or by using it as their
    /// HTTPS proxy; it proxies these hosts only. Clients have to trust [`Emulator::ca_certificate_pem`].
    pub fn tls(mut self, tls: bool) -> Self {
        self.tls = tls;
        self
    }

    /// Sets the base of the URLs in responses, such as `https://verify.example:8443/twilio`, for clients that reach the
    /// emulator through a proxy that changes the scheme, the `Host` or the path. It has `http` or `https`, a host, and
    /// optionally a port and a path. Default: the `Host` of the request, so that the URLs lead to the host that the
    /// client used.
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// Sets the maximum number of open connections, at least 1; further ones wait until one closes. Bodies can be
    /// received on half of them at once, and at least on one; further requests with a body are rejected with 503, so
    /// that slow ones do not keep out others. Default: 1024.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.connection_limits.connections = connections;
        self
    }

    /// Sets the timeout for a TLS handshake, for the head of a request, and for its body, each; an idle connection is
    /// closed after the same time. Heads of up to 32 KiB and bodies of up to 1 MiB are read, and of up to 64 MiB by
    /// `POST /_emulator/attempts`. Default: 30 seconds; the maximum is a day.
    pub fn read_timeout(mut self, timeout: Duration) -> Self {
        let timeout = timeout.min(MAX_TIMEOUT);
        self.connection_limits.read_timeout = timeout;
        self.settings.read_timeout = timeout;
        self
    }

    /// Sets how long a client may read nothing of a response before its connection is closed. Default: 30 seconds; the
    /// maximum is a day.
    pub fn write_timeout(mut self, timeout: Duration) -> Self {
        self.connection_limits.write_timeout = timeout.min(MAX_TIMEOUT);
        self
    }

    /// Sets how many bytes of memory the bodies of all requests in progress may use together. A request whose body does
    /// not fit is rejected with 503. Default: 128 MiB.
    pub fn body_memory(mut self, bytes: usize) -> Self {
        self.body_memory = bytes;
        self
    }

    /// Adds a fault after the earlier ones. Default: no faults. Faults can also be added to a running emulator:
    /// [`Emulator::faults`].
    pub fn fault(mut self, fault: Fault) -> Self {
        self.settings.faults.push(fault);
        self
    }

    /// Adds faults, such as those of [`Fault::parse_all`]. Default: no faults.
    pub fn faults(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.settings.faults.extend(faults);
        self
    }

    /// Adds attempts, in any order. Default: no attempts.
    pub fn attempts(mut self, attempts: impl IntoIterator<Item = Attempt>) -> Self {
        // Stored at once, which needs a tenth of the memory.
        if let Err(error) = self.store.extend(attempts) {
            self.rejected.get_or_insert(error);
        }
        self
    }

    /// Adds a service with default settings that exists from the start, so that a test knows its SID. The name has 1 to
    /// 30 letters, digits, spaces, dashes and underscores, at most 4 of them digits. Default: no services.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use twilio_verify::Client;
    /// use twilio_verify_emulator::Emulator;
    ///
    /// let emulator = Emulator::builder()
    ///     .service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse()?, "Shop")
    ///     .start()
    ///     .await?;
    /// let client = Client::builder()
    ///     .credentials(emulator.credentials())
    ///     .base_url(emulator.url())
    ///     .build()?;
    /// let service = client.services().fetch("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").await?;
    /// assert_eq!(service.friendly_name.as_deref(), Some("Shop"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn service(mut self, sid: ServiceSid, friendly_name: impl Into<String>) -> Self {
        self.settings.services.push((sid, friendly_name.into()));
        self
    }

    /// Adds a [`sample`](crate::sample) of `n` attempts of the 30 days before `now`, and their [`SAMPLE_SERVICES`].
    pub fn sample(self, seed: u64, now: DateTime<Utc>, n: usize) -> Self {
        let services = SAMPLE_SERVICES.into_iter().zip(["Sign-up", "Log-in", "Payment"]);
        let builder = self.attempts(samples(seed, now, n));
        services.fold(builder, |builder, (sid, name)| builder.service(sid, name))
    }

    /// Adds a template for verifications. It replaces an earlier one with the same SID. Default:
    /// [`DEFAULT_TEMPLATES`](crate::DEFAULT_TEMPLATES).
    pub fn template(mut self, template: Template) -> Self {
        self.settings.templates.insert(template);
        self
    }

    /// Sets the maximum number of resources, of all kinds except attempts. At the limit every POST is rejected with
    /// 507, until resources are deleted, expire or are removed by a reset, so that no client can grow the emulator
    /// without bound. Default: 1,000,000.
    pub fn max_resources(mut self, count: usize) -> Self {
        self.settings.max_resources = count;
        self
    }

    /// Sets the maximum number of attempts. At the limit every POST is rejected with 507, until a reset. The builder
    /// and the store may exceed it. Default: 20,000,000.
    pub fn max_attempts(mut self, count: usize) -> Self {
        self.settings.max_attempts = count;
        self
    }

    /// Sets the maximum number of rate limits of a service; another one is rejected with 60207. Default: 10 (assumed:
    /// Twilio documents the error, not the number).
    pub fn rate_limits_per_service(mut self, count: usize) -> Self {
        self.settings.rate_limits_per_service = count;
        self
    }

    /// Sets the maximum number of buckets of a rate limit; another one is rejected with 60210. Default: 10 (assumed:
    /// Twilio documents the error, not the number).
    pub fn buckets_per_rate_limit(mut self, count: usize) -> Self {
        self.settings.buckets_per_rate_limit = count;
        self
    }

    /// Stores the emulator's state in a file, for the next start: resources, attempts, pending verifications with their
    /// codes, counts against limits, and the state of the random generator, so that no SID is used twice. Default:
    /// nothing is stored.
    ///
    /// A missing file is created, readable only by its owner, as it holds secrets. Attempts and services of the builder
    /// are stored only in a new file; an existing file is used as it is. Only one emulator can have a file open.
    ///
    /// A response is sent only when its changes are in the file and survive a crash of the process or the machine.
    /// While the file cannot be written to, for example because the disk is full, requests that only read are served,
    /// and others are rejected with 507. Each of these first tries to write what is missing, so that nothing is lost
    /// and no restart is needed once there is room.
    ///
    /// Rows that cannot be read are skipped, and stay in the file; [`Emulator::warnings`] names them. It also reports
    /// an existing file that other users of the machine can access.
    ///
    /// Changes through [`Emulator::store`] or [`Emulator::reset`] are written with the next request, or by
    /// [`Emulator::shutdown`]. The file does not store the outbox, the logs of requests and deliveries, and settings
    /// that were changed at run time: codes, outcomes, faults and the offset of the clock.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("verify.data");
    /// use twilio_verify::Client;
    /// use twilio_verify_emulator::Emulator;
    ///
    /// let emulator = Emulator::builder().data(&path).start().await?;
    /// let client = Client::builder()
    ///     .credentials(emulator.credentials())
    ///     .base_url(emulator.url())
    ///     .build()?;
    /// let made = client.services().create("Shop").send().await?;
    /// emulator.shutdown().await;
    ///
    /// let emulator = Emulator::builder().data(&path).start().await?;
    /// let client = Client::builder()
    ///     .credentials(emulator.credentials())
    ///     .base_url(emulator.url())
    ///     .build()?;
    /// let found = client.services().fetch(made.sid.ok_or("no SID")?).await?;
    /// assert_eq!(found.friendly_name.as_deref(), Some("Shop"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn data(mut self, path: impl Into<PathBuf>) -> Self {
        self.data = Some(path.into());
        self
    }

    /// Sets the timeout for each request to a webhook. Default: 5 seconds (assumed).
    pub fn webhook_timeout(mut self, timeout: Duration) -> Self {
        self.settings.webhook_timeout = timeout;
        self
    }

    /// Sets how often an event is sent to a webhook until it responds, at least once; the first retry comes after 0.1
    /// s, the next after 0.2 s, and so on. Default: 3 (assumed).
    pub fn webhook_tries(mut self, tries: u32) -> Self {
        self.settings.webhook_tries = tries;
        self
    }

    /// Sets the SID of the account. Default: [`Self::DEFAULT_ACCOUNT_SID`].
    pub fn account_sid(mut self, sid: impl Into<String>) -> Self {
        self.settings.account_sid = sid.into();
        self
    }

    /// Sets the auth token of the account, at least one character. Default: [`Self::DEFAULT_AUTH_TOKEN`].
    pub fn auth_token(mut self, token: impl Into<String>) -> Self {
        self.settings.auth_token = token.into().into();
        self
    }

    /// Adds an API key of the account: its SID, `SK` and 32 hexadecimal digits, and its secret, at least one character.
    /// Default: no keys.
    pub fn api_key(mut self, sid: impl Into<String>, secret: impl Into<String>) -> Self {
        self.api_keys.push((sid.into(), secret.into().into()));
        self
    }

    /// Sets the clock of the emulator. Default: [`SystemClock`].
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.settings.clock = AdvancedClock::new(Arc::new(clock));
        self
    }

    /// Sets the rate limit of summary requests; `None` is unlimited. Default: 100 a minute (documented by Twilio), with
    /// a sliding window (assumed).
    pub fn summary_limit(mut self, limit: impl Into<Option<RateLimit>>) -> Self {
        self.limits.summary = limit.into();
        self
    }

    /// Sets the rate limit of the list of attempts and of fetches of single ones, together; `None` is unlimited.
    /// Default: 100 a minute (documented by Twilio), with a sliding window (assumed).
    pub fn attempts_limit(mut self, limit: impl Into<Option<RateLimit>>) -> Self {
        self.limits.attempts = limit.into();
        self
    }

    /// Sets the rate limit of requests to the safe list; `None` is unlimited. Default: 30 a minute (documented by
    /// Twilio), with a sliding window (assumed).
    pub fn safe_list_limit(mut self, limit: impl Into<Option<RateLimit>>) -> Self {
        self.limits.safe_list = limit.into();
        self
    }

    /// Sets the rate limits of fetching one verification; an empty list is unlimited. Default: 60 a minute, 180 an hour
    /// and 250 a day (documented by Twilio), with sliding windows (assumed).
    pub fn fetch_limits(mut self, limits: impl IntoIterator<Item = RateLimit>) -> Self {
        self.settings.fetch_limits = limits.into_iter().collect();
        self
    }

    /// Sets the seed of SIDs, codes, secrets and `Twilio-Request-Id`s: the same seed generates the same values, in the
    /// order of the requests. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// Sets the code of every verification, 4 to 10 letters or digits of ASCII, unless a request has its own. Default:
    /// random, with the number of digits that the service is set to.
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.settings.sending.code = Some(code.into());
        self
    }

    /// Sets the outcome of codes that are sent to a destination, an E.164 number or an e-mail address. Default:
    /// [`Outcome::Delivered`], except for the magic numbers that [`Outcome`] lists.
    pub fn outcome(mut self, to: impl Into<String>, outcome: Outcome) -> Self {
        self.settings.sending.outcomes.set(to.into(), Some(outcome));
        self
    }

    /// Sets how long after its start a verification expires; sending again does not prolong it (assumed). Default: 10
    /// minutes (documented by Twilio).
    pub fn verification_expiry(mut self, expiry: Duration) -> Self {
        self.settings.verification.expiry = expiry;
        self
    }

    /// Sets the maximum number of checks of a verification; further ones are rejected with 429/60202. Default: 5
    /// (documented by Twilio).
    pub fn max_checks(mut self, checks: u32) -> Self {
        self.settings.verification.max_checks = checks;
        self
    }

    /// Sets how often the code of a verification is sent, including the first time; further sends are rejected with
    /// 429/60203, until the verification is approved or canceled or expires. `None` is unlimited. Default: 5
    /// (documented by Twilio).
    pub fn max_sends(mut self, sends: impl Into<Option<u32>>) -> Self {
        self.settings.verification.max_sends = sends.into();
        self
    }

    /// Changes a default behaviour of the emulator: see [`Variant`]. Default: no variants.
    pub fn variant(mut self, variant: Variant) -> Self {
        self.settings.variants.insert(variant);
        self
    }

    /// Sets which attempts of a verification convert when its code is submitted. Default: [`Converting::Latest`]
    /// (assumed).
    pub fn converting(mut self, converting: Converting) -> Self {
        self.settings.verification.converting = converting;
        self
    }
}

impl Emulator {
    /// Returns a builder to change the settings.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::new()
    }
}

impl fmt::Debug for EmulatorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmulatorBuilder")
            .field("address", &self.address)
            .field("allow_non_loopback", &self.allow_non_loopback)
            .field("attempts", &self.store.len())
            .field("account_sid", &self.settings.account_sid)
            .field("retention", &self.settings.retention)
            .field("summary_retention", &self.settings.summary_retention)
            .field("limits", &self.limits)
            .field("bounds", &self.settings.bounds)
            .field("timing", &self.settings.timing)
            .field("rate", &self.settings.rate)
            .field("verification", &self.settings.verification)
            .field("seed", &self.settings.seed)
            .field("tls", &self.tls)
            .field("public_url", &self.public_url)
            .field("accepted_hosts", &self.accepted_hosts)
            .field("body_memory", &self.body_memory)
            .field("connection_limits", &self.connection_limits)
            .finish_non_exhaustive()
    }
}
