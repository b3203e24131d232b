//! Any sequence of requests about verifications, against a model that predicts each response.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;
use twilio_verify_emulator::Outcome;

use crate::api::{Api, Reply};
use crate::support::{now, runtime};

const DESTINATIONS: [&str; 4] = [
    "+573003003030",
    "+12025550123",
    // Blocked by default.
    "+15005550004",
    "someone@example.com",
];
const SERVICES: usize = 2;
const EXPIRY: TimeDelta = TimeDelta::minutes(10);

#[derive(Debug, Clone)]
enum Step {
    CreateService { slot: usize, custom: bool, psd2: bool },
    DeleteService { slot: usize },
    Start { slot: usize, to: usize, channel: &'static str, custom: bool, payment: bool },
    Check { slot: usize, to: usize, by_sid: bool, code: Given, payment: bool },
    End { slot: usize, to: usize, by_sid: bool, status: &'static str },
    Fetch { slot: usize, to: usize, by_sid: bool },
    Advance { seconds: i64 },
    Outcome { to: usize, outcome: Option<Outcome> },
}

/// The code of a check.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Given {
    Right,
    Wrong,
    Malformed,
    None,
}

fn step() -> impl Strategy<Value = Step> {
    let slot = || 0..SERVICES;
    let to = || 0..DESTINATIONS.len();
    prop_oneof![
        2 => (slot(), any::<bool>(), prop::bool::weighted(0.3))
            .prop_map(|(slot, custom, psd2)| Step::CreateService { slot, custom, psd2 }),
        1 => slot().prop_map(|slot| Step::DeleteService { slot }),
        12 => (slot(), to(), select(vec!["sms", "sms", "call", "email", "whatsapp"]), prop::bool::weighted(0.1), prop::bool::weighted(0.3))
            .prop_map(|(slot, to, channel, custom, payment)| Step::Start { slot, to, channel, custom, payment }),
        14 => (slot(), to(), any::<bool>(), select(vec![Given::Right, Given::Wrong, Given::Wrong, Given::Wrong, Given::Malformed, Given::None]), prop::bool::weighted(0.8))
            .prop_map(|(slot, to, by_sid, code, payment)| Step::Check { slot, to, by_sid, code, payment }),
        2 => (slot(), to(), any::<bool>(), select(vec!["approved", "canceled", "pending"]))
            .prop_map(|(slot, to, by_sid, status)| Step::End { slot, to, by_sid, status }),
        2 => (slot(), to(), any::<bool>()).prop_map(|(slot, to, by_sid)| Step::Fetch { slot, to, by_sid }),
        3 => (0..400_i64).prop_map(|seconds| Step::Advance { seconds }),
        1 => (to(), select(vec![None, Some(Outcome::Delivered), Some(Outcome::Undelivered), Some(Outcome::Landline), Some(Outcome::GeoBlocked), Some(Outcome::Slow(Duration::ZERO))]))
            .prop_map(|(to, outcome)| Step::Outcome { to, outcome }),
    ]
}

/// The state that the emulator should have.
struct Model {
    now: DateTime<Utc>,
    services: [Option<Service>; SERVICES],
    outcomes: BTreeMap<usize, Outcome>,
    /// By SID.
    attempts: BTreeMap<String, Attempt>,
}

struct Service {
    path: String,
    custom: bool,
    psd2: bool,
    pending: BTreeMap<usize, Pending>,
}

#[derive(Clone)]
struct Pending {
    sid: String,
    code: String,
    payment: bool,
    checks: u32,
    expires: DateTime<Utc>,
    attempts: Vec<String>,
}

struct Attempt {
    verification: String,
    status: &'static str,
}

/// A status and, if it is an error, its code.
type Expected = (u16, Option<u64>);

const NOT_FOUND: Expected = (404, Some(20404));
const INVALID: Expected = (400, Some(60200));

impl Model {
    fn outcome(&self, to: usize) -> Outcome {
        let blocked = DESTINATIONS[to] == "+15005550004";
        let default = if blocked { Outcome::Blocked } else { Outcome::Delivered };
        self.outcomes.get(&to).copied().unwrap_or(default)
    }

    fn expire(&mut self) {
        for service in self.services.iter_mut().flatten() {
            for pending in service.pending.values().filter(|pending| pending.expires <= self.now) {
                for sid in &pending.attempts {
                    self.attempts.get_mut(sid).unwrap().status = "expired";
                }
            }
            service.pending.retain(|_, pending| pending.expires > self.now);
        }
    }

    fn confirm(&mut self, pending: &Pending) {
        let latest = pending.attempts.last().unwrap();
        self.attempts.get_mut(latest).unwrap().status = "confirmed";
    }

    fn start(
        &self,
        slot: usize,
        to: usize,
        channel: &str,
        custom: bool,
        payment: bool,
    ) -> Expected {
        let Some(service) = &self.services[slot] else {
            return NOT_FOUND;
        };
        let is_address = DESTINATIONS[to].contains('@');
        if is_address != (channel == "email") {
            return INVALID;
        }
        if (custom && !service.custom) || (payment && !service.psd2) {
            return (403, Some(60204));
        }
        if service.psd2 && channel == "call" {
            return (400, Some(60214));
        }
        if service.psd2 && !payment {
            return (400, Some(60206));
        }
        match self.outcome(to) {
            Outcome::Blocked if channel == "sms" => return (403, Some(60410)),
            Outcome::GeoBlocked if ["sms", "call"].contains(&channel) => {
                return (403, Some(60605));
            }
            _ => {}
        }
        match service.pending.get(&to).map_or(0, |pending| pending.attempts.len()) {
            5.. => (429, Some(60203)),
            _ => (201, None),
        }
    }

    fn arrives(&self, to: usize, channel: &str) -> bool {
        match self.outcome(to) {
            Outcome::Undelivered => false,
            Outcome::Landline => ["call", "email"].contains(&channel),
            _ => true,
        }
    }
}

/// The path of a service that never existed.
const NOWHERE: &str = "/v2/Services/VAffffffffffffffffffffffffffffffff";

struct World {
    api: Api,
    model: Model,
}

impl World {
    async fn start() -> Self {
        let model = Model {
            now: now(),
            services: [None, None],
            outcomes: BTreeMap::new(),
            attempts: BTreeMap::new(),
        };
        Self { api: Api::start().await, model }
    }

    fn path(&self, slot: usize) -> String {
        let service = self.model.services[slot].as_ref();
        service.map_or(NOWHERE.to_owned(), |service| service.path.clone())
    }

    fn pending(&self, slot: usize, to: usize) -> Option<Pending> {
        self.model.services[slot].as_ref()?.pending.get(&to).cloned()
    }

    fn expect(step: &Step, reply: Reply, expected: Expected) -> Value {
        let code = reply.body["code"].as_u64().filter(|_| reply.status >= 400);
        assert_eq!((reply.status, code), expected, "{step:?}: {}", reply.body);
        reply.body
    }

    async fn take(&mut self, step: &Step) {
        match *step {
            Step::CreateService { slot, custom, psd2 } => {
                let former = self.path(slot);
                if self.model.services[slot].take().is_some() {
                    self.api.delete(&former).await.deleted();
                }
                let form =
                    [("CustomCodeEnabled", custom.to_string()), ("Psd2Enabled", psd2.to_string())];
                let form: Vec<_> =
                    form.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let path = self.api.service(&form).await;
                self.model.services[slot] =
                    Some(Service { path, custom, psd2, pending: BTreeMap::new() });
            }
            Step::DeleteService { slot } => {
                let reply = self.api.delete(&self.path(slot)).await;
                let expected = self.model.services[slot].take().map_or(NOT_FOUND, |_| (204, None));
                Self::expect(step, reply, expected);
            }
            Step::Start { slot, to, channel, custom, payment } => {
                self.start_verification(step, (slot, to), channel, custom, payment).await;
            }
            Step::Check { slot, to, by_sid, code, payment } => {
                self.check(step, (slot, to), by_sid, code, payment).await;
            }
            Step::End { slot, to, by_sid, status } => {
                let pending = self.pending(slot, to);
                let path =
                    format!("{}/Verifications/{}", self.path(slot), name(&pending, to, by_sid));
                let reply = self.api.post(&path, &[("Status", status)]).await;
                // Parameters are checked before the resource.
                let expected = match (&pending, status) {
                    (_, "pending") => INVALID,
                    (Some(_), _) => (200, None),
                    (None, _) => NOT_FOUND,
                };
                let body = Self::expect(step, reply, expected);
                if let (Some(pending), true) = (pending, expected.0 == 200) {
                    assert_eq!(
                        (&body["sid"], &body["status"]),
                        (&pending.sid.clone().into(), &status.into())
                    );
                    self.model.services[slot].as_mut().unwrap().pending.remove(&to);
                    if status == "approved" {
                        self.model.confirm(&pending);
                    }
                }
            }
            Step::Fetch { slot, to, by_sid } => {
                let pending = self.pending(slot, to);
                let path =
                    format!("{}/Verifications/{}", self.path(slot), name(&pending, to, by_sid));
                let reply = self.api.get(&path).await;
                let expected = if pending.is_some() { (200, None) } else { NOT_FOUND };
                let body = Self::expect(step, reply, expected);
                if let Some(pending) = pending {
                    let sends = body["send_code_attempts"].as_array().unwrap().iter();
                    let sends: Vec<_> =
                        sends.map(|send| send["attempt_sid"].as_str().unwrap()).collect();
                    assert_eq!(sends, pending.attempts);
                }
            }
            Step::Advance { seconds } => {
                let by = TimeDelta::seconds(seconds);
                self.api.clock.advance(by);
                self.model.now += by;
                self.model.expire();
            }
            Step::Outcome { to, outcome } => {
                self.api.emulator.set_outcome(DESTINATIONS[to], outcome);
                match outcome {
                    Some(outcome) => self.model.outcomes.insert(to, outcome),
                    None => self.model.outcomes.remove(&to),
                };
            }
        }
    }

    async fn start_verification(
        &mut self,
        step: &Step,
        (slot, to): (usize, usize),
        channel: &str,
        custom: bool,
        payment: bool,
    ) {
        let mut form = vec![("To", DESTINATIONS[to]), ("Channel", channel)];
        if custom {
            form.push(("CustomCode", "cust0m"));
        }
        if payment {
            form.extend([("Amount", "€1"), ("Payee", "Acme")]);
        }
        let sent = self.api.emulator.outbox().len();
        let reply = self.api.post(&format!("{}/Verifications", self.path(slot)), &form).await;
        let expected = self.model.start(slot, to, channel, custom, payment);
        let body = Self::expect(step, reply, expected);
        let arrived = expected.0 == 201 && self.model.arrives(to, channel);
        let messages = self.api.emulator.outbox().messages();
        assert_eq!(messages.len(), sent + usize::from(arrived), "{step:?}");
        if expected.0 != 201 {
            return;
        }
        let (sid, now) = (body["sid"].as_str().unwrap().to_owned(), self.model.now);
        let last = body["send_code_attempts"].as_array().unwrap().last().unwrap();
        let attempt = last["attempt_sid"].as_str().unwrap().to_owned();
        let known = Attempt { verification: sid.clone(), status: "unconfirmed" };
        assert!(self.model.attempts.insert(attempt.clone(), known).is_none());
        let service = self.model.services[slot].as_mut().unwrap();
        let pending = service.pending.entry(to).or_insert_with(|| Pending {
            sid: sid.clone(),
            code: String::new(),
            payment: false,
            checks: 0,
            expires: now + EXPIRY,
            attempts: Vec::new(),
        });
        assert_eq!(pending.sid, sid, "{step:?}");
        pending.attempts.push(attempt);
        pending.payment |= payment;
        if arrived {
            let code = &messages.last().unwrap().code;
            let same = pending.code.is_empty() || pending.code == *code || custom;
            assert!(same, "a re-send changed the code");
            pending.code.clone_from(code);
        } else if custom {
            pending.code = "cust0m".into();
        }
    }

    async fn check(
        &mut self,
        step: &Step,
        (slot, to): (usize, usize),
        by_sid: bool,
        code: Given,
        payment: bool,
    ) {
        let pending = self.pending(slot, to);
        let name = name(&pending, to, by_sid);
        let key = if by_sid { "VerificationSid" } else { "To" };
        let mut form = vec![(key, name.as_str())];
        // A code that never arrived cannot be submitted.
        let known =
            pending.as_ref().map(|pending| pending.code.clone()).filter(|code| !code.is_empty());
        let right = code == Given::Right && known.is_some();
        let known = known.unwrap_or_default();
        match code {
            Given::Right if right => form.push(("Code", &known)),
            Given::Right | Given::Wrong => form.push(("Code", "wrong")),
            Given::Malformed => form.push(("Code", "1 2 3 4")),
            Given::None => {}
        }
        let payment = payment && pending.as_ref().is_some_and(|pending| pending.payment);
        if payment {
            form.extend([("Amount", "€1"), ("Payee", "Acme")]);
        }
        let reply = self.api.post(&format!("{}/VerificationCheck", self.path(slot)), &form).await;
        let expected = match &pending {
            None => NOT_FOUND,
            Some(pending) if pending.payment && !payment => (400, Some(60206)),
            Some(_) if code == Given::Malformed => INVALID,
            Some(_) if code == Given::None => (400, Some(20001)),
            Some(Pending { checks: 5.., .. }) => (429, Some(60202)),
            Some(_) => (200, None),
        };
        let body = Self::expect(step, reply, expected);
        if expected.0 != 200 {
            return;
        }
        let status = if right { "approved" } else { "pending" };
        assert_eq!((&body["status"], &body["valid"]), (&status.into(), &right.into()), "{step:?}");
        let service = self.model.services[slot].as_mut().unwrap();
        service.pending.get_mut(&to).unwrap().checks += 1;
        if right {
            let pending = service.pending.remove(&to).unwrap();
            self.model.confirm(&pending);
        }
    }

    /// Invariants after any request.
    async fn check_invariants(&self) {
        let summary = self.api.get("/v2/Attempts/Summary").await.ok();
        let count = |name: &str| summary[name].as_u64().unwrap() as usize;
        let attempts = &self.model.attempts;
        let converted = attempts.values().filter(|attempt| attempt.status == "confirmed").count();
        assert_eq!(count("total_attempts"), attempts.len());
        assert_eq!(count("total_converted"), converted);
        assert_eq!(count("total_unconverted"), attempts.len() - converted);
        let page = self.api.get("/v2/Attempts?PageSize=1000").await.ok();
        let mut listed = BTreeSet::new();
        for attempt in page["attempts"].as_array().unwrap() {
            let sid = attempt["sid"].as_str().unwrap();
            let known = &attempts[sid];
            assert_eq!(attempt["verification_sid"], known.verification.as_str());
            assert_eq!(attempt["channel_data"]["status"], known.status, "{sid}");
            let converted = attempt["conversion_status"] == "converted";
            assert_eq!(converted, known.status == "confirmed");
            assert!(listed.insert(sid));
        }
        assert_eq!(listed.len(), attempts.len());
    }
}

/// The name of a verification: its SID or its destination. A missing one has a SID that never existed.
fn name(pending: &Option<Pending>, to: usize, by_sid: bool) -> String {
    match pending {
        Some(pending) if by_sid => pending.sid.clone(),
        None if by_sid => "VEffffffffffffffffffffffffffffffff".into(),
        _ => DESTINATIONS[to].into(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_model_predicts_every_answer(steps in prop::collection::vec(step(), 1..80)) {
        runtime().block_on(async {
            let mut world = World::start().await;
            world.take(&Step::CreateService { slot: 0, custom: true, psd2: false }).await;
            for step in &steps {
                world.take(step).await;
            }
            world.check_invariants().await;
        });
    }
}
