//! Any sequence of requests for factors and challenges, against a simple model of the responses.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use crate::api::Api;
use crate::device::Device;
use crate::support::runtime;

const IDENTITIES: [&str; 2] = ["customer-4f1d27a0", "customer-other"];

#[derive(Debug, Clone)]
enum Step {
    Register(Index),
    /// Whether the factor's own device signs.
    Verify(Index, bool),
    /// The number of seconds.
    Challenge(Index, i64),
    Answer(Index, &'static str, bool),
    DeleteFactor(Index),
    DeleteEntity(Index),
    Advance(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let index = any::<Index>;
    let right = || prop::bool::weighted(0.8);
    let step = prop_oneof![
        3 => index().prop_map(Step::Register),
        4 => (index(), right()).prop_map(|(factor, right)| Step::Verify(factor, right)),
        5 => (index(), 1..3_600_i64).prop_map(|(factor, life)| Step::Challenge(factor, life)),
        5 => (index(), select(vec!["approved", "denied"]), right())
            .prop_map(|(challenge, status, right)| Step::Answer(challenge, status, right)),
        1 => index().prop_map(Step::DeleteFactor),
        1 => index().prop_map(Step::DeleteEntity),
        3 => (0..2_000_i64).prop_map(Step::Advance),
    ];
    prop::collection::vec(step, 1..60)
}

/// A factor that was created.
struct Factor {
    sid: String,
    entity: usize,
    device: Device,
    is_verified: bool,
    is_deleted: bool,
}

/// A challenge that was created.
struct Challenge {
    sid: String,
    factor: usize,
    expires: DateTime<Utc>,
    answer: Option<&'static str>,
    is_deleted: bool,
}

#[derive(Default)]
struct Model {
    factors: Vec<Factor>,
    challenges: Vec<Challenge>,
    entities: [bool; 2],
}

fn pick<T>(index: &Index, from: &[T]) -> Option<usize> {
    (!from.is_empty()).then(|| index.index(from.len()))
}

impl Model {
    /// Takes a step, and checks the response.
    async fn step(&mut self, step: &Step, api: &Api, service: &str, stranger: &Device) {
        let entity = |number: usize| format!("{service}/Entities/{}", IDENTITIES[number]);
        match step {
            Step::Advance(seconds) => api.clock.advance(TimeDelta::seconds(*seconds)),
            Step::Register(index) => {
                let number = index.index(IDENTITIES.len());
                let path = format!("{}/Factors", entity(number));
                let device = Device::new();
                let reply = api.post(&path, &device.form()).await;
                let own = |factor: &&Factor| factor.entity == number && !factor.is_deleted;
                if self.factors.iter().filter(own).count() == 20 {
                    reply.error(400, 60315);
                    return;
                }
                let made = reply.created();
                self.entities[number] = true;
                self.factors.push(Factor {
                    sid: made["sid"].as_str().unwrap().into(),
                    entity: number,
                    device,
                    is_verified: false,
                    is_deleted: false,
                });
            }
            Step::Verify(index, right) => {
                let Some(number) = pick(index, &self.factors) else {
                    return;
                };
                let factor = &mut self.factors[number];
                let signer = if *right { &factor.device } else { stranger };
                let token = signer.sign(&json!({ "sid": factor.sid }));
                let path = format!("{}/Factors/{}", entity(factor.entity), factor.sid);
                let reply = api.post(&path, &[("AuthPayload", &token)]).await;
                match (factor.is_deleted, right) {
                    (true, _) => drop(reply.error(404, 20404)),
                    (false, false) => drop(reply.error(403, 60311)),
                    (false, true) => {
                        assert_eq!(reply.ok()["status"], "verified");
                        factor.is_verified = true;
                    }
                }
            }
            Step::Challenge(index, life) => {
                let Some(number) = pick(index, &self.factors) else {
                    return;
                };
                let factor = &self.factors[number];
                let expires = api.clock_date() + TimeDelta::seconds(*life);
                let form = [
                    ("FactorSid", factor.sid.as_str()),
                    ("Details.Message", "Is it you?"),
                    ("ExpirationDate", &crate::support::iso(expires)),
                ];
                let path = format!("{}/Challenges", entity(factor.entity));
                let reply = api.post(&path, &form).await;
                match factor {
                    _ if !self.entities[factor.entity] => drop(reply.error(404, 20404)),
                    Factor { is_deleted: true, .. } => drop(reply.error(400, 60306)),
                    Factor { is_verified: false, .. } => drop(reply.error(403, 60318)),
                    _ => self.challenges.push(Challenge {
                        sid: reply.created()["sid"].as_str().unwrap().into(),
                        factor: number,
                        expires,
                        answer: None,
                        is_deleted: false,
                    }),
                }
            }
            Step::Answer(index, status, right) => {
                let Some(number) = pick(index, &self.challenges) else {
                    return;
                };
                let challenge = &mut self.challenges[number];
                let factor = &self.factors[challenge.factor];
                let claims = json!({ "sid": challenge.sid, "status": status });
                let signer = if *right { &factor.device } else { stranger };
                let token = signer.sign(&claims);
                let path = format!("{}/Challenges/{}", entity(factor.entity), challenge.sid);
                let reply = api.post(&path, &[("AuthPayload", &token)]).await;
                if challenge.is_deleted {
                    reply.error(404, 20404);
                } else if challenge.answer.is_some() {
                    reply.error(403, 60322);
                } else if challenge.expires <= api.clock_date() {
                    reply.error(403, 60323);
                } else if factor.is_deleted {
                    reply.error(400, 60306);
                } else if !right {
                    reply.error(403, 60324);
                } else {
                    assert_eq!(reply.ok()["status"], *status);
                    challenge.answer = Some(status);
                }
            }
            Step::DeleteFactor(index) => {
                let Some(number) = pick(index, &self.factors) else {
                    return;
                };
                let factor = &mut self.factors[number];
                let path = format!("{}/Factors/{}", entity(factor.entity), factor.sid);
                let reply = api.delete(&path).await;
                match factor.is_deleted {
                    true => drop(reply.error(404, 20404)),
                    false => reply.deleted(),
                }
                factor.is_deleted = true;
            }
            Step::DeleteEntity(index) => {
                let number = index.index(IDENTITIES.len());
                let reply = api.delete(&entity(number)).await;
                match self.entities[number] {
                    false => drop(reply.error(404, 20404)),
                    true => reply.deleted(),
                }
                self.entities[number] = false;
                for factor in &mut self.factors {
                    factor.is_deleted |= factor.entity == number;
                }
                for challenge in &mut self.challenges {
                    challenge.is_deleted |= self.factors[challenge.factor].entity == number;
                }
            }
        }
    }

    /// The challenges and the factors of an entity, as SIDs and statuses in the order of creation.
    fn of(&self, entity: usize, now: DateTime<Utc>) -> [Vec<[String; 2]>; 2] {
        let challenges = self.challenges.iter().filter(|challenge| {
            !challenge.is_deleted && self.factors[challenge.factor].entity == entity
        });
        let factors = self.factors.iter();
        [
            challenges
                .map(|challenge| {
                    let status = match challenge.answer {
                        Some(answer) => answer,
                        None if challenge.expires <= now => "expired",
                        None => "pending",
                    };
                    [challenge.sid.clone(), status.into()]
                })
                .collect(),
            factors
                .filter(|factor| factor.entity == entity && !factor.is_deleted)
                .map(|factor| {
                    let status = match factor.is_verified {
                        true => "verified",
                        false => "unverified",
                    };
                    [factor.sid.clone(), status.into()]
                })
                .collect(),
        ]
    }
}

/// The SIDs and statuses of a list.
async fn listed(api: &Api, path: &str, key: &str) -> Vec<[String; 2]> {
    let list = api.get(path).await.ok();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let resources = list[key].as_array().unwrap().iter();
    resources.map(|resource| [text(&resource["sid"]), text(&resource["status"])]).collect()
}

#[test]
fn answers_are_those_of_the_model() {
    let runtime = runtime();
    let stranger = Device::new();
    let config = ProptestConfig::with_cases(48);
    proptest!(config, |(steps in steps())| {
        runtime.block_on(async {
            let api = Api::start().await;
            let service = api.service(&[]).await;
            let mut model = Model::default();
            for step in &steps {
                model.step(step, &api, &service, &stranger).await;
            }
            for (number, identity) in IDENTITIES.iter().enumerate() {
                let entity = format!("{service}/Entities/{identity}");
                if !model.entities[number] {
                    api.get(&entity).await.error(404, 20404);
                    continue;
                }
                let [challenges, mut factors] = model.of(number, api.clock_date());
                let path = format!("{entity}/Challenges?PageSize=1000");
                assert_eq!(listed(&api, &path, "challenges").await, challenges);
                let path = format!("{entity}/Factors?PageSize=1000");
                factors.reverse();
                assert_eq!(listed(&api, &path, "factors").await, factors);
            }
        });
    });
}

/// Values that some parameter takes, and others don't.
const VALUES: [&str; 24] = [
    "",
    "totp",
    "push",
    "passkeys",
    "ES256",
    "none",
    "sha512",
    "0",
    "1",
    "2",
    "8",
    "30",
    "60",
    "61",
    "123456",
    "-1",
    "99999999999999999999",
    "{}",
    "[]",
    r#"{"label":"a","value":"b"}"#,
    "a.b.c",
    "2026-03-02T21:30:00Z",
    "GEZDGNBVGY3TQOJQ",
    "\u{0}é+&=%",
];
const NAMES: [&str; 20] = [
    "Identity",
    "FriendlyName",
    "FactorType",
    "Binding.Alg",
    "Binding.PublicKey",
    "Binding.Secret",
    "Config.AppId",
    "Config.NotificationPlatform",
    "Config.NotificationToken",
    "Config.SdkVersion",
    "Config.TimeStep",
    "Config.Skew",
    "Config.CodeLength",
    "Config.Alg",
    "Metadata",
    "AuthPayload",
    "ExpirationDate",
    "Details.Message",
    "Details.Fields",
    "HiddenDetails",
];

#[test]
fn no_form_is_too_strange_at_any_time() {
    let runtime = runtime();
    let form = prop::collection::vec((select(&NAMES[..]), select(&VALUES[..])), 0..8);
    let dates = select(vec![
        DateTime::<Utc>::MIN_UTC,
        DateTime::UNIX_EPOCH,
        crate::support::now(),
        DateTime::<Utc>::MAX_UTC,
    ]);
    let request = (0..6_usize, form, dates);
    let config = ProptestConfig::with_cases(24);
    proptest!(config, |(requests in prop::collection::vec(request, 1..40))| {
        runtime.block_on(async {
            let api = Api::start().await;
            let service = api.service(&[]).await;
            let entity = format!("{service}/Entities/customer-4f1d27a0");
            let form = [("FriendlyName", "App"), ("FactorType", "totp")];
            let factor = api.post(&format!("{entity}/Factors"), &form).await.created();
            let factor_sid = factor["sid"].as_str().unwrap();
            for (operation, form, date) in &requests {
                let path = match operation {
                    0 => format!("{service}/Entities"),
                    1 => format!("{entity}/Factors"),
                    2 => format!("{entity}/Factors/{factor_sid}"),
                    3 => format!("{entity}/Challenges"),
                    4 => format!("{service}/AccessTokens"),
                    _ => format!("{entity}/Challenges/YC00000000000000000000000000000000"),
                };
                api.clock.set(*date);
                let mut form = form.clone();
                form.push(("FactorSid", factor_sid));
                // `Api` checks every response against the document.
                let reply = api.post(&path, &form).await;
                prop_assert!(reply.status < 500, "{:?}", reply.body);
                let list = api.get(&format!("{entity}/Challenges")).await;
                prop_assert_eq!(list.status, 200);
            }
            Ok(())
        })?;
    });
}
