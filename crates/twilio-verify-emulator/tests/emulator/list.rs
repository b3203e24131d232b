//! `GET /v2/Attempts` and `GET /v2/Attempts/{Sid}`.

use std::collections::HashSet;
use std::time::Duration;

use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::{Value, json};
use twilio_verify_emulator::{
    Attempt, AttemptSid, Bound, Channel, Emulator, ErrorCode, ManualClock, Price, ServiceSid,
    VerificationSid,
};

use crate::http::http;
use crate::support::{
    DAY, Filters, attempt, attempts, converted, date, error, get, iso, json as get_json,
    list_filters, now, runtime, sids, start, with_query,
};

const LIST: &str = "/v2/Attempts";

fn sid(number: u128) -> String {
    AttemptSid::from_u128(number).to_string()
}

#[tokio::test]
async fn an_attempt_has_the_shape_of_the_published_document() {
    let mut message = converted(attempt(0xaa, 60));
    message.date_updated = date(22);
    message.price = Some(Price::new("0.0050".parse().unwrap(), "usd"));
    let data = &mut message.channel_data;
    data.status = Some("confirmed".into());
    data.message_status = Some("DELIVERED".into());
    data.code_length = Some(6);
    data.locale = Some("es".into());
    data.mcc = Some("732".into());
    data.mnc = Some("101".into());
    data.carrier = Some("Claro".into());
    data.extra.insert("new_field".into(), json!([1]));
    let mut call = attempt(0xbb, 120);
    call.channel = Channel::Call;
    call.channel_data.call_status = Some("no-answer".into());
    call.channel_data.error_code = Some(ErrorCode::Number(0));
    let emulator = start([message, call]).await;

    let expected = json!({
        "sid": sid(0xaa),
        "account_sid": emulator.account_sid(),
        "service_sid": "VA00000000000000000000000000000001",
        "verification_sid": "VE000000000000000000000000000000aa",
        "date_created": "2026-03-02T20:59:00Z",
        "date_updated": "2026-03-02T20:59:38Z",
        "conversion_status": "converted",
        "channel": "sms",
        "price": { "value": "0.0050", "currency": "usd" },
        "channel_data": {
            "verification_sid": "VE000000000000000000000000000000aa",
            "to": "+573003003030",
            "status": "confirmed",
            "message_status": "DELIVERED",
            "error_code": null,
            "country": "CO",
            "code_length": 6,
            "locale": "es",
            "mcc": "732",
            "mnc": "101",
            "carrier": "Claro",
            "new_field": [1],
        },
        "url": format!("{}/v2/Attempts/{}", emulator.url(), sid(0xaa)),
    });
    assert_eq!(get_json(&emulator, &format!("{LIST}/{}", sid(0xaa))).await, expected);
    let list = get_json(&emulator, LIST).await;
    assert_eq!(list["attempts"][0], expected);
    assert_eq!(list["attempts"][1]["price"], Value::Null);
    assert_eq!(
        list["attempts"][1]["channel_data"],
        json!({
            "verification_sid": "VE000000000000000000000000000000bb",
            "to": "+573003003030",
            "call_status": "no-answer",
            "error_code": 0,
            "country": "CO",
        })
    );
    let url = format!("{}/v2/Attempts?PageSize=50&Page=0", emulator.url());
    assert_eq!(
        list["meta"],
        json!({
            "page": 0,
            "page_size": 50,
            "first_page_url": url,
            "previous_page_url": null,
            "url": url,
            "next_page_url": null,
            "key": "attempts",
        })
    );
}

#[tokio::test]
async fn the_newest_comes_first_and_sids_decide_between_equals() {
    let emulator =
        start([attempt(2, 10), attempt(5, 30), attempt(3, 10), attempt(1, 10), attempt(4, 20)])
            .await;
    let expected: Vec<_> = [3, 2, 1, 4, 5].map(sid).into();
    assert_eq!(sids(&get_json(&emulator, LIST).await), expected);
}

#[tokio::test]
async fn each_filter_alone_and_all_together() {
    let mut other = converted(attempt(2, 30));
    other.service_sid = ServiceSid::from_u128(2);
    other.channel = Channel::Email;
    other.channel_data.to = Some("user@example.com".into());
    other.channel_data.country = Some("DE".parse().unwrap());
    let emulator = start([attempt(1, 60), other]).await;
    let filters = [
        ("DateCreatedAfter", iso(date(30))),
        ("DateCreatedBefore", iso(date(29))),
        ("ChannelData.To", "user@example.com".into()),
        ("Country", "DE".into()),
        ("Channel", "email".into()),
        ("VerifyServiceSid", ServiceSid::from_u128(2).to_string()),
        ("VerificationSid", VerificationSid::from_u128(2).to_string()),
        ("Status", "converted".into()),
    ];
    for filter in &filters {
        let expected =
            if filter.0 == "DateCreatedBefore" { vec![sid(2), sid(1)] } else { vec![sid(2)] };
        assert_eq!(
            sids(&get_json(&emulator, &with_query(LIST, std::slice::from_ref(filter))).await),
            expected,
            "{filter:?}"
        );
    }
    let page = get_json(&emulator, &with_query(LIST, &filters)).await;
    assert_eq!(sids(&page), [sid(2)]);
    let url = page["meta"]["url"].as_str().unwrap();
    assert_eq!(url, format!("{}{}&PageSize=50&Page=0", emulator.url(), with_query(LIST, &filters)));
    assert_eq!(get_json(&emulator, url).await, page);

    for (name, value) in [
        ("ChannelData.To", "+57300300303"),
        ("ChannelData.To", "USER@example.com"),
        ("Country", "FR"),
    ] {
        assert_eq!(sids(&get_json(&emulator, &with_query(LIST, &[(name, value)])).await), [""; 0]);
    }
}

#[tokio::test]
async fn dates_are_read_in_rfc_2822_and_with_an_offset_too() {
    let emulator = start([attempt(1, 59), attempt(2, 60), attempt(3, 61)]).await;
    for after in
        ["2026-03-02T20:59:00Z", "2026-03-02T22:59:00+02:00", "Mon, 02 Mar 2026 20:59:00 +0000"]
    {
        let page = get_json(&emulator, &with_query(LIST, &[("DateCreatedAfter", after)])).await;
        assert_eq!(sids(&page), [sid(1), sid(2)], "{after}");
    }
}

#[tokio::test]
async fn bounds_can_be_set() {
    let builder = Emulator::builder()
        .clock(ManualClock::at(now()))
        .attempts([attempt(1, 59), attempt(2, 60)]);
    let emulator = builder
        .created_after(Bound::Exclusive)
        .created_before(Bound::Inclusive)
        .start()
        .await
        .unwrap();
    let instant = iso(date(60));
    assert_eq!(
        sids(&get_json(&emulator, &with_query(LIST, &[("DateCreatedAfter", &instant)])).await),
        [sid(1)]
    );
    assert_eq!(
        sids(&get_json(&emulator, &with_query(LIST, &[("DateCreatedBefore", &instant)])).await),
        [sid(2)]
    );
}

#[tokio::test]
async fn after_thirty_days_an_attempt_is_gone() {
    let clock = ManualClock::at(now());
    let builder =
        Emulator::builder().clock(clock.clone()).attempts([attempt(1, 30 * DAY), attempt(2, DAY)]);
    let emulator = builder.start().await.unwrap();
    let path = format!("{LIST}/{}", sid(1));
    assert_eq!(sids(&get_json(&emulator, LIST).await), [sid(2), sid(1)]);
    get_json(&emulator, &path).await;

    clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(sids(&get_json(&emulator, LIST).await), [sid(2)]);
    let since = [("DateCreatedAfter", iso(date(90 * DAY)))];
    assert_eq!(sids(&get_json(&emulator, &with_query(LIST, &since)).await), [sid(2)]);
    let message = error(&emulator, &path, 404, 20404).await;
    let path = path.trim_start_matches("/v2");
    assert_eq!(message, format!("The requested resource {path} was not found"));
}

#[tokio::test]
async fn the_retention_can_be_set_or_off() {
    for (retention, expected) in
        [(None, 2), (Some(Duration::from_secs(60)), 1), (Some(Duration::MAX), 2)]
    {
        let builder = Emulator::builder()
            .clock(ManualClock::at(now()))
            .attempts([attempt(1, 900 * DAY), attempt(2, 60)]);
        let emulator = builder.retention(retention).start().await.unwrap();
        assert_eq!(sids(&get_json(&emulator, LIST).await).len(), expected);
    }
}

#[tokio::test]
async fn a_sid_is_found_in_either_case() {
    let emulator = start([attempt(0xabc, 0)]).await;
    let upper = sid(0xabc).replace("abc", "ABC");
    assert_eq!(get_json(&emulator, &format!("{LIST}/{upper}")).await["sid"], sid(0xabc));
}

/// A page of one attempt, requested with a `Host`.
async fn page_at(emulator: &Emulator, host: &str) -> Value {
    let response = http()
        .get(format!("{}/v2/Attempts?PageSize=1", emulator.url()))
        .header("host", host)
        .header("forwarded", "host=evil.example.com;proto=https")
        .header("x-forwarded-host", "evil.example.com")
        .header("x-forwarded-proto", "https")
        .basic_auth(emulator.account_sid(), Some(emulator.auth_token()))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200, "{host}");
    response.json().await.unwrap()
}

fn assert_urls(page: &Value, base: &str) {
    let meta = &page["meta"];
    let urls = [
        &meta["first_page_url"],
        &meta["url"],
        &meta["next_page_url"],
        &page["attempts"][0]["url"],
    ];
    for url in urls {
        let path = url.as_str().unwrap().strip_prefix(base);
        assert!(path.is_some_and(|path| path.starts_with("/v2/Attempts")), "{url} at {base}");
    }
}

#[tokio::test]
async fn urls_lead_to_the_host_of_the_request() {
    let emulator = start([attempt(1, 0), attempt(2, 1)]).await;
    let own = emulator.url().strip_prefix("http://").unwrap();
    for (host, written) in [
        (own, own),
        ("localhost:8080", "localhost:8080"),
        // Another port, of a proxy or of a container.
        ("LocalHost:49999", "localhost:49999"),
        ("[::1]:8080", "[::1]:8080"),
        ("verify.localhost", "verify.localhost"),
    ] {
        assert_urls(&page_at(&emulator, host).await, &format!("http://{written}"));
    }
}

#[tokio::test]
async fn a_list_works_by_name_where_an_address_is_listened_on() {
    let emulator = start((0..5).map(|number| attempt(number, number as i64))).await;
    let url = emulator.url().replace("127.0.0.1", "localhost");
    let mut next = Some(format!("{url}/v2/Attempts?PageSize=2"));
    let mut found = Vec::new();
    while let Some(path) = next {
        assert!(path.starts_with(&url), "{path}");
        let page = get_json(&emulator, &path).await;
        found.extend(sids(&page));
        next = page["meta"]["next_page_url"].as_str().map(str::to_owned);
    }
    assert_eq!(found, [0, 1, 2, 3, 4].map(sid));
}

#[tokio::test]
async fn urls_lead_to_the_public_url_if_one_is_set() {
    let (emulator, address) = loop {
        // A free port, unless another process takes it meanwhile.
        let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let builder = Emulator::builder()
            .address(address)
            .clock(ManualClock::at(now()))
            .attempts([attempt(1, 0), attempt(2, 1)])
            .public_url("https://verify.example:8443/twilio/");
        if let Ok(emulator) = builder.start().await {
            break (emulator, address);
        }
    };
    // The `Host` that some proxies send, and the one that others do.
    for host in [address.to_string(), "verify.example:8443".to_owned()] {
        let response = http()
            .get(format!("http://{address}/v2/Attempts?PageSize=1"))
            .header("host", &host)
            .basic_auth(emulator.account_sid(), Some(emulator.auth_token()));
        let response = response.send().await.unwrap();
        assert_eq!(response.status(), 200, "{host}");
        assert_urls(&response.json().await.unwrap(), "https://verify.example:8443/twilio");
    }
}

#[tokio::test]
async fn page_sizes_from_1_to_1000_are_served() {
    let emulator = start((0..1_100).map(|number| attempt(number, number as i64))).await;
    for (query, size) in [("", 50), ("?PageSize=1", 1), ("?PageSize=1000", 1000)] {
        let page = get_json(&emulator, &format!("{LIST}{query}")).await;
        assert_eq!((sids(&page).len(), &page["meta"]["page_size"]), (size, &json!(size)));
        assert!(page["meta"]["next_page_url"].is_string());
    }
}

#[tokio::test]
async fn a_full_last_page_has_no_next_one() {
    let emulator = start((0..4).map(|number| attempt(number, number as i64))).await;
    let first = get_json(&emulator, "/v2/Attempts?PageSize=2").await;
    let second = get_json(&emulator, first["meta"]["next_page_url"].as_str().unwrap()).await;
    assert_eq!(second["meta"]["page"], 1);
    assert_eq!(second["meta"]["next_page_url"], Value::Null);
    assert_eq!(second["meta"]["first_page_url"], first["meta"]["url"]);
    let back = get_json(&emulator, second["meta"]["previous_page_url"].as_str().unwrap()).await;
    assert_eq!(back["attempts"], first["attempts"]);
    assert_eq!(
        (&back["meta"]["page"], &back["meta"]["previous_page_url"]),
        (&json!(0), &Value::Null)
    );
}

#[tokio::test]
async fn a_page_whose_attempts_have_gone_leads_back() {
    let clock = ManualClock::at(now());
    let attempts = [attempt(1, 10), attempt(2, 30 * DAY)];
    let emulator =
        Emulator::builder().clock(clock.clone()).attempts(attempts).start().await.unwrap();
    let first = get_json(&emulator, "/v2/Attempts?PageSize=1").await;
    clock.advance(TimeDelta::seconds(5));
    let empty = get_json(&emulator, first["meta"]["next_page_url"].as_str().unwrap()).await;
    assert_eq!((sids(&empty).len(), &empty["meta"]["next_page_url"]), (0, &Value::Null));
    let back = get_json(&emulator, empty["meta"]["previous_page_url"].as_str().unwrap()).await;
    assert_eq!(sids(&back), [sid(1)]);
}

#[tokio::test]
async fn page_without_a_token_is_only_echoed() {
    let emulator = start([attempt(1, 0)]).await;
    let page = get_json(&emulator, "/v2/Attempts?Page=7").await;
    assert_eq!((&page["meta"]["page"], sids(&page).len()), (&json!(7), 1));
    assert_eq!(get(&emulator, "/v2/Attempts?Page=4294967295&PageSize=1").await.status(), 200);
}

/// What a list shows: the matching attempts of the last 30 days, newest first.
fn listed<'a>(attempts: impl IntoIterator<Item = &'a Attempt>, filters: &Filters) -> Vec<String> {
    let retained =
        |attempt: &&Attempt| attempt.date_created >= date(30 * DAY) && filters.matches(attempt);
    let mut attempts: Vec<_> = attempts.into_iter().filter(retained).collect();
    attempts.sort_by_key(|attempt| (attempt.date_created, attempt.sid.to_string()));
    attempts.iter().rev().map(|attempt| attempt.sid.to_string()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn pages_there_and_back_are_the_whole_list(
        attempts in attempts(0, 0..60),
        filters in list_filters(),
        size in 1..25_usize,
    ) {
        runtime().block_on(async {
            let emulator = start(attempts.clone()).await;
            let expected = listed(&attempts, &filters);
            let mut path = with_query(LIST, &[filters.pairs(), vec![("PageSize", size.to_string())]].concat());

            let mut there = Vec::new();
            let last = loop {
                let page = get_json(&emulator, &path).await;
                prop_assert!(sids(&page).len() <= size);
                there.extend(sids(&page));
                match page["meta"]["next_page_url"].as_str() {
                    Some(next) => {
                        prop_assert_eq!(sids(&page).len(), size);
                        path = next.to_owned();
                    }
                    None => break page,
                }
            };
            prop_assert_eq!(&there, &expected);

            let mut back = sids(&last);
            let mut page = last;
            while let Some(previous) = page["meta"]["previous_page_url"].as_str() {
                page = get_json(&emulator, previous).await;
                back.splice(0..0, sids(&page));
            }
            prop_assert_eq!(&back, &expected);
            prop_assert_eq!(&page["meta"]["page"], 0);
            Ok(())
        })?;
    }

    #[test]
    fn what_is_inserted_between_pages_moves_none(
        attempts in attempts(0, 1..50),
        inserted in attempts(1_000, 1..30),
        filters in list_filters(),
        size in 1..10_usize,
    ) {
        runtime().block_on(async {
            let emulator = start(attempts.clone()).await;
            let mut inserted = inserted.into_iter();
            let mut path = with_query(LIST, &[filters.pairs(), vec![("PageSize", size.to_string())]].concat());
            let mut seen = Vec::new();
            let mut last;
            loop {
                let page = get_json(&emulator, &path).await;
                seen.extend(sids(&page));
                last = page;
                for attempt in inserted.by_ref().take(4) {
                    emulator.store().insert(attempt).unwrap();
                }
                match last["meta"]["next_page_url"].as_str() {
                    Some(next) => path = next.to_owned(),
                    None => break,
                }
            }
            // Each once, in order; none of the initial ones is missing.
            prop_assert_eq!(seen.iter().collect::<HashSet<_>>().len(), seen.len());
            let original: Vec<_> = seen.iter().filter(|sid| sid.as_str() < "VL000000000000000000000000000003e8").cloned().collect();
            prop_assert_eq!(original, listed(&attempts, &filters));

            // The pages from the last one back have everything that is newer than its end.
            let mut all = attempts.clone();
            all.extend((1_000..1_100).filter_map(|number| emulator.store().get(AttemptSid::from_u128(number))));
            let mut expected = listed(&all, &filters);
            let mut back = sids(&last);
            let end = back.last().and_then(|end| expected.iter().position(|sid| sid == end));
            prop_assume!(end.is_some());
            expected.truncate(end.unwrap() + 1);
            let mut page = last;
            let mut first = true;
            while let Some(previous) = page["meta"]["previous_page_url"].as_str() {
                page = get_json(&emulator, previous).await;
                back.splice(0..0, sids(&page));
                first = false;
            }
            // On the last page itself nothing can have been inserted after it was fetched.
            if !first {
                let missing: Vec<_> = expected.iter().filter(|sid| !back.contains(sid)).collect();
                let within = missing.iter().all(|sid| sid.as_str() >= "VL000000000000000000000000000003e8");
                prop_assert!(within, "lost on the way back: {:?}", missing);
            }
            prop_assert_eq!(back.iter().collect::<HashSet<_>>().len(), back.len());
            Ok(())
        })?;
    }
}
