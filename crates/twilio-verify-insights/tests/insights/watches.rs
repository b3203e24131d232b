//! Watches of an emulator whose clock runs.

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use tokio::sync::OnceCell;
use twilio_verify_emulator::{Emulator, Fault, Truth};
use twilio_verify_insights::{
    Calls, Costs, EpisodeEvent, EpisodeState, FindingCell, FindingKind, History, Observation, Scale,
};

use crate::watched::{MINUTE, Seen, Watched};

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

/// A day with an attack, looked at each minute, under faults.
async fn day(faults: &str) -> (Seen, Truth) {
    let builder = Emulator::builder().faults(Fault::parse_all(faults).unwrap());
    let watched = Watched::start(3_000, builder, PUMPING).await;
    let truth = watched.truth();
    let mut watcher = watched.watch().build();
    let seen = watched.run(&mut watcher, 24 * 60, MINUTE).await;
    is_found(&seen, &truth);
    is_about(seen.only().2, &truth);
    (seen, truth)
}

/// The day without faults: two tests need it.
async fn calm_day() -> &'static Seen {
    static DAY: OnceCell<Seen> = OnceCell::const_new();
    DAY.get_or_init(async || day("").await.0).await
}

#[tokio::test]
async fn a_day_with_an_attack_takes_one_call_a_minute() {
    let seen = calm_day().await;
    assert_eq!((seen.calls.len(), seen.failed), (24 * 60, 0));
    // The first look reads the history: 3,000 attempts of a month, without the day that is to come.
    assert!(seen.calls[0] <= 3, "{:?}", seen.calls);
    assert!(seen.calls[1..].iter().all(|calls| *calls == 1), "{:?}", seen.calls);
}

#[tokio::test]
async fn a_day_with_faults_has_the_same_findings() {
    let (with, _) = day("*:503=0.05; *:429=0.02,retry-after=1").await;
    let without = calm_day().await;
    // The client sends nothing again here, so that looks fail.
    assert!(with.failed > 50, "{}", with.failed);
    assert_eq!(findings(&with), findings(without));
    assert_eq!(sums(&with), sums(without));
    assert!(with.calls[20..].iter().all(|calls| *calls <= 2), "{:?}", with.calls);
}

/// What is found at all, in order.
fn findings(seen: &Seen) -> Vec<(EpisodeState, FindingKind, FindingCell, DateTime<Utc>)> {
    let of = |(_, event): &(_, EpisodeEvent)| {
        let finding = &event.finding;
        (event.state, finding.kind, finding.cell.clone(), finding.from)
    };
    seen.events.iter().map(of).collect()
}

/// The end of the attack and its sums.
fn sums(seen: &Seen) -> (DateTime<Utc>, u64, u64, Costs, f64) {
    let finding = seen.only().2.finding.clone();
    (finding.to, finding.attempts, finding.converted, finding.waste, finding.excess.round())
}

/// The begin of another attack, so that less time is needed.
const SOON: &str = "pumping prefix=+99899394 start=1h for=1h rate=600/h";

#[tokio::test]
async fn prices_that_come_late_are_read_when_it_is_over_and_when_they_are_final() {
    for minutes in [75, 1200] {
        let delay = std::time::Duration::from_secs(minutes * 60);
        let builder = Emulator::builder().price_delay(delay);
        let watched = Watched::start(2_000, builder, SOON).await;
        let truth = watched.truth();
        let mut watcher = watched.watch().build();
        watcher.start(watched.begin).await.unwrap();
        let seen = watched.run(&mut watcher, 190, MINUTE).await;
        is_found(&seen, &truth);
        let (_, started, ended) = seen.only();
        assert!(started.finding.unpriced > 0 && started.finding.to_string().contains("about"));
        assert!(ended.finding.unpriced > 0);
        // Most of them have a price by then.
        if minutes == 75 {
            is_about(ended, &truth);
        }
        let later = watched.run(&mut watcher, 24 * 2, TimeDelta::minutes(30)).await;
        let settled = later.events.iter().filter(|(_, one)| one.state == EpisodeState::Settled);
        let [(at, settled)] = settled.collect::<Vec<_>>()[..] else {
            panic!("one: {:?}", later.events)
        };
        assert!(*at - truth.to <= TimeDelta::hours(26));
        assert_eq!((settled.id, settled.finding.unpriced), (started.id, 0));
        is_about(settled, &truth);
        let more: u64 = seen.calls.iter().chain(&later.calls).map(|calls| calls - 1).sum();
        assert!((2..=60).contains(&more), "{more}");
    }
}

#[tokio::test]
async fn faults_change_no_finding() {
    let run = async |faults: &str| {
        let builder = Emulator::builder().faults(Fault::parse_all(faults).unwrap());
        let watched = Watched::start(2_000, builder, SOON).await;
        let mut watcher = watched.watch().build();
        let seen = watched.run(&mut watcher, 190, MINUTE).await;
        is_found(&seen, &watched.truth());
        is_about(seen.only().2, &watched.truth());
        seen
    };
    let (without, with) =
        tokio::join!(run(""), run("*:503=0.05; *:429=0.02,retry-after=1; *:close=0.02"));
    assert!(without.failed == 0 && with.failed >= 5, "{}", with.failed);
    assert_eq!(findings(&without), findings(&with));
    assert_eq!(sums(&without), sums(&with));
    // The history is one look's.
    assert!(with.calls[20..].iter().all(|calls| *calls <= 1), "{:?}", with.calls);
}

#[tokio::test]
async fn an_outage_of_the_network_is_made_up_for() {
    let watched = Watched::start(2_000, Emulator::builder(), SOON).await;
    let mut watcher = watched.watch().build();
    assert_eq!(watched.run(&mut watcher, 30, MINUTE).await.failed, 0);
    let id = watched.emulator.faults().add("*:503".parse().unwrap()).unwrap();
    assert_eq!(watched.run(&mut watcher, 60, MINUTE).await.failed, 60);
    watched.emulator.faults().remove(id);
    let seen = watched.run(&mut watcher, 95, MINUTE).await;
    let (at, started, ended) = seen.only();
    assert_eq!(at, watched.begin + TimeDelta::minutes(91));
    assert_eq!(started.finding.cell.prefix.as_str(), Some("+99899394"));
    is_about(ended, &watched.truth());
    assert!(seen.calls.iter().all(|calls| *calls == 1));
}

#[tokio::test]
async fn the_budget_of_the_history_is_kept_and_said() {
    let watched = Watched::start(6_000, Emulator::builder(), "").await;
    let mut watcher = watched.watch().budget(Calls(2)).build();
    let started = watcher.start(watched.begin).await.unwrap();
    assert_eq!((started.calls, started.listed, watcher.calls()), (2, 2_000, 2));
    let missing = started.missing.unwrap();
    assert_eq!(missing.from(), watched.begin - TimeDelta::days(28));
    assert_eq!(missing.to(), started.from);
    assert!(watched.begin - started.from < TimeDelta::days(12));
    // Asked again, it does nothing.
    assert_eq!(watcher.start(watched.begin + MINUTE).await.unwrap(), started);
    assert_eq!(watcher.calls(), 2);
    assert_eq!(watched.run(&mut watcher, 2, MINUTE).await.calls, [1, 1]);
}

#[tokio::test]
async fn a_history_that_fails_half_way_goes_on() {
    let builder = Emulator::builder()
        .fault("ListVerificationAttempt:503,on=3".parse().unwrap())
        .fault("ListVerificationAttempt:503,on=5".parse().unwrap());
    let watched = Watched::start(6_000, builder, "").await;
    let mut watcher = watched.watch().build();
    for _ in 0..2 {
        assert!(watcher.tick(watched.begin).await.is_err());
    }
    let started = watcher.start(watched.begin).await.unwrap();
    assert_eq!(started.missing, None);
    // Some of a second twice.
    let month = TimeDelta::days(28);
    let all = watched.client.attempts().list().created_after(watched.begin - month).page_size(1000);
    let mut all = all.items();
    let mut count = 0;
    while all.try_next().await.unwrap().is_some() {
        count += 1;
    }
    assert!((count..count + 20).contains(&started.listed), "{} {count}", started.listed);
    assert!(started.calls <= count.div_ceil(1000) + 4, "{}", started.calls);
}

/// Attempts of the last hours before an instant, N a minute, of which three in four convert.
fn usual(until: DateTime<Utc>, a_minute: i64) -> History {
    let from = until - TimeDelta::hours(2);
    let mut history = History::new().known_from(from);
    for number in 0..a_minute * 120 {
        let created = from + TimeDelta::milliseconds(number * 60_000 / a_minute);
        let mut observation = Observation::new(format!("VL{number}"), created).to("+12025550123");
        observation.country = "US".into();
        observation.channel = "sms".into();
        observation.converted = Some(number % 4 != 0);
        observation.updated = Some(created + TimeDelta::seconds(10 + number % 80));
        observation.price = Some(("USD".parse().unwrap(), Decimal::new(79, 4)));
        history.record(observation);
    }
    history
}

/// The finding of an attack, the only one: when it was reported.
fn reported(seen: &Seen) -> DateTime<Utc> {
    let attacks = seen.events.iter().filter(|(_, event)| event.finding.kind.is_attack());
    let [(at, event)] = attacks.collect::<Vec<_>>()[..] else { panic!("one: {:?}", seen.events) };
    assert_eq!(event.finding.kind, FindingKind::Pumping);
    assert_eq!(event.finding.cell.country.as_str(), Some("UZ"));
    *at
}

#[tokio::test]
async fn a_busy_account_is_listed_late_and_nothing_is_missed() {
    let busy = "launch prefix=+1202555 start=-20m for=1h rate=500/m";
    let builder = Emulator::builder().scenario(busy.parse().unwrap());
    let attack = "pumping prefix=+99899394 start=10m for=30m rate=20/m";
    let watched = Watched::start(0, builder, attack).await;
    let history = usual(watched.begin, 500);
    let mut watcher = watched.watch().history(history, watched.begin).build();
    // The gap alone, though it takes some calls.
    assert!((5..=7).contains(&watcher.start(watched.begin).await.unwrap().calls));
    let seen = watched.run(&mut watcher, 25, MINUTE).await;
    assert!(seen.calls.iter().all(|calls| *calls <= 1), "{:?}", seen.calls);
    assert!(seen.scales.iter().all(|scale| *scale == Scale::Delayed), "{:?}", seen.scales);
    assert!(reported(&seen) - watched.begin <= TimeDelta::minutes(16), "{:?}", seen.events);
}

#[tokio::test]
async fn a_large_account_is_counted_and_listed_while_it_is_unusual() {
    let busy = "launch prefix=+1202555 start=-20m for=1h rate=1200/m";
    let builder = Emulator::builder().scenario(busy.parse().unwrap());
    let attack = "pumping prefix=+99899394 start=10m for=15m rate=400/m";
    let watched = Watched::start(0, builder, attack).await;
    let history = usual(watched.begin, 1200);
    let mut watcher = watched.watch().history(history, watched.begin).build();
    watcher.start(watched.begin).await.unwrap();
    let seen = watched.run(&mut watcher, 30, MINUTE).await;
    assert!(seen.scales.iter().all(|scale| *scale == Scale::Large), "{:?}", seen.scales);
    assert!(reported(&seen) - watched.begin <= TimeDelta::minutes(15), "{:?}", seen.events);
    // One a minute until it begins, and a few more since then.
    assert!(seen.calls[..10].iter().all(|calls| *calls == 1), "{:?}", seen.calls);
    let more: u64 = seen.calls.iter().map(|calls| calls - 1).sum();
    assert!((1..=60).contains(&more), "{:?}", seen.calls);
}
