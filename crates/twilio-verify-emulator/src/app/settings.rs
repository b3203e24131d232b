//! The settings of an emulator.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;

use crate::app::credentials::Credential;
use crate::app::variant::Variant;
use crate::attempts::data::filter::Bounds;
use crate::attempts::rate::RateSettings;
use crate::attempts::timing::Timing;
use crate::faults::fault::Fault;
use crate::messages::outcome::Sending;
use crate::messages::template::Template;
use crate::records::service::Service;
use crate::state::account::Account;
use crate::state::verifications::Converting;
use crate::tables::table::Table;
use crate::time::clock::{AdvancedClock, shifted};
use crate::time::date::second_from;
use crate::time::limit::RateLimit;
use crate::values::sid::ServiceSid;

/// The settings of verifications.
#[derive(Debug, Clone, Copy)]
pub(crate) struct VerificationSettings {
    pub(crate) expiry: Duration,
    pub(crate) max_checks: u32,
    pub(crate) max_sends: Option<u32>,
    pub(crate) converting: Converting,
}

impl VerificationSettings {
    /// Returns when a verification that starts now expires.
    pub(crate) fn expiry(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        shifted(now, TimeDelta::from_std(self.expiry).unwrap_or(TimeDelta::MAX))
    }
}

impl Default for VerificationSettings {
    fn default() -> Self {
        const TEN_MINUTES: Duration = Duration::from_secs(10 * 60);
        Self {
            expiry: TEN_MINUTES,
            max_checks: 5,
            max_sends: Some(5),
            converting: Converting::Latest,
        }
    }
}

/// The settings that handlers read.
pub(crate) struct Settings {
    pub(crate) account_sid: String,
    pub(crate) auth_token: SecretString,
    pub(crate) credentials: Vec<Credential>,
    pub(crate) clock: AdvancedClock,
    /// Whether only this machine can reach the emulator.
    pub(crate) loopback: bool,
    pub(crate) retention: Option<Duration>,
    pub(crate) summary_retention: Option<Duration>,
    pub(crate) bounds: Bounds,
    pub(crate) timing: Timing,
    pub(crate) rate: RateSettings,
    pub(crate) seed: u64,
    /// The initial faults.
    pub(crate) faults: Vec<Fault>,
    /// The initial services, with their names.
    pub(crate) services: Vec<(ServiceSid, String)>,
    pub(crate) templates: Table<Template>,
    pub(crate) rate_limits_per_service: usize,
    pub(crate) buckets_per_rate_limit: usize,
    pub(crate) max_resources: usize,
    pub(crate) max_attempts: usize,
    pub(crate) verification: VerificationSettings,
    /// The limits on fetching a verification.
    pub(crate) fetch_limits: Vec<RateLimit>,
    pub(crate) variants: HashSet<Variant>,
    pub(crate) sending: Sending,
    /// The timeout for receiving a body.
    pub(crate) read_timeout: Duration,
    pub(crate) webhook_timeout: Duration,
    pub(crate) webhook_tries: u32,
    /// The number of messages after which Fraud Guard blocks a prefix.
    pub(crate) fraud_guard: Option<u64>,
}

impl Settings {
    /// The default auth token.
    pub(crate) const DEFAULT_AUTH_TOKEN: &str = "11111111111111111111111111111111";

    pub(crate) fn has(&self, variant: Variant) -> bool {
        self.variants.contains(&variant)
    }

    /// Returns the earliest second that the list and a fetch still show.
    pub(crate) fn retained_from(&self) -> Option<i64> {
        first_second(self.clock.now(), self.retention)
    }

    /// Returns the earliest second that a summary still counts.
    pub(crate) fn summarised_from(&self) -> Option<i64> {
        first_second(self.clock.now(), self.summary_retention)
    }

    /// Adds the initial services to a new account.
    pub(crate) fn begin(&self, account: &mut Account) {
        let now = self.clock.now();
        for (sid, friendly_name) in &self.services {
            account.services.insert(Service::new(*sid, friendly_name, now));
        }
    }
}

fn first_second(now: DateTime<Utc>, retention: Option<Duration>) -> Option<i64> {
    // A retention that reaches back before all dates keeps everything.
    let retention = TimeDelta::from_std(retention?).ok()?;
    now.checked_sub_signed(retention).map(second_from)
}
