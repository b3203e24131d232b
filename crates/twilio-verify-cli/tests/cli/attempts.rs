//! Filters and paging.

use chrono::{SecondsFormat, TimeDelta, Utc};
use serde_json::Value;
use twilio_verify_emulator::{
    Attempt, Channel, ConversionStatus, Emulator, SAMPLE_SERVICES, sample,
};

use crate::support::{NUMBER, Server, attempt, attempts, json, now, stdout};

fn total(server: &Server, filters: &[&str]) -> Value {
    let mut command = server.command();
    command.args(["attempts", "summary", "-o", "json"]).args(filters);
    json(&mut command)["total_attempts"].clone()
}

fn sids(server: &Server, arguments: &[&str]) -> Vec<String> {
    let mut command = server.command();
    command.args(["attempts", "list", "-o", "json"]).args(arguments);
    let value = json(&mut command);
    let attempts = value["attempts"].as_array().unwrap();
    let sid = |attempt: &Value| attempt["sid"].as_str().unwrap().to_owned();
    attempts.iter().map(sid).collect()
}

type Filter<'a> = (Vec<&'a str>, &'a dyn Fn(&Attempt) -> bool);

#[test]
fn every_filter_reaches_the_api() {
    let all = sample(7, now(), 400);
    let server = Server::of_sample(400);
    let service = SAMPLE_SERVICES[1].to_string();
    let verification = all[0].verification_sid.to_string();
    let to = all[0].channel_data.to.clone().unwrap();
    let middle = now() - TimeDelta::days(10);
    let rfc3339 = middle.to_rfc3339_opts(SecondsFormat::Secs, true);
    let rfc2822 = middle.to_rfc2822();
    let country = |attempt: &Attempt| attempt.channel_data.country == Some("CO".parse().unwrap());

    let both: [Filter<'_>; 7] = [
        (vec!["--verify-service-sid", &service], &|attempt| {
            attempt.service_sid == SAMPLE_SERVICES[1]
        }),
        (vec!["--date-created-after", &rfc3339], &|attempt| attempt.date_created >= middle),
        (vec!["--date-created-before", &rfc2822], &|attempt| attempt.date_created < middle),
        (
            vec!["--date-created-after", "2026-02-20", "--date-created-before", "2026-02-21"],
            &|attempt| attempt.date_created.date_naive().to_string() == "2026-02-20",
        ),
        (vec!["--country", "co"], &country),
        (vec!["--channel", "WhatsApp"], &|attempt| attempt.channel == Channel::Whatsapp),
        (vec!["--country", "CO", "--channel", "sms"], &|attempt| {
            country(attempt) && attempt.channel == Channel::Sms
        }),
    ];
    let list_only: [Filter<'_>; 5] = [
        (vec!["--status", "converted"], &|attempt| {
            attempt.conversion_status == ConversionStatus::Converted
        }),
        (vec!["--verification-sid", &verification], &|attempt| {
            attempt.verification_sid == all[0].verification_sid
        }),
        (vec!["--channel-data.to", &to], &|attempt| attempt.channel_data.to == Some(to.clone())),
        (vec!["--channel-data-to", &to], &|attempt| attempt.channel_data.to == Some(to.clone())),
        (vec!["--to", &to], &|attempt| attempt.channel_data.to == Some(to.clone())),
    ];
    let matching = |wanted: &dyn Fn(&Attempt) -> bool| {
        let matching = all.iter().filter(|attempt| wanted(attempt));
        matching.map(|attempt| attempt.sid.to_string()).collect::<Vec<_>>()
    };
    for (flags, wanted) in &both {
        let expected = matching(*wanted);
        assert!(!expected.is_empty() && expected.len() < all.len(), "{flags:?}");
        assert_eq!(total(&server, flags), expected.len(), "{flags:?}");
    }
    for (flags, wanted) in both.iter().chain(&list_only) {
        let arguments: Vec<&str> = flags.iter().copied().chain(["--no-limit"]).collect();
        assert_eq!(sids(&server, &arguments), matching(*wanted), "{flags:?}");
    }

    let prefix = "+5730";
    let expected = all.iter().filter(|attempt| {
        let to = attempt.channel_data.to.as_deref();
        to.is_some_and(|to| to.starts_with(prefix))
    });
    assert_eq!(total(&server, &["--destination-prefix", prefix]), expected.count());
}

#[test]
fn a_relative_date_counts_back_from_now() {
    let server = Server::start(Emulator::builder().attempts([
        attempt(1, Utc::now() - TimeDelta::minutes(20)),
        attempt(2, Utc::now() - TimeDelta::hours(5)),
        attempt(3, Utc::now() - TimeDelta::days(3)),
        attempt(4, Utc::now() - TimeDelta::days(10)),
    ]));
    for (ago, expected) in [("30m", 1), ("12h", 2), ("7d", 3), ("2w", 4)] {
        assert_eq!(total(&server, &["--date-created-after", ago]), expected, "{ago}");
        assert_eq!(total(&server, &["--date-created-before", ago]), 4 - expected, "{ago}");
    }
}

#[test]
fn the_filters_of_a_summary_are_shown() {
    let server = Server::of_sample(10);
    let service = SAMPLE_SERVICES[0].to_string();
    let text = stdout(server.command().args([
        "attempts",
        "summary",
        "--verify-service-sid",
        &service,
        "--date-created-after",
        "2026-02-01T02:00:00+02:00",
        "--country",
        "co",
        "--channel",
        "SMS",
        "--destination-prefix",
        "+57",
    ]));
    for shown in [&*service, "2026-02-01T00:00:00Z", "CO (Colombia)", "sms", "+57"] {
        assert!(text.contains(shown), "{text}");
    }
    let text = stdout(server.command().args(["attempts", "summary"]));
    assert!(text.contains("all attempts"), "{text}");
}

#[test]
fn a_list_is_read_page_by_page_up_to_its_limit() {
    let server = Server::start(
        Emulator::builder()
            .clock(twilio_verify_emulator::ManualClock::at(now()))
            .attempts(attempts(130)),
    );
    let all: Vec<String> = attempts(130).iter().map(|attempt| attempt.sid.to_string()).collect();
    let requests = || server.emulator.requests().len();
    for (arguments, expected, pages) in [
        (vec!["--limit", "120", "--page-size", "50"], 120, 3),
        (vec!["--limit", "100", "--page-size", "50"], 100, 2),
        (vec!["--limit", "1"], 1, 1),
        (vec!["--limit", "120"], 120, 1),
        (vec![], 50, 1),
        (vec!["--page-size", "20"], 50, 3),
        (vec!["--no-limit"], 130, 1),
        (vec!["--no-limit", "--page-size", "65"], 130, 2),
        (vec!["--limit", "1000"], 130, 1),
    ] {
        let before = requests();
        assert_eq!(sids(&server, &arguments), all[..expected], "{arguments:?}");
        assert_eq!(requests() - before, pages, "{arguments:?}");
    }
}

#[test]
fn a_list_that_was_cut_by_default_says_so() {
    let server = Server::start(
        Emulator::builder()
            .clock(twilio_verify_emulator::ManualClock::at(now()))
            .attempts(attempts(51)),
    );
    let stderr = |arguments: &[&str]| {
        let mut command = server.command();
        let output = command.args(["attempts", "list"]).args(arguments).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(stderr(&[]).contains("--no-limit"));
    assert!(stderr(&["--page-size", "100"]).contains("--no-limit"));
    for arguments in [
        &["--limit", "50"][..],
        &["--no-limit"],
        &["--country", "DE"],
        &["--date-created-before", "2026-03-02T20:50:00Z"],
    ] {
        assert_eq!(stderr(arguments), "", "{arguments:?}");
    }
}

#[test]
fn the_destination_is_shown_to_who_asks() {
    let server = Server::start(
        Emulator::builder()
            .clock(twilio_verify_emulator::ManualClock::at(now()))
            .attempts(attempts(1)),
    );
    let text = stdout(server.command().args(["attempts", "list", "--to", NUMBER]));
    assert!(text.contains(NUMBER), "{text}");
}
