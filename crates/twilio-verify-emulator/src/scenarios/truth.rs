//! What a scenario has made.

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

/// What a [`Scenario`] has made among an emulator's attempts: what a detector should find. Also what is still to come.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Truth {
    /// What happens.
    pub kind: ScenarioKind,
    /// Whether it is an attack, and not something that looks like one.
    pub is_attack: bool,
    /// The first digits of the numbers. `None` of an outage of a whole network.
    pub prefix: Option<String>,
    /// The country of the prefix.
    pub country: Option<Country>,
    /// The channel. `None` of an outage of all channels.
    pub channel: Option<Channel>,
    /// The network, if the scenario says it: its MCC and MNC.
    pub carrier: Option<String>,
    /// When it begins.
    pub from: DateTime<Utc>,
    /// The first instant after it.
    pub to: DateTime<Utc>,
    /// How many attempts it makes; of an outage, how many it concerns.
    pub attempts: u64,
    /// How many of them convert.
    pub converted: u64,
    /// How many numbers they go to.
    pub numbers: u64,
    /// What they cost, a sum for each currency.
    pub cost: Vec<Price>,
    /// The SIDs of the attempts, oldest first; of an outage, newest first.
    pub sids: Vec<AttemptSid>,
}

/// Counts the attempts of a scenario.
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
