//! Outages: attempts that don't arrive.

use chrono::{DateTime, Utc};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::attempts::data::attempt::{Attempt, ErrorCode};
use crate::attempts::data::filter::{Filter, ListFilter, Period};
use crate::attempts::store::Store;
use crate::scenarios::scenario::Scenario;
use crate::tables::page::PageStart;
use crate::time::date::second_from;
use crate::values::channel::Channel;
use crate::values::conversion_status::ConversionStatus;
use crate::values::market;
use crate::values::sid::ServiceSid;

/// An outage: which messages and calls don't arrive, and when.
pub(crate) struct Outage {
    scenario: Scenario,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

impl Outage {
    pub(crate) fn new(scenario: &Scenario, now: DateTime<Utc>) -> Self {
        let (from, to) = scenario.window(now);
        Self { scenario: scenario.clone(), from, to }
    }

    /// Whether a message that is sent now fails to arrive.
    pub(crate) fn hits(
        &self,
        service: ServiceSid,
        channel: Channel,
        to: &str,
        now: DateTime<Utc>,
    ) -> bool {
        let network = market::carrier(to).map(|(mcc, mnc, _)| format!("{mcc}{mnc}"));
        self.from <= now
            && now < self.to
            // The share that still arrives is only drawn for attempts that are loaded.
            && self.scenario.share() == 0.0
            && self.concerns(service, channel, to, network.as_deref())
    }

    fn concerns(
        &self,
        service: ServiceSid,
        channel: Channel,
        to: &str,
        network: Option<&str>,
    ) -> bool {
        let Scenario { prefix, carrier, channel: own, service: sends, .. } = &self.scenario;
        channel != Channel::Email
            && own.is_none_or(|own| own == channel)
            && sends.is_none_or(|own| own == service)
            && prefix.as_deref().is_none_or(|prefix| to.starts_with(prefix))
            && carrier.as_deref().is_none_or(|carrier| network == Some(carrier))
    }

    /// Changes the affected attempts of a store, and returns them in their new state.
    pub(crate) fn change(&self, store: &Store, rng: &mut ChaCha8Rng) -> Vec<Attempt> {
        let period =
            Period { from: Some(second_from(self.from)), until: Some(second_from(self.to)) };
        let common = Filter { period, ..Filter::default() };
        let filter = ListFilter { common, ..ListFilter::default() };
        let mut attempts = store.page(&filter, PageStart::First, usize::MAX - 1).items;
        attempts.retain(|attempt| {
            let data = &attempt.channel_data;
            let network = data.mcc.as_ref().zip(data.mnc.as_ref());
            let network = network.map(|(mcc, mnc)| format!("{mcc}{mnc}"));
            let to = data.to.as_deref().unwrap_or_default();
            self.concerns(attempt.service_sid, attempt.channel, to, network.as_deref())
        });
        let changed = attempts.into_iter().map(|attempt| {
            if rng.random_bool(self.scenario.share()) {
                return attempt;
            }
            let changed = store.update(attempt.sid, lose);
            changed.unwrap_or(attempt)
        });
        changed.collect()
    }
}

/// Changes an attempt to one that did not arrive.
fn lose(attempt: &mut Attempt) {
    attempt.conversion_status = ConversionStatus::Unconverted;
    let data = &mut attempt.channel_data;
    data.status = Some("expired".into());
    match attempt.channel {
        Channel::Call => data.call_status = Some("no-answer".into()),
        channel => {
            data.message_status = Some("undelivered".into());
            let code = if channel == Channel::Sms { "30003" } else { "63024" };
            data.error_code = Some(ErrorCode::Text(code.into()));
        }
    }
}
