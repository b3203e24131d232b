//! Determines which requests are limited, and by which limits.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use twilio_verify_api::{OPERATIONS, Operation};

use super::gate::{GateError, LimitedRequest, RequestGate};
use super::in_process::{ALL, InProcessGate};
use super::request_limit::RequestLimit;
use crate::error::Error;

/// The limits that Twilio documents: the name, the operations that count together, the requests per
/// minute, and whether each resource has its own limit.
const DOCUMENTED: [(&str, &[&str], u32, bool); 4] = [
    ("attempts-summary", &["FetchVerificationAttemptsSummary"], 100, false),
    ("attempts", &["ListVerificationAttempt", "FetchVerificationAttempt"], 100, false),
    ("safe-list", &["CreateSafelist", "FetchSafelist", "DeleteSafelist"], 30, false),
    ("verification", &["FetchVerification"], 60, true),
];

/// The settings of a program: whether the documented limits apply, its own limits, and the gate.
#[derive(Clone)]
pub(crate) struct LimitSettings {
    pub(crate) documented: bool,
    /// Limits by `operationId`; a later one replaces an earlier one.
    pub(crate) own: Vec<(String, Option<RequestLimit>)>,
    /// The gate; by default, that of the process.
    pub(crate) gate: Option<Arc<dyn RequestGate>>,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self { documented: true, own: Vec::new(), gate: None }
    }
}

impl std::fmt::Debug for LimitSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LimitSettings")
            .field("documented", &self.documented)
            .field("own", &self.own)
            .field("gate", &self.gate.as_ref().map(|_| "…"))
            .finish()
    }
}

/// The limits of a client's requests, and the gate that keeps them.
pub(crate) struct Limits {
    server: String,
    account: Option<String>,
    by_operation: HashMap<&'static str, Limit>,
    gate: Arc<dyn RequestGate>,
}

/// The limit of an operation.
#[derive(Clone, Copy, Debug)]
struct Limit {
    name: &'static str,
    limit: RequestLimit,
    /// Whether each resource has its own limit.
    each: bool,
}

impl Limits {
    /// Creates the limits of a client's requests.
    pub(crate) fn new(
        server: &str,
        account: Option<&str>,
        settings: LimitSettings,
    ) -> Result<Self, Error> {
        let mut by_operation = HashMap::new();
        for (name, operations, per_minute, each) in DOCUMENTED {
            let Some(limit) = RequestLimit::per_minute(per_minute).filter(|_| settings.documented)
            else {
                continue;
            };
            let limit = Limit { name, limit, each };
            by_operation.extend(operations.iter().map(|operation| (*operation, limit)));
        }
        for (operation, limit) in &settings.own {
            let mut known = OPERATIONS.iter().map(|known| known.operation_id);
            let Some(name) = known.find(|id| id == operation) else {
                let reason = "no such operation; expected an operationId of the API's document, \
                              such as FetchVerificationAttemptsSummary";
                return Err(Error::config("request_limit", reason));
            };
            match *limit {
                Some(limit) => by_operation.insert(name, Limit { name, limit, each: false }),
                None => by_operation.remove(name),
            };
        }
        let gate = settings.gate.unwrap_or_else(|| match account {
            Some(_) => Arc::clone(&*ALL) as _,
            // The account is unknown, so other clients can't share the gate.
            None => Arc::new(InProcessGate::new()),
        });
        let (server, account) = (server.to_owned(), account.map(str::to_owned));
        Ok(Self { server, account, by_operation, gate })
    }

    /// Returns the limit of an operation's requests to that path, or `None` if it has none.
    pub(crate) fn of(&self, operation: &Operation, path: &str) -> Option<Limited<'_>> {
        let limit = *self.by_operation.get(operation.operation_id)?;
        Some(Limited { limits: self, limit, resource: limit.each.then(|| path.to_owned()) })
    }
}

/// The limit of a request.
pub(crate) struct Limited<'a> {
    limits: &'a Limits,
    limit: Limit,
    resource: Option<String>,
}

impl Limited<'_> {
    fn request(&self) -> LimitedRequest<'_> {
        LimitedRequest {
            server: &self.limits.server,
            account: self.limits.account.as_deref(),
            name: self.limit.name,
            resource: self.resource.as_deref(),
            limit: self.limit.limit,
        }
    }

    /// Waits until the request may be sent.
    pub(crate) async fn ready(&self, within: Duration) -> Result<(), Error> {
        let ready = timeout(within, self.limits.gate.ready(self.request(), within)).await;
        ready.unwrap_or_else(|_| Err(GateError::too_late())).map_err(GateError::into_error)
    }

    /// Pauses sending for a duration. The gate has `within` to record it.
    pub(crate) async fn pause(&self, duration: Duration, within: Duration) {
        let paused = timeout(within, self.limits.gate.pause(self.request(), duration)).await;
        // If the gate takes longer, other clients may send meanwhile, and are rejected.
        paused.unwrap_or_default();
    }
}

#[cfg(test)]
#[path = "../../tests/unit/limits.rs"]
mod tests;
