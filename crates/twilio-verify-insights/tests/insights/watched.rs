//! An emulator whose clock runs, and what a watcher sees of it.

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify::{Client, RetryPolicy};
use twilio_verify_emulator::{Clock, Emulator, EmulatorBuilder, ManualClock, Truth, sample};
use twilio_verify_insights::{EpisodeEvent, EpisodeState, Scale, Watch, WatchExt, Watcher};

use crate::support::now;

pub(crate) const MINUTE: TimeDelta = TimeDelta::minutes(1);

/// An account that is watched.
pub(crate) struct Watched {
    pub(crate) emulator: Emulator,
    pub(crate) clock: ManualClock,
    pub(crate) client: Client,
    pub(crate) begin: DateTime<Utc>,
}

/// What became of the looks.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) events: Vec<(DateTime<Utc>, EpisodeEvent)>,
    /// The calls of each look, by the emulator's log.
    pub(crate) calls: Vec<u64>,
    pub(crate) scales: Vec<Scale>,
    pub(crate) failed: u64,
}

impl Watched {
    /// With a month of attempts, of which the last day is to come, and what is injected.
    pub(crate) async fn start(attempts: usize, builder: EmulatorBuilder, inject: &str) -> Self {
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

    pub(crate) fn watch(&self) -> Watch {
        self.client.attempts().watch()
    }

    pub(crate) fn truth(&self) -> Truth {
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

    /// Looks again and again.
    pub(crate) async fn run(&self, watcher: &mut Watcher, looks: u32, step: TimeDelta) -> Seen {
        let mut seen = Seen::default();
        let mut last = None;
        self.logged(&mut last);
        for _ in 0..looks {
            self.clock.advance(step);
            let now = self.clock.now();
            match watcher.tick(now).await {
                Ok(look) => {
                    seen.events.extend(look.events.into_iter().map(|event| (now, event)));
                    seen.scales.push(look.scale);
                }
                Err(_) => seen.failed += 1,
            }
            seen.calls.push(self.logged(&mut last));
        }
        seen
    }
}

impl Seen {
    /// The only attack: when it was reported and how it began, and how it ended.
    pub(crate) fn only(&self) -> (DateTime<Utc>, &EpisodeEvent, &EpisodeEvent) {
        let of = |state| {
            let attacks = self.events.iter().filter(|(_, event)| event.finding.kind.is_attack());
            attacks.filter(move |(_, event)| event.state == state)
        };
        let [(at, started)] = of(EpisodeState::Started).collect::<Vec<_>>()[..] else {
            panic!("one: {:?}", self.events)
        };
        let [(_, ended)] = of(EpisodeState::Ended).collect::<Vec<_>>()[..] else {
            panic!("one: {:?}", self.events)
        };
        (*at, started, ended)
    }
}
