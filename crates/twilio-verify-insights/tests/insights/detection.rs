//! What a detector finds, and what it does not.

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use twilio_verify_insights::{Counts, Detector, FindingKind, History, Hours, Observation};

use crate::attempts::{COUNTRIES, Random, attempt, history, now, pumped, usual};

#[test]
fn an_attack_is_one_finding_that_names_its_prefix_its_sums_and_its_evidence() {
    let attack = pumped("UZ", "+99899394", 600, 60);
    let history = history(usual(1, 28, 1000).into_iter().chain(attack));
    let findings = Detector::new().look(&history, now());
    assert_eq!(findings.len(), 1, "{findings:?}");
    let finding = &findings[0];
    assert_eq!(finding.kind, FindingKind::Pumping);
    let cell = (&finding.cell.country, &finding.cell.prefix, &finding.cell.channel);
    assert_eq!(cell, (&"UZ".into(), &"+99899394".into(), &"sms".into()));
    assert_eq!((finding.attempts, finding.converted, finding.unpriced), (600, 0, 0));
    assert_eq!(finding.waste.get("USD").unwrap().sum, Decimal::new(600 * 3130, 4));
    assert_eq!(finding.from, now() - TimeDelta::minutes(60));
    assert_eq!(finding.to, now() - TimeDelta::seconds(6));
    assert!(finding.expected < 0.01 && finding.excess > 599.0 && finding.p_value < 1e-9);
    let evidence = &finding.evidence;
    assert_eq!(evidence.adjacent, Some(1.0));
    assert!(evidence.adjacent_by_chance.unwrap() < 0.8);
    assert_eq!(evidence.attempts_per_number, Some(1.0));
    let carrier = evidence.carrier.as_ref().unwrap();
    assert_eq!((&carrier.label, carrier.share), (&"Beeline".into(), 1.0));
    assert_eq!(evidence.price.unwrap().rank, 1);
    assert_eq!(
        finding.to_string(),
        "pumping: UZ +99899394 sms, 2026-03-30T14:20:00Z to 2026-03-30T15:19:54Z: 600 attempts (usual: 0.0), \
         0 converted (0.0 %, usual: 75.3 %); 187.80 USD wasted; 100 % on Beeline; 100 % adjacent numbers"
    );
}

/// Names and types that programs read.
#[test]
fn a_finding_in_json() {
    let attack = pumped("UZ", "+99899394", 600, 60);
    let history = history(usual(1, 28, 200).into_iter().chain(attack));
    let findings = Detector::new().look(&history, now());
    let json = serde_json::to_value(&findings[0]).unwrap();
    let names: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = [
        "kind",
        "cell",
        "within",
        "from",
        "to",
        "attempts",
        "converted",
        "expected",
        "usual_rate",
        "excess",
        "waste",
        "unpriced",
        "p_value",
        "evidence",
    ];
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert_eq!(json["kind"], "pumping");
    let cell = serde_json::json!({"country": "UZ", "channel": "sms", "prefix": "+99899394"});
    assert_eq!(json["cell"], cell);
    assert_eq!(json["from"], "2026-03-30T14:20:00Z");
    assert_eq!(json["waste"]["USD"], serde_json::json!({"sum": "187.8", "priced": 600}));
    assert_eq!(json["evidence"]["carrier"], serde_json::json!({"label": "Beeline", "share": 1.0}));
}

/// A price comes hours later.
#[test]
fn a_price_that_is_not_known_is_estimated_and_said_to_be() {
    let without_price = |mut attempt: Observation| {
        attempt.price = None;
        attempt
    };
    let attack = || pumped("UZ", "+99899394", 100, 60);
    let known = usual(1, 28, 1000);
    // The dearest country costs 0.29.
    let unknown = history(known.clone().into_iter().chain(attack().into_iter().map(without_price)));
    let finding = &Detector::new().look(&unknown, now())[0];
    assert_eq!(finding.waste.get("USD").unwrap().sum, Decimal::new(29, 0));
    assert_eq!(finding.unpriced, 100);
    assert!(finding.to_string().contains("about 29.00 USD wasted"), "{finding}");
    // Some are known: the others cost the same.
    let some = attack().into_iter().enumerate();
    let some =
        some.map(|(index, attempt)| if index < 90 { without_price(attempt) } else { attempt });
    let finding = &Detector::new().look(&history(known.into_iter().chain(some)), now())[0];
    assert_eq!(finding.waste.get("USD").unwrap().sum, Decimal::new(3130, 2));
    assert_eq!(finding.unpriced, 90);
}

#[test]
fn waste_below_the_least_cost_is_no_pumping() {
    let attack = pumped("UZ", "+99899394", 100, 60);
    let history = history(usual(1, 28, 1000).into_iter().chain(attack));
    let kinds = |least: i64| -> Vec<FindingKind> {
        let detector = Detector::new().min_cost(least.into());
        detector.look(&history, now()).iter().map(|finding| finding.kind).collect()
    };
    assert_eq!(kinds(31), [FindingKind::Pumping]);
    assert!(!kinds(32).contains(&FindingKind::Pumping));
}

#[test]
fn an_attack_of_which_a_part_converts_is_masked() {
    let attack =
        pumped("UZ", "+99899394", 300, 60).into_iter().enumerate().map(|(index, mut attempt)| {
            attempt.converted = Some(index % 3 == 1);
            attempt.updated = Some(attempt.created + TimeDelta::seconds(30));
            attempt
        });
    let history = history(usual(1, 28, 1000).into_iter().chain(attack));
    let findings = Detector::new().look(&history, now());
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!((findings[0].kind, findings[0].converted), (FindingKind::Masked, 100));
}

/// So many more attempts as usual that convert as usual.
#[test]
fn more_attempts_that_convert_are_no_attack() {
    let mut random = Random::new(5);
    let (country, prefix, _, rate, price) = COUNTRIES[3];
    let more = (0..2000).map(|number| {
        let created = now() - TimeDelta::seconds(120 * 60 - number * 3);
        let to = format!("{prefix}{:04}", random.below(10_000));
        let converts = random.is(rate) && created + TimeDelta::seconds(30) <= now();
        attempt((8 << 40) + number.unsigned_abs(), created, country, &to, converts, price)
    });
    let history = history(usual(2, 28, 1000).into_iter().chain(more));
    let findings = Detector::new().look(&history, now());
    assert!(findings.iter().all(|finding| finding.kind == FindingKind::Cost), "{findings:?}");
    assert_eq!(findings.len(), 1);
}

#[test]
fn a_country_that_is_new_and_converts_is_a_new_destination() {
    let mut random = Random::new(6);
    let new = (0..60).map(|number| {
        let created = now() - TimeDelta::minutes(300 - 5 * number);
        let to = format!("+50370000{:03}", random.below(1000));
        attempt((8 << 40) + number.unsigned_abs(), created, "SV", &to, number % 4 > 0, 500)
    });
    let history = history(usual(2, 28, 1000).into_iter().chain(new));
    let findings = Detector::new().look(&history, now());
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(
        (findings[0].kind, &findings[0].cell.country),
        (FindingKind::NewDestination, &"SV".into())
    );
}

#[test]
fn attempts_that_do_not_arrive_are_an_outage() {
    let fails = |mut attempt: Observation| {
        if attempt.country.as_str() == Some("US") && attempt.created > now() - TimeDelta::hours(3) {
            attempt.converted = Some(false);
            attempt.undelivered = true;
            attempt.error_code = "30003".into();
        }
        attempt
    };
    let history = history(usual(2, 28, 1000).into_iter().map(fails));
    let findings = Detector::new().look(&history, now());
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(
        (findings[0].kind, &findings[0].cell.country),
        (FindingKind::Delivery, &"US".into())
    );
    assert!(findings[0].waste.is_empty());
}

/// At a false discovery of one in a hundred, not one of these looks finds an attack.
#[test]
fn nothing_is_found_in_noise() {
    for seed in 0..12 {
        let history = history(usual(seed, 28, 1000));
        for minutes in [0, 5, 60, 300, 600, 1000] {
            let findings = Detector::new()
                .min_cost(Decimal::ZERO)
                .look(&history, now() - TimeDelta::minutes(minutes));
            assert!(findings.is_empty(), "{seed}: {findings:?}");
        }
    }
}

#[test]
fn the_order_in_which_attempts_are_recorded_does_not_matter_and_twice_is_once() {
    let attack = pumped("UZ", "+99899394", 100, 60);
    let attempts: Vec<_> = usual(3, 40, 300).into_iter().chain(attack).collect();
    let expected = Detector::new().look(&history(attempts.clone()), now());
    assert_eq!(expected.len(), 1);
    let mut shuffled = attempts.clone();
    let mut random = Random::new(1);
    for index in (1..shuffled.len()).rev() {
        shuffled.swap(index, random.below(index as u64 + 1) as usize);
    }
    let reversed: Vec<_> = attempts.iter().rev().cloned().collect();
    let twice = attempts.iter().chain(&shuffled).cloned().collect();
    for other in [shuffled, reversed, twice] {
        assert_eq!(Detector::new().look(&history(other), now()), expected);
    }
}

/// What is first seen without its end counts as it is in the end.
#[test]
fn a_later_observation_replaces_an_earlier_one() {
    let attempts = usual(4, 28, 500);
    let early = attempts.iter().cloned().map(|mut attempt| {
        attempt.updated = Some(attempt.created);
        attempt.converted = Some(false);
        attempt.price = None;
        attempt
    });
    let expected = Detector::new().look(&history(attempts.clone()), now());
    let both = early.clone().chain(attempts.clone());
    assert_eq!(Detector::new().look(&history(both), now()), expected);
    // The earlier one, again.
    let recent = early.filter(|attempt| now() - attempt.created < TimeDelta::hours(20));
    assert_eq!(
        Detector::new().look(&history(attempts.iter().cloned().chain(recent)), now()),
        expected
    );
}

/// Ten times the traffic and ten times the attack: the same finding.
#[test]
fn it_scales() {
    for scale in [1, 10] {
        let attack = pumped("UZ", "+99899394", 60 * scale, 60);
        let history = history(usual(1, 28, 100 * scale).into_iter().chain(attack));
        let findings = Detector::new().look(&history, now());
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!((findings[0].kind, findings[0].attempts), (FindingKind::Pumping, 60 * scale));
    }
}

/// Fifteen messages a day are too few for a window of a day; in a week they add up.
#[test]
fn a_slow_drip_adds_up() {
    let drip = (0..100_u64).map(|number| {
        let created = now() - TimeDelta::minutes(96 * (100 - number as i64));
        let to = format!("+99899394{:04}", number * 77 % 10_000);
        attempt((9 << 40) + number, created, "UZ", &to, false, 3130)
    });
    let history = history(usual(1, 28, 1000).into_iter().chain(drip));
    let findings = Detector::new().look(&history, now());
    let attacks: Vec<_> = findings.iter().filter(|finding| finding.kind.is_attack()).collect();
    assert_eq!(attacks.len(), 1, "{findings:?}");
    assert_eq!(attacks[0].cell.prefix, "+99899394".into());
    assert!(attacks[0].attempts >= 95, "{}", attacks[0]);
}

/// An attack of two weeks ago is not expected again, once it is left out.
#[test]
fn what_is_left_out_is_not_usual() {
    let earlier = |mut attempt: Observation| {
        attempt.created -= TimeDelta::days(14);
        attempt.updated = None;
        attempt
    };
    let first = || pumped("UZ", "+99899394", 300, 60).into_iter().map(earlier);
    let end = now() - TimeDelta::days(14);
    let all = usual(1, 28, 500);
    let known = |at: DateTime<Utc>| all.clone().into_iter().filter(move |one| one.created < at);
    let mut history = history(known(end).chain(first()));
    let finding = Detector::new().look(&history, end).remove(0);
    assert_eq!(finding.attempts, 300);
    history.leave_out(&finding);
    history.leave_out(&finding);
    let again = pumped("UZ", "+99899394", 100, 60).into_iter().enumerate();
    let again = again.map(|(number, one)| {
        let mut observation = Observation::new(format!("VLagain{number}"), one.created);
        observation.block = one.block;
        (observation.country, observation.channel) = (one.country, one.channel);
        (observation.converted, observation.price) = (one.converted, one.price);
        observation
    });
    let rest = all.iter().filter(|one| one.created >= end).cloned();
    rest.chain(again).for_each(|attempt| history.record(attempt));
    let found = Detector::new().look(&history, now()).remove(0);
    assert_eq!((found.kind, found.attempts, found.expected), (FindingKind::Pumping, 100, 0.0));
}

/// What one look has computed is not used where it no longer holds.
#[test]
fn a_look_does_not_depend_on_earlier_looks() {
    let attack = pumped("UZ", "+99899394", 300, 60);
    let attempts: Vec<_> = usual(1, 28, 300).into_iter().chain(attack).collect();
    let mut random = Random::new(3);
    let mut order = attempts.clone();
    for index in (1..order.len()).rev() {
        order.swap(index, random.below(index as u64 + 1) as usize);
    }
    let detector = Detector::new();
    let mut looked = history([]);
    for (number, attempt) in order.into_iter().enumerate() {
        looked.record(attempt);
        if number % 500 == 0 {
            detector.look(&looked, now() - TimeDelta::hours(number as i64 % 7));
        }
    }
    assert_eq!(detector.look(&looked, now()), detector.look(&history(attempts), now()));
}

#[test]
fn no_debug_output_has_a_number() {
    let attempt = Observation::new("VL1", now()).to("+998993947531");
    assert_eq!(attempt.block.as_str(), Some("+99899394"));
    let history = history(vec![attempt.clone()]);
    for shown in [format!("{attempt:?}"), format!("{history:?}")] {
        assert!(!shown.contains("7531"), "{shown}");
    }
}

#[test]
fn odd_input_is_taken_as_it_is() {
    let detector = Detector::new().weeks(0).false_discovery(f64::NAN);
    for now in [now(), DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC, DateTime::UNIX_EPOCH] {
        assert_eq!(detector.look(&History::new(), now), []);
        assert!(detector.is_calm(
            &History::new(),
            now,
            TimeDelta::MAX,
            &Counts::new(u64::MAX, 0, 0)
        ));
    }
    let mut odd = vec![
        Observation::new("", DateTime::<Utc>::MIN_UTC),
        Observation::new("VL1", DateTime::<Utc>::MAX_UTC),
        Observation::new("VL1", DateTime::UNIX_EPOCH),
    ];
    for (index, number) in
        ["", "+", "1", "+1234", "+12345", "user@example.com", "+999999999999999"].iter().enumerate()
    {
        let mut attempt =
            Observation::new(format!("VLodd{index}"), now() + TimeDelta::days(index as i64))
                .to(number);
        attempt.last_four = Some(u16::MAX.into());
        attempt.price = Some(("USD".parse().unwrap(), Decimal::MAX));
        odd.push(attempt);
    }
    // They hide no attack.
    let attack = pumped("UZ", "+99899394", 300, 60);
    let attempts = usual(1, 28, 500).into_iter().chain(attack).chain(odd.clone());
    let findings = Detector::new().look(&history(attempts), now());
    assert_eq!(findings.iter().filter(|finding| finding.kind == FindingKind::Pumping).count(), 1);
    let alone = history(odd);
    for now in
        [now(), DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC, now() + TimeDelta::days(400)]
    {
        let _ = Detector::new().look(&alone, now);
    }
}

#[test]
fn a_total_within_its_band_is_calm() {
    let history = history(usual(1, 28, 2000));
    let usual = 2000 / 24;
    let hour = TimeDelta::hours(1);
    let calm = |attempts: u64, converted: u64| {
        let total = Counts::new(attempts, converted, attempts - converted);
        Detector::new().is_calm(&history, now(), hour, &total)
    };
    // By day, a sixth more than the mean.
    let usual = usual * 8 / 7;
    assert!(calm(usual, usual * 74 / 100));
    assert!(!calm(2 * usual, 2 * usual * 74 / 100));
    assert!(!calm(usual + 60, usual * 74 / 100));
    assert!(!calm(usual, usual / 2));
    assert!(calm(usual * 9 / 10, usual * 9 / 10 * 80 / 100));
}

#[test]
fn what_is_usual_in_an_hour_follows_the_week() {
    let begin = now() - TimeDelta::days(28);
    let mut hours = Hours::default();
    for hour in 0..28 * 24 {
        let at = begin + TimeDelta::hours(hour);
        // Nothing at night, half as much on Saturdays and Sundays.
        let weekend =
            matches!(chrono::Datelike::weekday(&at), chrono::Weekday::Sat | chrono::Weekday::Sun);
        let busy = (8..20).contains(&chrono::Timelike::hour(&at));
        let attempts = if busy { if weekend { 50 } else { 100 } } else { 0 };
        hours.add(at, attempts, attempts * 3 / 4);
    }
    let expected = |days: i64, hour: i64| {
        let from = chrono::DurationRound::duration_trunc(now(), TimeDelta::days(1)).unwrap();
        let from = from + TimeDelta::days(days) + TimeDelta::hours(hour);
        hours.expected(None, begin, from, from + TimeDelta::hours(1), 4).unwrap()
    };
    for (days, hour, attempts) in
        [(1, 12, 100.0), (1, 3, 0.0), (5, 12, 50.0), (6, 12, 50.0), (7, 12, 100.0)]
    {
        let found = expected(days, hour);
        let near = 5.0;
        assert!((found.attempts - attempts).abs() <= near, "{days} {hour}: {found:?}");
        assert!((found.rate - 0.75).abs() < 0.01 && found.dispersion >= 1.0);
    }
    // Nothing is known.
    let before = begin - TimeDelta::days(1);
    assert_eq!(Hours::default().expected(None, before, before, before, 4), None);
}
