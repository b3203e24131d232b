//! Attempts that the emulator doesn't have: of several currencies, of a channel that is newer than this
//! crate, without a SID or a date.

use chrono::{DateTime, SecondsFormat, TimeDelta, TimeZone, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use tests::scripted::{Received, Reply, Scripted};
use twilio_verify::{AccountSid, Client, Credentials};
use twilio_verify_insights::{AttemptsExt, Breakdown, By, Label, Period, Table, Verdict};

fn at(seconds: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 21, 0, 0).unwrap() + TimeDelta::seconds(seconds)
}

/// An attempt, and when it was made, whatever it says of that.
struct Made {
    date: DateTime<Utc>,
    json: Value,
}

/// An SMS to Colombia that was made in a second, with other fields than usual.
fn made(number: u32, second: i64, fields: Value) -> Made {
    let mut json = json!({
        "sid": format!("VL{number:032x}"),
        "date_created": at(second).to_rfc3339_opts(SecondsFormat::Secs, true),
        "channel": "sms",
        "conversion_status": "unconverted",
        "channel_data": { "to": "+573003003030", "country": "CO" },
    });
    if let (Value::Object(json), Value::Object(fields)) = (&mut json, fields) {
        json.extend(fields);
    }
    Made { date: at(second), json }
}

/// A parameter of a request.
fn parameter(request: &Received, name: &str) -> Option<String> {
    let (_, query) = request.target().split_once('?')?;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(own, _)| *own == name)?;
    Some(value.replace("%3A", ":").replace("%2B", "+"))
}

/// Lists them all, or counts those that match.
fn reply(attempts: &[Made], request: &Received) -> Reply {
    let date = |name| parameter(request, name).map(|date| date.parse::<DateTime<Utc>>().unwrap());
    let (after, before) = (date("DateCreatedAfter"), date("DateCreatedBefore"));
    let is = |name, value: &Value| {
        parameter(request, name).is_none_or(|wanted| value.as_str() == Some(&wanted))
    };
    let matching = attempts.iter().filter(|made| {
        let data = &made.json["channel_data"];
        let prefix = parameter(request, "DestinationPrefix").unwrap_or_default();
        after.is_none_or(|after| after <= made.date)
            && before.is_none_or(|before| made.date < before)
            && is("Channel", &made.json["channel"])
            && is("Country", &data["country"])
            && data["to"].as_str().is_some_and(|to| to.starts_with(&prefix))
    });
    let body = if request.target().starts_with("/v2/Attempts/Summary") {
        let converted =
            matching.clone().filter(|made| made.json["conversion_status"] == "converted").count();
        let total = matching.count();
        json!({
            "total_attempts": total,
            "total_converted": converted,
            "total_unconverted": total - converted,
        })
    } else {
        let attempts: Vec<_> = matching.map(|made| made.json.clone()).collect();
        json!({ "attempts": attempts, "meta": { "key": "attempts", "next_page_url": null } })
    };
    Reply::keep_open(200, &[("Content-Type", "application/json")], &body.to_string())
}

/// The breakdown of all that was made, by channels.
async fn breakdown(attempts: Vec<Made>, change: impl FnOnce(Breakdown) -> Breakdown) -> Table {
    let server = Scripted::deciding(move |request| reply(&attempts, request)).await.unwrap();
    let account: AccountSid = "AC00000000000000000000000000000000".parse().unwrap();
    let client = Client::builder()
        .credentials(Credentials::auth_token(account, "1".repeat(32)))
        .base_url(server.url())
        .build()
        .unwrap();
    let request = client
        .attempts()
        .breakdown()
        .now(at(3600))
        .period(Period::new(at(0), at(600)).unwrap())
        .by([By::Channel]);
    change(request).run().await.unwrap()
}

fn verdict(table: &Table) -> Verdict {
    table.proof().unwrap().verdict
}

/// The attempts of each channel.
fn rows(table: &Table) -> Vec<(Option<String>, u64)> {
    let rows = table
        .cells()
        .map(|(labels, counts)| (labels[0].as_str().map(str::to_owned), counts.attempts));
    rows.collect()
}

fn row(channel: &str, attempts: u64) -> (Option<String>, u64) {
    (Some(channel.to_owned()), attempts)
}

#[tokio::test]
async fn two_currencies_are_never_added() {
    let price =
        |value: &str, currency: &str| json!({ "price": { "value": value, "currency": currency } });
    let attempts = vec![
        made(1, 10, price("0.05", "usd")),
        made(2, 20, price("0.07", "USD")),
        made(3, 30, price("0.10", "eur")),
        made(4, 40, json!({ "price": null })),
    ];
    let table = breakdown(attempts, |request| request.by([By::Channel, By::Carrier])).await;
    assert_eq!(verdict(&table), Verdict::Exact);
    let counts = table.get(&[Label::from("sms"), Label::NONE]).unwrap();
    let costs: Vec<_> = counts
        .cost
        .iter()
        .map(|(currency, cost)| (currency.to_string(), cost.sum, cost.priced))
        .collect();
    let cents = |cents| Decimal::new(cents, 2);
    assert_eq!(costs, [("EUR".into(), cents(10), 1), ("USD".into(), cents(12), 2)]);
    assert_eq!(counts.attempts, 4);
}

#[tokio::test]
async fn an_unknown_channel_has_a_row_of_its_own() {
    let attempts = || {
        vec![
            made(1, 10, json!({})),
            made(2, 20, json!({ "channel": "pigeon", "conversion_status": "converted" })),
            made(3, 30, json!({ "channel": "pigeon" })),
        ]
    };
    let table = breakdown(attempts(), |request| request).await;
    assert_eq!(rows(&table), [row("pigeon", 2), row("sms", 1)]);
    assert_eq!(verdict(&table), Verdict::Exact);
    // Counted by summaries too: the list can't be filtered by prefix.
    let prefix = "+57".parse().unwrap();
    let table = breakdown(attempts(), |request| request.destination_prefix(prefix)).await;
    assert_eq!(rows(&table), [row("pigeon", 2), row("sms", 1)]);
    assert_eq!(verdict(&table), Verdict::Exact);
}

#[tokio::test]
async fn an_attempt_without_sid_or_date_is_counted_as_unreadable() {
    let attempts = vec![
        made(1, 10, json!({})),
        made(2, 20, json!({ "conversion_status": "converted" })),
        made(3, 100, json!({ "sid": null })),
        made(4, 200, json!({ "date_created": null, "conversion_status": "converted" })),
    ];
    let table = breakdown(attempts, |request| request).await;
    assert_eq!(rows(&table), [row("sms", 2)]);
    assert_eq!(table.unreadable(), 2);
    assert_eq!(verdict(&table), Verdict::Exact);
}
