//! What the tests share.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use proptest::prelude::*;
use proptest::sample::select;
use reqwest::Response;
use serde_json::Value;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use twilio_verify_emulator::{
    Attempt, AttemptSid, Channel, ConversionStatus, Emulator, ManualClock, ServiceSid,
    VerificationSid,
};

use crate::http::http;

/// The current time of every test.
pub(crate) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 21, 0, 0).unwrap()
}

pub(crate) fn date(seconds_ago: i64) -> DateTime<Utc> {
    now() - TimeDelta::seconds(seconds_ago)
}

pub(crate) fn iso(date: DateTime<Utc>) -> String {
    date.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// An SMS of the first service to a Colombian number that did not convert.
pub(crate) fn attempt(number: u128, seconds_ago: i64) -> Attempt {
    let mut attempt = Attempt::new(
        AttemptSid::from_u128(number),
        ServiceSid::from_u128(1),
        VerificationSid::from_u128(number),
        Channel::Sms,
        date(seconds_ago),
    );
    attempt.channel_data.to = Some("+573003003030".into());
    attempt.channel_data.country = Some("CO".parse().unwrap());
    attempt
}

pub(crate) fn converted(mut attempt: Attempt) -> Attempt {
    attempt.conversion_status = ConversionStatus::Converted;
    attempt
}

pub(crate) async fn start(attempts: impl IntoIterator<Item = Attempt>) -> Emulator {
    Emulator::builder().clock(ManualClock::at(now())).attempts(attempts).start().await.unwrap()
}

/// Appends a query, encoded, to a path.
pub(crate) fn with_query<V: AsRef<str>>(path: &str, pairs: &[(&str, V)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs);
    format!("{path}?{}", query.finish())
}

/// GETs a path of the emulator, or an absolute URL, with valid credentials.
pub(crate) async fn get(emulator: &Emulator, path: &str) -> Response {
    let url = match path.starts_with("http") {
        true => path.to_owned(),
        false => format!("{}{path}", emulator.url()),
    };
    http()
        .get(url)
        .basic_auth(emulator.account_sid(), Some(emulator.auth_token()))
        .send()
        .await
        .unwrap()
}

/// The JSON of a page or resource that exists.
pub(crate) async fn json(emulator: &Emulator, path: &str) -> Value {
    let response = get(emulator, path).await;
    assert_eq!(response.status(), 200, "{path}");
    response.json().await.unwrap()
}

/// Checks that the response is an error of Twilio's shape, and returns its message.
pub(crate) async fn error(emulator: &Emulator, path: &str, status: u16, code: u32) -> String {
    let response = get(emulator, path).await;
    assert_eq!(response.status(), status, "{path}");
    assert_error(response, status, code).await
}

pub(crate) async fn assert_error(response: Response, status: u16, code: u32) -> String {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()["content-type"], "application/json");
    let body: Value = response.json().await.unwrap();
    assert_eq!(
        body,
        serde_json::json!({
            "code": code,
            "message": body["message"].as_str().unwrap(),
            "more_info": format!("https://www.twilio.com/docs/errors/{code}"),
            "status": status,
        })
    );
    body["message"].as_str().unwrap().to_owned()
}

/// A raw connection to the emulator.
pub(crate) async fn connect(emulator: &Emulator) -> TcpStream {
    let address = emulator.url().split_once("://").unwrap().1;
    TcpStream::connect(address).await.unwrap()
}

/// Request line and headers, with the default credentials, without the empty line.
pub(crate) fn head(method: &str, target: &str) -> String {
    let credentials = "QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDoxMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMQ==";
    format!(
        "{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {credentials}\r\n"
    )
}

/// Everything until the connection is closed, and how it ends.
pub(crate) async fn read_to_end(stream: &mut TcpStream) -> (Vec<u8>, std::io::Result<()>) {
    let mut bytes = Vec::new();
    let end = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes)).await;
    let end = end.unwrap().map(drop);
    (bytes, end)
}

/// The SIDs of a page, in its order.
pub(crate) fn sids(page: &Value) -> Vec<String> {
    let attempts = page["attempts"].as_array().unwrap();
    attempts.iter().map(|attempt| attempt["sid"].as_str().unwrap().to_owned()).collect()
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

pub(crate) const DAY: i64 = 24 * 60 * 60;

const DESTINATIONS: [Option<&str>; 7] = [
    None,
    Some("+573003003030"),
    Some("+573053003030"),
    Some("+5730"),
    Some("+12025550123"),
    Some("user@example.com"),
    Some("other@example.com"),
];

type Raw = ((i64, bool, u128, u128), (Channel, Option<&'static str>), (Option<&'static str>, bool));

fn made_of(sid: u128, raw: Raw) -> Attempt {
    let ((ago, round, service, verification), (channel, country), (to, converted)) = raw;
    let mut attempt = Attempt::new(
        AttemptSid::from_u128(sid),
        ServiceSid::from_u128(service),
        VerificationSid::from_u128(verification),
        channel,
        // Many at the same second, so that SIDs decide the order.
        date(if round { ago - ago % (4 * DAY) } else { ago }),
    );
    attempt.channel_data.country = country.map(|country| country.parse().unwrap());
    attempt.channel_data.to = to.map(str::to_owned);
    if converted {
        attempt.conversion_status = ConversionStatus::Converted;
    }
    attempt
}

/// Attempts with so few values each that filters often match; their SIDs count from `first`.
pub(crate) fn attempts(
    first: u128,
    count: std::ops::Range<usize>,
) -> impl Strategy<Value = Vec<Attempt>> {
    let raw = (
        (0..40 * DAY, prop::bool::ANY, 1..4_u128, 1..6_u128),
        (select(Channel::ALL), select(vec![None, Some("CO"), Some("US")])),
        (select(DESTINATIONS.to_vec()), prop::bool::weighted(0.4)),
    );
    prop::collection::vec(raw, count)
        .prop_map(move |raw| {
            (first..).zip(raw).map(|(sid, raw)| made_of(sid, raw)).collect::<Vec<_>>()
        })
        .prop_shuffle()
}

/// Filters of a request, as the tests understand them. Independent of the crate's own.
#[derive(Debug, Clone)]
pub(crate) struct Filters {
    after: Option<DateTime<Utc>>,
    before: Option<DateTime<Utc>>,
    service: Option<ServiceSid>,
    country: Option<&'static str>,
    channel: Option<Channel>,
    prefix: Option<&'static str>,
    to: Option<&'static str>,
    verification: Option<VerificationSid>,
    status: Option<ConversionStatus>,
}

fn instants() -> impl Strategy<Value = Option<DateTime<Utc>>> {
    let ago = prop_oneof![(0..11_i64).prop_map(|count| count * 4 * DAY), 0..40 * DAY];
    prop::option::weighted(0.4, ago.prop_map(date))
}

/// Filters that the list and the summary share.
fn common() -> impl Strategy<Value = Filters> {
    (
        instants(),
        instants(),
        prop::option::weighted(0.3, (1..5_u128).prop_map(ServiceSid::from_u128)),
        prop::option::weighted(0.3, select(vec!["CO", "US", "DE"])),
        prop::option::weighted(0.3, select(Channel::ALL)),
    )
        .prop_map(|(after, before, service, country, channel)| Filters {
            after,
            before,
            service,
            country,
            channel,
            prefix: None,
            to: None,
            verification: None,
            status: None,
        })
}

pub(crate) fn summary_filters() -> impl Strategy<Value = Filters> {
    let prefixes = select(vec!["+5", "+57305", "+57300", "+5730", "+57300300303", "+1", "+0"]);
    (common(), prop::option::weighted(0.4, prefixes))
        .prop_map(|(common, prefix)| Filters { prefix, ..common })
}

pub(crate) fn list_filters() -> impl Strategy<Value = Filters> {
    let destinations = select(vec!["+573003003030", "+5730", "user@example.com", "+999", "nobody"]);
    (
        common(),
        prop::option::weighted(0.2, destinations),
        prop::option::weighted(0.2, (1..7_u128).prop_map(VerificationSid::from_u128)),
        prop::option::weighted(0.3, select(ConversionStatus::ALL)),
    )
        .prop_map(|(common, to, verification, status)| Filters {
            to,
            verification,
            status,
            ..common
        })
}

impl Filters {
    pub(crate) fn matches(&self, attempt: &Attempt) -> bool {
        let to = attempt.channel_data.to.as_deref();
        let checks = [
            self.after.map(|after| attempt.date_created >= after),
            self.before.map(|before| attempt.date_created < before),
            self.service.map(|service| attempt.service_sid == service),
            self.country.map(|own| {
                attempt.channel_data.country.is_some_and(|country| country.to_string() == own)
            }),
            self.channel.map(|channel| attempt.channel == channel),
            self.prefix.map(|prefix| to.is_some_and(|to| to.starts_with(prefix))),
            self.to.map(|own| to == Some(own)),
            self.verification.map(|verification| attempt.verification_sid == verification),
            self.status.map(|status| attempt.conversion_status == status),
        ];
        checks.into_iter().flatten().all(|passed| passed)
    }

    pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
        let pairs = [
            ("DateCreatedAfter", self.after.map(iso)),
            ("DateCreatedBefore", self.before.map(iso)),
            ("VerifyServiceSid", self.service.map(|service| service.to_string())),
            ("Country", self.country.map(str::to_owned)),
            ("Channel", self.channel.map(|channel| channel.to_string())),
            ("DestinationPrefix", self.prefix.map(str::to_owned)),
            ("ChannelData.To", self.to.map(str::to_owned)),
            ("VerificationSid", self.verification.map(|verification| verification.to_string())),
            ("Status", self.status.map(|status| status.to_string())),
        ];
        pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}
