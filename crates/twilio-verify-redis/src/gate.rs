//! The gate.

use std::collections::HashMap;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use data_encoding::HEXLOWER;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisError, Script};
use sha2::{Digest, Sha256};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use twilio_verify::{GateError, GateFuture, LimitedRequest, RequestGate, RequestLimit};

use crate::bucket::Bucket;

/// How long Redis may take to respond.
const TIMEOUT: Duration = Duration::from_secs(1);

/// The longest pause.
const HOUR: Duration = Duration::from_secs(60 * 60);

/// A gate that keeps request limits across all processes that use the same Redis.
///
/// Clones share their connection and their state.
#[derive(Clone)]
pub struct RedisGate(Arc<Inner>);

struct Inner {
    connection: ConnectionManager,
    take: Script,
    pause: Script,
    away: Away,
    processes: NonZeroU32,
    prefix: String,
    /// The name of this process among those that share the limits.
    name: String,
    buckets: Mutex<HashMap<String, Arc<Bucket>>>,
    absence: Mutex<Absence>,
}

/// The state of an absence of Redis.
#[derive(Default)]
struct Absence {
    reported: bool,
    /// Before this time, Redis is not tried again.
    until: Option<Instant>,
}

/// What happens to requests while Redis can't be reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Away {
    /// Each process uses an equal part of the limit. The default.
    #[default]
    Share,
    /// Requests fail with an error of kind [`NotSent`](twilio_verify::ErrorKind::NotSent).
    Refuse,
}

/// Why a gate can't be built, or doesn't let a request through.
#[derive(Debug)]
#[non_exhaustive]
pub enum RedisGateError {
    /// The URL is not a Redis URL: `redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]`, or `rediss://`
    /// with the feature `tls`.
    Url,
    /// Redis can't be reached, or rejects the connection or the script.
    Away(RedisError),
}

impl fmt::Display for RedisGateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Url => {
                "the URL of Redis is invalid; expected redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE], or \
                 rediss:// with the feature `tls`"
            }
            Self::Away(_) => "Redis can't be reached, or rejects the request",
        })
    }
}

impl std::error::Error for RedisGateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Url => None,
            Self::Away(error) => Some(error),
        }
    }
}

/// Builds a [`RedisGate`].
#[derive(Clone)]
#[must_use = "a builder does nothing until `connect`"]
pub struct RedisGateBuilder {
    url: String,
    away: Away,
    processes: NonZeroU32,
    prefix: String,
}

impl RedisGate {
    /// Connects to Redis by its URL, such as `redis://127.0.0.1:6379/0`.
    ///
    /// # Errors
    ///
    /// The URL is invalid, or Redis can't be reached. See
    /// [`RedisGateBuilder::connect_later`] for a program that starts nevertheless.
    pub async fn connect(url: impl Into<String>) -> Result<Self, RedisGateError> {
        Self::builder(url).connect().await
    }

    /// Creates a builder of a gate with other settings.
    pub fn builder(url: impl Into<String>) -> RedisGateBuilder {
        RedisGateBuilder {
            url: url.into(),
            away: Away::default(),
            processes: NonZeroU32::MIN,
            prefix: "twilio-verify".to_owned(),
        }
    }
}

impl RedisGateBuilder {
    /// Sets what happens to requests while Redis can't be reached. Default: [`Away::Share`].
    pub fn when_away(mut self, away: Away) -> Self {
        self.away = away;
        self
    }

    /// Sets the least number of processes that share the limit while Redis can't be reached. Default: 1.
    /// If more asked Redis within the last two periods, their number is used. Set it with
    /// [`connect_later`](Self::connect_later), because Redis may not have counted yet.
    pub fn processes(mut self, processes: NonZeroU32) -> Self {
        self.processes = processes;
        self
    }

    /// Sets what the names of the keys begin with. Default: `twilio-verify`.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Connects to Redis.
    ///
    /// # Errors
    ///
    /// The URL is invalid, or Redis can't be reached.
    pub async fn connect(self) -> Result<RedisGate, RedisGateError> {
        let gate = self.connect_later()?;
        let mut connection = gate.0.connection.clone();
        let ping = redis::cmd("PING");
        ping.query_async::<()>(&mut connection).await.map_err(RedisGateError::Away)?;
        Ok(gate)
    }

    /// Creates a gate that connects when it is first used. Until Redis can be reached, it is
    /// [away](Self::when_away). Call this within a Tokio runtime.
    ///
    /// # Errors
    ///
    /// The URL is invalid.
    pub fn connect_later(self) -> Result<RedisGate, RedisGateError> {
        // The text of the error may contain the password.
        let client = Client::open(self.url).map_err(|_| RedisGateError::Url)?;
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT));
        let connection = ConnectionManager::new_lazy_with_config(client, config);
        Ok(RedisGate(Arc::new(Inner {
            connection: connection.map_err(RedisGateError::Away)?,
            take: Script::new(include_str!("take.lua")),
            pause: Script::new(include_str!("pause.lua")),
            away: self.away,
            processes: self.processes,
            prefix: self.prefix,
            name: format!("{:032x}", fastrand::u128(..)),
            buckets: Mutex::default(),
            absence: Mutex::default(),
        })))
    }
}

impl fmt::Debug for RedisGateBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisGateBuilder")
            .field("away", &self.away)
            .field("processes", &self.processes)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for RedisGate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisGate")
            .field("away", &self.0.away)
            .field("prefix", &self.0.prefix)
            .finish_non_exhaustive()
    }
}

impl Inner {
    fn absence(&self) -> MutexGuard<'_, Absence> {
        self.absence.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the common name of the keys of a limit.
    fn key(&self, request: &LimitedRequest<'_>) -> String {
        let (server, account) = (request.server(), request.account().unwrap_or("-"));
        let mut key = format!("{}:{{{server}:{account}:{}", self.prefix, request.name());
        if let Some(resource) = request.resource() {
            key.push(':');
            HEXLOWER.encode_append(&Sha256::digest(resource), &mut key);
        }
        key.push('}');
        key
    }

    fn bucket(&self, key: &str, period: Duration) -> Arc<Bucket> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get(key) {
            return Arc::clone(bucket);
        }
        if buckets.len() == buckets.capacity() {
            buckets.retain(|_, bucket| Arc::strong_count(bucket) > 1 || !bucket.is_stale(period));
        }
        let bucket = Arc::new(Bucket::new(self.processes));
        buckets.insert(key.to_owned(), Arc::clone(&bucket));
        bucket
    }

    async fn ready(&self, request: LimitedRequest<'_>, within: Duration) -> Result<(), GateError> {
        let deadline = Instant::now() + within;
        let limit = request.limit();
        let key = self.key(&request);
        let bucket = self.bucket(&key, limit.period());
        let Ok(_turn) = timeout_at(deadline, bucket.turn.lock()).await else {
            return Err(GateError::too_late());
        };
        loop {
            let wait = match self.take(&key, &bucket, limit).await {
                Ok(wait) => wait,
                Err(error) if self.away == Away::Refuse => return Err(GateError::new(error)),
                Err(_) => bucket.alone(limit),
            };
            if wait.is_zero() {
                return Ok(());
            }
            if Instant::now() + wait > deadline {
                return Err(GateError::too_late());
            }
            sleep(wait).await;
        }
    }

    /// Takes a place, or returns how long to wait for the next one.
    async fn take(
        &self,
        key: &str,
        bucket: &Bucket,
        limit: RequestLimit,
    ) -> Result<Duration, RedisGateError> {
        let period = micros(limit.period());
        // 3 % more: a request takes some time from the script to Twilio.
        let interval = micros(limit.interval().saturating_mul(103) / 100).max(1);
        let (due, alone) = bucket.last();
        let mut script = self.take.prepare_invoke();
        script.key(format!("{key}:due")).key(format!("{key}:pause")).key(format!("{key}:callers"));
        script.arg(interval).arg(period).arg(limit.burst());
        script.arg(due).arg(u8::from(alone)).arg(&self.name);
        let (wait, due, callers): (u64, u64, u32) = self.ask(script, limit.period()).await?;
        bucket.told(due, callers, self.processes);
        Ok(Duration::from_micros(wait))
    }

    /// Runs a script, unless Redis was away a moment ago.
    async fn ask<T: redis::FromRedisValue>(
        &self,
        script: redis::ScriptInvocation<'_>,
        period: Duration,
    ) -> Result<T, RedisGateError> {
        if self.absence().until.is_some_and(|until| Instant::now() < until) {
            let reason = "it did not respond a moment ago";
            return Err(RedisGateError::Away((redis::ErrorKind::Io, reason).into()));
        }
        let mut connection = self.connection.clone();
        let response = timeout(TIMEOUT, script.invoke_async(&mut connection)).await;
        let response = response.unwrap_or_else(|_| {
            Err((redis::ErrorKind::Io, "it did not respond within a second").into())
        });
        let mut absence = self.absence();
        match response {
            Ok(value) => {
                if std::mem::take(&mut absence.reported) {
                    tracing::info!("Redis is back: processes share their request limits again");
                }
                absence.until = None;
                Ok(value)
            }
            Err(error) => {
                // A part of the period that is too short to send many requests.
                absence.until = Some(Instant::now() + (period / 60).min(TIMEOUT));
                if !std::mem::replace(&mut absence.reported, true) {
                    let then = match self.away {
                        Away::Share => "each process uses an equal part of the request limits",
                        Away::Refuse => "requests with a limit are refused",
                    };
                    tracing::warn!(error = error.category(), "Redis is away: {then}");
                }
                Err(RedisGateError::Away(error))
            }
        }
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

impl RequestGate for RedisGate {
    fn ready<'a>(
        &'a self,
        request: LimitedRequest<'a>,
        within: Duration,
    ) -> GateFuture<'a, Result<(), GateError>> {
        Box::pin(self.0.ready(request, within))
    }

    fn pause<'a>(&'a self, request: LimitedRequest<'a>, duration: Duration) -> GateFuture<'a, ()> {
        Box::pin(async move {
            let key = self.0.key(&request);
            let duration = duration.min(HOUR).max(Duration::from_millis(1));
            let mut script = self.0.pause.prepare_invoke();
            script.key(format!("{key}:pause")).arg(duration.as_millis().to_string());
            let told = self.0.ask::<u8>(script, request.limit().period()).await;
            if told.is_err() {
                let bucket = self.0.bucket(&key, request.limit().period());
                bucket.pause(duration);
            }
        })
    }
}
