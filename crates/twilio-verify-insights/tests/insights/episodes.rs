//! An attack over successive looks.

use chrono::TimeDelta;
use twilio_verify_insights::{Detector, EpisodeState, Episodes, FindingKind, History};

use crate::attempts::{history, now, pumped, usual};

/// Plays an attack minute by minute, from an hour before [`now`] to two hours after it.
#[test]
fn an_attack_starts_within_minutes_and_ends_once_with_all_of_its_sums() {
    let attack = pumped("UZ", "+99899394", 1200, 60);
    let mut later = attack.iter().peekable();
    let mut history: History = history(usual(1, 28, 500));
    let mut episodes = Episodes::new();
    let detector = Detector::new();
    let mut events = Vec::new();
    for minute in -60..120 {
        let at = now() + TimeDelta::minutes(minute);
        while let Some(attempt) = later.next_if(|attempt| attempt.created <= at) {
            history.record(attempt.clone());
        }
        let findings = detector.look(&history, at);
        events.extend(episodes.update(findings, at).into_iter().map(|event| (minute, event)));
        let open = episodes.open().count();
        assert!(
            open <= 1,
            "{:?}",
            episodes.open().map(|(_, finding)| finding.to_string()).collect::<Vec<_>>()
        );
    }
    let attacks: Vec<_> =
        events.iter().filter(|(_, event)| event.finding.kind.is_attack()).collect();
    let [(began, started), (ended, over)] = attacks[..] else {
        panic!("{events:?}");
    };
    assert!((-60..=-57).contains(began), "{began}");
    assert_eq!((started.id, started.state), (over.id, EpisodeState::Started));
    assert_eq!(over.state, EpisodeState::Ended);
    assert!((59..=61).contains(ended), "{ended}");
    assert_eq!((over.finding.kind, over.finding.attempts), (FindingKind::Pumping, 1200));
    assert_eq!(over.finding.from, now() - TimeDelta::minutes(60));
    assert_eq!(over.finding.waste.get("USD").unwrap().sum.to_string(), "375.6");
    assert_eq!(episodes.open().count(), 0);
    let json = serde_json::to_value(over).unwrap();
    assert_eq!(
        (&json["id"], &json["state"], &json["kind"]),
        (&1.into(), &"ended".into(), &"pumping".into())
    );
}

#[test]
fn how_long_it_is_quiet_before_the_end_is_a_setting() {
    let history = history(usual(1, 28, 500).into_iter().chain(pumped("UZ", "+99899394", 600, 60)));
    let detector = Detector::new();
    for quiet in [0, 10, 90] {
        let mut episodes = Episodes::new().quiet(TimeDelta::minutes(quiet));
        let ended = (0..200).find(|minute| {
            let at = now() + TimeDelta::minutes(*minute);
            let events = episodes.update(detector.look(&history, at), at);
            events.iter().any(|event| event.state == EpisodeState::Ended)
        });
        assert_eq!(ended, Some(quiet), "{quiet}");
    }
}
