//! The request limits of a client, by operation.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::time::Instant;
use twilio_verify_api::{OPERATIONS, Operation};

use super::request_limit::{Limiter, RequestLimit};
use crate::error::Error;

/// The limits that Twilio documents: operations that count together, their number in a minute, and
/// whether each resource has a limit of its own.
const DOCUMENTED: [(&[&str], u32, bool); 4] = [
    (&["FetchVerificationAttemptsSummary"], 100, false),
    (&["ListVerificationAttempt", "FetchVerificationAttempt"], 100, false),
    (&["CreateSafelist", "FetchSafelist", "DeleteSafelist"], 30, false),
    (&["FetchVerification"], 60, true),
];

/// What a program sets: whether the documented limits apply, and its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LimitSettings {
    pub(crate) documented: bool,
    /// By `operationId`; a later one replaces an earlier one.
    pub(crate) own: Vec<(String, Option<RequestLimit>)>,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self { documented: true, own: Vec::new() }
    }
}

/// The limits of an account's requests.
#[derive(Default)]
pub(crate) struct Limits(HashMap<&'static str, Arc<Limit>>);

/// A limit, of all requests or of those for each resource.
enum Limit {
    All(Arc<Limiter>),
    Each(RequestLimit, Mutex<HashMap<u64, Recent>>),
}

/// The limit of a resource, and when it was last asked for.
struct Recent {
    limiter: Arc<Limiter>,
    used: Instant,
}

/// The server, the account and the settings of clients that share their limits.
type Account = (String, String, LimitSettings);

/// The limits of the accounts in use: Twilio counts the requests of an account, whichever client
/// sends them.
static ACCOUNTS: LazyLock<Mutex<HashMap<Account, Weak<Limits>>>> = LazyLock::new(Mutex::default);

impl Limits {
    /// The limits of a client's requests, which it shares with the other clients of the account.
    pub(crate) fn of(
        server: &str,
        account: Option<&str>,
        settings: LimitSettings,
    ) -> Result<Arc<Self>, Error> {
        let limits = Arc::new(Self::new(&settings)?);
        let Some(account) = account else {
            return Ok(limits);
        };
        let mut accounts = ACCOUNTS.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.retain(|_, limits| limits.strong_count() > 0);
        let known = accounts.entry((server.to_owned(), account.to_owned(), settings)).or_default();
        Ok(known.upgrade().unwrap_or_else(|| {
            *known = Arc::downgrade(&limits);
            limits
        }))
    }

    fn new(settings: &LimitSettings) -> Result<Self, Error> {
        let mut limits = HashMap::new();
        for (operations, per_minute, each) in DOCUMENTED {
            let Some(limit) = RequestLimit::per_minute(per_minute).filter(|_| settings.documented)
            else {
                continue;
            };
            let limit = Arc::new(match each {
                true => Limit::Each(limit, Mutex::default()),
                false => Limit::All(Arc::new(Limiter::new(limit))),
            });
            limits.extend(operations.iter().map(|operation| (*operation, Arc::clone(&limit))));
        }
        for (operation, limit) in &settings.own {
            let mut known = OPERATIONS.iter().map(|known| known.operation_id);
            let Some(operation) = known.find(|id| id == operation) else {
                let reason = "no such operation; expected an operationId of the API's document, \
                              such as FetchVerificationAttemptsSummary";
                return Err(Error::config("request_limit", reason));
            };
            match limit {
                Some(limit) => {
                    let limiter = Arc::new(Limiter::new(*limit));
                    limits.insert(operation, Arc::new(Limit::All(limiter)))
                }
                None => limits.remove(operation),
            };
        }
        Ok(Self(limits))
    }

    /// The limiter of an operation's requests to that path; `None` without a limit.
    pub(crate) fn limiter(&self, operation: &Operation, path: &str) -> Option<Arc<Limiter>> {
        match &**self.0.get(operation.operation_id)? {
            Limit::All(limiter) => Some(Arc::clone(limiter)),
            Limit::Each(limit, recent) => Some(of_path(*limit, recent, path)),
        }
    }
}

fn of_path(limit: RequestLimit, recent: &Mutex<HashMap<u64, Recent>>, path: &str) -> Arc<Limiter> {
    /// After a minute a limiter is as good as new.
    const MINUTE: Duration = Duration::from_secs(60);
    // A path may hold a phone number, which nothing keeps.
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    let now = Instant::now();
    let mut recent = recent.lock().unwrap_or_else(PoisonError::into_inner);
    if recent.len() == recent.capacity() {
        recent.retain(|_, recent| {
            Arc::strong_count(&recent.limiter) > 1 || now < recent.used + MINUTE
        });
    }
    let limiter = || Arc::new(Limiter::new(limit));
    let entry =
        recent.entry(hasher.finish()).or_insert_with(|| Recent { limiter: limiter(), used: now });
    entry.used = now;
    Arc::clone(&entry.limiter)
}

#[cfg(test)]
#[path = "../../tests/unit/limits.rs"]
mod tests;
