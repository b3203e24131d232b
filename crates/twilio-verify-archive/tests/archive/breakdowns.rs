//! Breakdowns are what counting the same attempts one by one gives.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value, json};
use twilio_verify::{Attempt, Channel, Country, DestinationPrefix, ServiceSid};
use twilio_verify_archive::{ArchiveError, Numbers};
use twilio_verify_insights::{By, Period, Table};

use crate::support::{Folder, attempt, key, sid, whole};

const SERVICES: [&str; 3] = [
    "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "VAbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
    "VAcccccccccccccccccccccccccccccccc",
];

fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 2, 27, 0, 0, 0).unwrap()
}

/// A text or nothing, and the text may be empty.
fn text(values: &'static [&'static str]) -> impl Strategy<Value = Option<&'static str>> {
    option::weighted(0.9, select(values))
}

fn attempts() -> impl Strategy<Value = Vec<Attempt>> {
    let first = (
        0..5 * 86_400_i64,
        text(&SERVICES),
        text(&["sms", "call", "email", "whatsapp", "carrier-pigeon", "SMS"]),
        text(&["converted", "unconverted", "CONVERTED", "disputed"]),
        text(&["CO", "US", "DE", "GB", "co", ""]),
        text(&["Claro", "Tigo", "", "Ünïcode – Mobil"]),
        text(&["732", "310", ""]),
        text(&["101", "260"]),
        text(&["es", "pt-BR", ""]),
        text(&["delivered", "DELIVERED", "Weird", ""]),
        text(&["completed", "No-Answer"]),
        text(&["0", "30008", "30003", ""]),
    );
    let number = prop_oneof![
        "\\+[1-9][0-9]{0,14}",
        "\\+57300[0-9]{7}",
        "whatsapp:\\+57300[0-9]{7}",
        "[a-z]{1,5}@example\\.(com|org)",
        "[0-9]{5,12}",
        "\\+57 300 [0-9]{3}",
        Just(String::new()),
    ];
    let price = prop_oneof![
        (-100_000_i64..100_000, 0_u32..9)
            .prop_map(|(digits, scale)| { rust_decimal::Decimal::new(digits, scale).to_string() }),
        Just("0.0075".to_owned()),
    ];
    let money = option::weighted(
        0.8,
        (option::weighted(0.9, price), text(&["usd", "USD", " eur ", "", "money", "gbp"])),
    );
    let one = (first, option::weighted(0.9, number), money);
    vec(one, 0..80).prop_map(|all| {
        let json = (0..).zip(all).map(|(number, (first, to, money))| {
            let (time, service, channel, status, country, carrier, mcc, mnc, locale, message, call, error) =
                first;
            json!({
                "sid": sid(number),
                "date_created": start() + TimeDelta::seconds(time),
                "service_sid": service,
                "channel": channel,
                "conversion_status": status,
                "price": money.map(|(value, currency)| json!({"value": value, "currency": currency})),
                "channel_data": {
                    "to": to,
                    "country": country,
                    "carrier": carrier,
                    "mcc": mcc,
                    "mnc": mnc,
                    "locale": locale,
                    "message_status": message,
                    "call_status": call,
                    "error_code": error,
                },
            })
        });
        json.map(self::attempt).collect()
    })
}

fn dimensions(longest: u8) -> impl Strategy<Value = Vec<By>> {
    (1..=longest).prop_flat_map(|digits| {
        let all = vec![
            By::Country,
            By::Channel,
            By::Service,
            By::Day,
            By::Hour,
            By::Prefix(digits),
            By::Carrier,
            By::Locale,
            By::ErrorCode,
            By::Status,
        ];
        subsequence(all, 1..=10).prop_shuffle()
    })
}

#[derive(Clone, Debug, Default)]
struct Filters {
    period: Option<(i64, i64)>,
    service: Option<&'static str>,
    country: Option<&'static str>,
    channel: Option<&'static str>,
    prefix: Option<&'static str>,
    min_attempts: u64,
}

fn filters() -> impl Strategy<Value = Filters> {
    (
        option::of((0..5 * 86_400_i64, 1..3 * 86_400_i64)),
        option::weighted(0.2, select(&SERVICES[..])),
        option::weighted(0.2, select(&["CO", "US"][..])),
        option::weighted(0.2, select(&["sms", "carrier-pigeon"][..])),
        option::weighted(0.2, select(&["+5", "+57300"][..])),
        0..4_u64,
    )
        .prop_map(|(period, service, country, channel, prefix, min_attempts)| Filters {
            period,
            service,
            country,
            channel,
            prefix,
            min_attempts,
        })
}

impl Filters {
    fn period(&self) -> Option<Period> {
        self.period.map(|(from, length)| {
            let from = start() + TimeDelta::seconds(from);
            Period::new(from, from + TimeDelta::seconds(length)).unwrap()
        })
    }

    fn holds(&self, attempt: &Attempt) -> bool {
        let date = attempt.date_created.unwrap();
        let data = attempt.channel_data.as_ref().unwrap();
        let text = |value: Option<&str>, wanted: Option<&str>| wanted.is_none() || value == wanted;
        let to = data.to.as_ref().map(|to| to.expose().as_str());
        self.period().is_none_or(|period| period.from() <= date && date < period.to())
            && text(attempt.service_sid.as_ref().map(|sid| sid.as_str()), self.service)
            && text(data.country.as_ref().map(|country| country.code()), self.country)
            && text(attempt.channel.as_ref().map(|channel| channel.as_str()), self.channel)
            && self.prefix.is_none_or(|prefix| to.is_some_and(|to| to.starts_with(prefix)))
    }

    fn channel(&self) -> Option<Channel> {
        let channel = self.channel?;
        Some(channel.parse().unwrap_or_else(|_| Channel::Unknown(channel.to_owned())))
    }
}

async fn breakdown(folder: &Folder, by: &[By], filters: &Filters) -> Result<Table, ArchiveError> {
    let mut breakdown = folder
        .archive
        .breakdown()
        .by(by.iter().copied())
        .min_attempts(filters.min_attempts)
        .threads(2);
    if let Some(period) = filters.period() {
        breakdown = breakdown.period(period);
    }
    if let Some(service) = filters.service {
        breakdown = breakdown.service(service.parse::<ServiceSid>().unwrap());
    }
    if let Some(country) = filters.country {
        breakdown = breakdown.country(country.parse::<Country>().unwrap());
    }
    if let Some(channel) = filters.channel() {
        breakdown = breakdown.channel(channel);
    }
    if let Some(prefix) = filters.prefix {
        breakdown = breakdown.destination_prefix(prefix.parse::<DestinationPrefix>().unwrap());
    }
    breakdown.run().await
}

fn expected(attempts: &[Attempt], by: &[By], filters: &Filters) -> Table {
    let attempts = attempts.iter().filter(|attempt| filters.holds(attempt));
    let table = Table::of(by.iter().copied(), attempts).min_attempts(filters.min_attempts.max(1));
    match filters.period() {
        Some(period) => table.with_period(period),
        None => table,
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// All dimensions and filters, with full numbers.
    #[test]
    fn a_breakdown_is_a_naive_count(
        attempts in attempts(),
        queries in vec((dimensions(15), filters()), 1..6),
    ) {
        run(async {
            let folder = Folder::of(&attempts, &Numbers::Full).await;
            for (by, filters) in queries {
                let table = breakdown(&folder, &by, &filters).await.unwrap();
                prop_assert_eq!(table, expected(&attempts, &by, &filters), "{:?} {:?}", by, filters);
            }
            Ok(())
        })?;
    }

    /// Where numbers are cut: every cell is right, and what is in none is in the rest.
    #[test]
    fn where_numbers_are_cut_no_attempt_is_in_a_wrong_cell(
        attempts in attempts(),
        queries in vec((dimensions(12), filters()), 1..6),
    ) {
        run(async {
            let folder = Folder::of(&attempts, &Numbers::Prefix(key())).await;
            for (by, filters) in queries {
                // Too long for what is kept, or for what is kept of some number that may match.
                let filters = Filters { prefix: None, min_attempts: 1, ..filters };
                let expected = expected(&attempts, &by, &filters);
                let table = match breakdown(&folder, &by, &filters).await {
                    Err(ArchiveError::Digits { .. }) => continue,
                    table => table.unwrap(),
                };
                if !by.iter().any(|by| matches!(by, By::Prefix(_))) {
                    prop_assert_eq!(&table, &expected);
                }
                prop_assert_eq!(table.total(), expected.total());
                for (labels, counts) in table.cells() {
                    let all = expected.get(labels).map_or(0, |counts| counts.attempts);
                    prop_assert!(counts.attempts <= all, "{:?}", by);
                }
            }
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn two_currencies_are_never_added_and_an_unknown_channel_is_a_row() {
    let with = |number: u64, channel: &str, price: Value| {
        let mut json = whole(number);
        json["channel"] = json!(channel);
        json["price"] = price;
        attempt(json)
    };
    let attempts = [
        with(1, "sms", json!({"value": "0.05", "currency": "usd"})),
        with(2, "sms", json!({"value": "0.07", "currency": "eur"})),
        with(3, "sms", json!({"value": "0.0000001", "currency": "USD"})),
        with(4, "sms", Value::Null),
        with(5, "pigeon", json!({"value": "1"})),
    ];
    let folder = Folder::of(&attempts, &Numbers::Full).await;
    let table = folder.archive.breakdown().by([By::Channel]).run().await.unwrap();
    assert_eq!(table, Table::of([By::Channel], &attempts));
    let sms = &table.get(&["sms".into()]).unwrap().cost;
    let sum = |currency: &str| sms.get(currency).map(|cost| (cost.sum.to_string(), cost.priced));
    assert_eq!(sum("USD"), Some(("0.0500001".to_owned(), 2)));
    assert_eq!(sum("EUR"), Some(("0.07".to_owned(), 1)));
    assert_eq!(table.get(&["pigeon".into()]).unwrap().attempts, 1);
}

#[tokio::test]
async fn dimensions_are_checked_and_an_empty_archive_has_no_cells() {
    let folder = Folder::new();
    for by in [
        vec![],
        vec![By::Country, By::Country],
        vec![By::Prefix(2), By::Prefix(3)],
        vec![By::Prefix(16)],
    ] {
        let error = folder.archive.breakdown().by(by).run().await.unwrap_err();
        assert!(matches!(error, ArchiveError::Dimensions(_)), "{error}");
    }
    let table = folder.archive.breakdown().by([By::Country, By::Day]).run().await.unwrap();
    assert_eq!(table, Table::new([By::Country, By::Day]));
    assert!(!folder.path().exists());
}
