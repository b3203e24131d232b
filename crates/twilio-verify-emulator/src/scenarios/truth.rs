//! The truth about a scenario.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::attempts::data::attempt::{Attempt, Price};
use crate::scenarios::scenario::{Scenario, ScenarioKind};
use crate::values::calling_code;
use crate::values::channel::Channel;
use crate::values::conversion_status::ConversionStatus;
use crate::values::country::Country;
use crate::values::sid::AttemptSid;

/// The truth about a [`Scenario`]: what it generates, including future attempts, and so what a detector should find.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Truth {
    /// The kind of event.
    pub kind: ScenarioKind,
    /// Whether it is an attack, instead of something that looks like one.
    pub is_attack: bool,
    /// The first digits of the numbers; `None` for an outage of a whole network.
    pub prefix: Option<String>,
    /// The country of the prefix.
    pub country: Option<Country>,
    /// The channel; `None` for an outage of all channels.
    pub channel: Option<Channel>,
    /// The network, if the scenario specifies one: its MCC and MNC.
    pub carrier: Option<String>,
    /// When it begins.
    pub from: DateTime<Utc>,
    /// The first instant after it.
    pub to: DateTime<Utc>,
    /// The number of attempts that it generates, or that an outage affects.
    pub attempts: u64,
    /// The number of attempts that convert.
    pub converted: u64,
    /// The number of phone numbers that they go to.
    pub numbers: u64,
    /// The cost of the attempts, as a sum for each currency.
    pub cost: Vec<Price>,
    /// The SIDs of the attempts, oldest first; newest first for an outage.
    pub sids: Vec<AttemptSid>,
}

/// The truth about a scenario while its attempts are being counted.
pub(crate) struct Counting {
    truth: Truth,
    numbers: HashSet<String>,
    cost: BTreeMap<String, Decimal>,
}

impl Counting {
    pub(crate) fn new(scenario: &Scenario, now: DateTime<Utc>) -> Self {
        let (from, to) = scenario.window(now);
        let is_outage = scenario.kind == ScenarioKind::Outage;
        let channel =
            if is_outage { scenario.channel } else { Some(scenario.channel_or_default()) };
        let truth = Truth {
            kind: scenario.kind,
            is_attack: scenario.kind.is_attack(),
            country: scenario.prefix.as_deref().and_then(calling_code::country),
            prefix: scenario.prefix.clone(),
            channel,
            carrier: scenario.carrier.clone(),
            from,
            to,
            attempts: 0,
            converted: 0,
            numbers: 0,
            cost: Vec::new(),
            sids: Vec::new(),
        };
        Self { truth, numbers: HashSet::new(), cost: BTreeMap::new() }
    }

    pub(crate) fn add(&mut self, attempt: &Attempt) {
        self.truth.attempts += 1;
        self.truth.converted += u64::from(attempt.conversion_status == ConversionStatus::Converted);
        self.numbers.extend(attempt.channel_data.to.clone());
        if let Some(price) = &attempt.price {
            *self.cost.entry(price.currency.clone()).or_default() += price.value;
        }
        self.truth.sids.push(attempt.sid);
    }

    pub(crate) fn done(self) -> Truth {
        let Self { mut truth, numbers, cost } = self;
        truth.numbers = numbers.len() as u64;
        truth.cost =
            cost.into_iter().map(|(currency, value)| Price::new(value, currency)).collect();
        truth
    }
}
