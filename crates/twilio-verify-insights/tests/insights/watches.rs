//! Watches of an emulator whose clock runs.

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use twilio_verify::{Client, RetryPolicy};
use twilio_verify_emulator::{Emulator, EmulatorBuilder, Fault, ManualClock, Truth, sample};
use twilio_verify_insights::{
    Calls, EpisodeEvent, EpisodeState, FindingKind, Scale, Watch, WatchExt, Watcher,
};

use crate::support::now;

const MINUTE: TimeDelta = TimeDelta::minutes(1);

/// An account that is watched.
struct Watched {
    emulator: Emulator,
    clock: ManualClock,
    client: Client,
    begin: DateTime<Utc>,
}

/// What became of the looks.
#[derive(Default)]
struct Seen {
    events: Vec<(DateTime<Utc>, EpisodeEvent)>,
    /// The calls of each look, by the emulator's log.
    calls: Vec<u64>,
    failed: u64,
}

impl Watched {
    /// With a month of attempts, of which the last day is to come, and what is injected.
    async fn start(attempts: usize, builder: EmulatorBuilder, inject: &str) -> Self {
        let begin = now() - TimeDelta::days(1);
        let clock = ManualClock::at(begin);
        let builder = builder
            .clock(clock.clone())
            .attempts(sample(7, now(), attempts))
            .as_of_clock(true)
            .summary_limit(None)
            .attempts_limit(None);
        let builder = match inject {
            "" => builder,
            text => builder.scenario(text.parse().unwrap()),
        };
        let emulator = builder.start().await.unwrap();
        let client = Client::builder()
            .credentials(emulator.credentials())
            .base_url(emulator.url())
            .retry(RetryPolicy::never())
            .no_documented_limits()
            .build()
            .unwrap();
        Self { emulator, clock, client, begin }
    }

    fn watch(&self) -> Watch {
        self.client.attempts().watch()
    }

    fn truth(&self) -> Truth {
        self.emulator.truth().swap_remove(0)
    }

    /// How many requests there were: the log holds the last ones.
    fn logged(&self, last: &mut Option<String>) -> u64 {
        let requests = self.emulator.requests();
        let new = requests.iter().rev().take_while(|one| Some(one.id()) != last.as_deref());
        let count = new.count() as u64;
        *last = requests.last().map(|one| one.id().to_owned());
        assert!(count < 1000, "too many requests to count");
        count
    }

    /// Looks each minute.
    async fn run(&self, watcher: &mut Watcher, minutes: u32) -> Seen {
        let mut seen = Seen::default();
        let mut last = None;
        self.logged(&mut last);
        for _ in 0..minutes {
            self.clock.advance(MINUTE);
            let now = twilio_verify_emulator::Clock::now(&self.clock);
            match watcher.tick(now).await {
                Ok(look) => seen.events.extend(look.events.into_iter().map(|event| (now, event))),
                Err(_) => seen.failed += 1,
            }
            seen.calls.push(self.logged(&mut last));
        }
        seen
    }
}

impl Seen {
    /// The only episode: when it was reported and how it began, and how it ended.
    fn only(&self) -> (DateTime<Utc>, &EpisodeEvent, &EpisodeEvent) {
        let of = |state| self.events.iter().filter(move |(_, event)| event.state == state);
        let [(at, started)] = of(EpisodeState::Started).collect::<Vec<_>>()[..] else {
            panic!("one: {:?}", self.events)
        };
        let [(_, ended)] = of(EpisodeState::Ended).collect::<Vec<_>>()[..] else {
            panic!("one: {:?}", self.events)
        };
        (*at, started, ended)
    }
}

/// Asserts that a cost is within 5 % of the truth.
fn is_about(event: &EpisodeEvent, truth: &Truth) {
    let found = event.finding.waste.get("USD").unwrap().sum;
    let truth = truth.cost[0].value;
    assert!((found - truth).abs() <= truth * Decimal::new(5, 2), "{found} of {truth}");
}

const PUMPING: &str = "pumping prefix=+99899394 start=9h for=4h rate=600/h";

/// What must be found of it, whatever else happens.
fn is_found(seen: &Seen, truth: &Truth) {
    let (at, started, ended) = seen.only();
    assert_eq!(started.finding.kind, FindingKind::Pumping);
    let prefix = started.finding.cell.prefix.as_str().unwrap();
    assert!(truth.prefix.as_deref().unwrap().starts_with(prefix) && prefix.len() >= 5, "{prefix}");
    assert_eq!(started.finding.cell.country.as_str(), Some("UZ"));
    assert!(at - truth.from <= TimeDelta::minutes(5), "{at}");
    assert_eq!(ended.finding.cell.prefix.as_str(), truth.prefix.as_deref());
    assert!((ended.finding.from - truth.from).abs() <= TimeDelta::minutes(5));
    assert!((ended.finding.to - truth.to).abs() <= TimeDelta::minutes(5));
}

#[tokio::test]
async fn a_day_with_an_attack_takes_one_call_a_minute() {
    let watched = Watched::start(40_000, Emulator::builder(), PUMPING).await;
    let truth = watched.truth();
    let mut watcher = watched.watch().build();
    let started = watcher.start(watched.begin).await.unwrap();
    assert_eq!(started.missing, None);
    assert_eq!((started.calls, watcher.calls()), (started.listed.div_ceil(1000), started.calls));
    let seen = watched.run(&mut watcher, 24 * 60).await;
    for (at, event) in &seen.events {
        println!("{at} {:?} {} ({})", event.state, event.finding, event.finding.unpriced);
    }
    is_found(&seen, &truth);
    let (_, _, ended) = seen.only();
    is_about(ended, &truth);
    assert!(seen.calls.iter().all(|calls| *calls == 1), "prices are known: {:?}", seen.calls);
}
