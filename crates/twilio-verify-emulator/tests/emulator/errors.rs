//! Requests that are rejected.

use proptest::prelude::*;
use reqwest::Method;
use twilio_verify_emulator::{Emulator, RateLimit};

use crate::http::http;
use crate::support::{assert_error, attempt, error, get, json, runtime, start, with_query};

const LIST: &str = "/v2/Attempts";
const SUMMARY: &str = "/v2/Attempts/Summary";

#[tokio::test]
async fn a_malformed_parameter_is_named() {
    let emulator = start([]).await;
    let both: [(&str, &[&str]); 3] = [
        (
            "VerifyServiceSid",
            &[
                "",
                "VA1",
                "VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "VAgggggggggggggggggggggggggggggggg",
            ],
        ),
        ("Country", &["", "ZZ", "co", "COL", "+573003003030"]),
        ("Channel", &["", "SMS", "sna", "fax"]),
    ];
    let list: [(&str, &[&str]); 5] = [
        ("VerificationSid", &["", "VE1", "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]),
        ("Status", &["", "Converted", "pending"]),
        ("PageSize", &["", "0", "1001", "-1", "+5", "5.0", "ten", "99999999999999999999"]),
        ("Page", &["", "-1", "one", "99999999999999999999"]),
        ("PageToken", &["", "x", "PT+573003003030", "TwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]),
    ];
    let summary: [(&str, &[&str]); 1] =
        [("DestinationPrefix", &["", "+", "57305", " 57305", "+57a", "+1234567890123456"])];
    let cases =
        [(LIST, &both[..]), (SUMMARY, &both[..]), (LIST, &list[..]), (SUMMARY, &summary[..])];
    for (path, parameters) in cases {
        for (name, values) in parameters {
            for value in *values {
                let message =
                    error(&emulator, &with_query(path, &[(name, value)]), 400, 60200).await;
                assert_eq!(message, format!("Invalid parameter: {name}"));
            }
        }
    }
}

#[tokio::test]
async fn a_plus_sign_that_was_not_encoded_is_noticed() {
    let emulator = start([]).await;
    error(&emulator, &format!("{SUMMARY}?DestinationPrefix=+57305"), 400, 60200).await;
    json(&emulator, &format!("{SUMMARY}?DestinationPrefix=%2B57305")).await;
}

#[tokio::test]
async fn a_bad_date_is_refused() {
    let emulator = start([]).await;
    for path in [LIST, SUMMARY] {
        for name in ["DateCreatedAfter", "DateCreatedBefore"] {
            for value in
                ["", "yesterday", "2026-03-02", "2026-13-02T00:00:00Z", "2026-03-02T21:02:33"]
            {
                let message =
                    error(&emulator, &with_query(path, &[(name, value)]), 400, 20001).await;
                assert_eq!(message, "Invalid date value.");
            }
        }
    }
}

#[tokio::test]
async fn parameters_of_another_operation_are_ignored() {
    let emulator = start([attempt(1, 0)]).await;
    for path in ["/v2/Attempts?DestinationPrefix=x&Nonsense=1&&=", "/v2/Attempts?country=x"] {
        assert_eq!(json(&emulator, path).await["attempts"].as_array().unwrap().len(), 1);
    }
    let path = "/v2/Attempts/Summary?Status=x&PageSize=x&VerificationSid=x&ChannelData.To=x";
    assert_eq!(json(&emulator, path).await["total_attempts"], 1);
}

#[tokio::test]
async fn of_a_parameter_given_twice_the_last_one_counts() {
    let emulator = start([]).await;
    assert_eq!(json(&emulator, "/v2/Attempts?PageSize=x&PageSize=7").await["meta"]["page_size"], 7);
    error(&emulator, "/v2/Attempts?PageSize=7&PageSize=x", 400, 60200).await;
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let emulator = start([]).await;
    for path in [
        "/",
        "/v2",
        "/v2/attempts",
        "/v2/Attempts/",
        "/v2/Attempts/VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "/v2/Attempts/VL1",
        "/v2/Attempts/VL%FFaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "/v2/Attempts/summary",
        "/v2/Attempts/Summary/",
        "/v2/Services/VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Nothing",
    ] {
        let message = error(&emulator, path, 404, 20404).await;
        let path = path.strip_prefix("/v2").filter(|rest| !rest.is_empty()).unwrap_or(path);
        assert_eq!(message, format!("The requested resource {path} was not found"));
    }
    // The query is not part of the resource's name.
    let message = error(&emulator, "/v2/Nothing?To=%2B573003003030", 404, 20404).await;
    assert_eq!(message, "The requested resource /Nothing was not found");
}

#[tokio::test]
async fn another_method_is_not_allowed() {
    let emulator = start([]).await;
    for path in [LIST, SUMMARY, "/v2/Attempts/VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"] {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
            let response = http()
                .request(method, format!("{}{path}", emulator.url()))
                .basic_auth(emulator.account_sid(), Some(emulator.auth_token()))
                .send()
                .await
                .unwrap();
            assert_eq!(response.headers()["allow"], "GET,HEAD");
            assert_error(response, 405, 20004).await;
        }
    }
}

#[tokio::test]
async fn a_query_of_more_than_8_kib_is_not_read() {
    let emulator = start([]).await;
    let query = |length: usize| format!("/v2/Attempts?ChannelData.To={}", "7".repeat(length - 15));
    json(&emulator, &query(8192)).await;
    let message = error(&emulator, &query(8193), 400, 20001).await;
    assert!(!message.contains("777"), "{message}");
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own_that_the_seed_decides() {
    let paths = [LIST, SUMMARY, "/v2/Attempts/VL1", "/nowhere", "/v2/Attempts?Page=x"];
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        let emulator = Emulator::builder().seed(seed).start().await.unwrap();
        let mut ids = Vec::new();
        for path in paths {
            let response = get(&emulator, path).await;
            assert_eq!(response.headers()["twilio-concurrent-requests"], "1");
            let id = response.headers()["twilio-request-id"].to_str().unwrap().to_owned();
            let digits = id.strip_prefix("RQ").unwrap();
            assert!(
                digits.len() == 32
                    && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')),
                "{id}"
            );
            assert!(!ids.contains(&id));
            ids.push(id);
        }
        runs.push(ids);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
}

fn queries() -> impl Strategy<Value = String> {
    let names = proptest::sample::select(vec![
        "DateCreatedAfter",
        "DateCreatedBefore",
        "ChannelData.To",
        "Country",
        "Channel",
        "VerifyServiceSid",
        "VerificationSid",
        "Status",
        "DestinationPrefix",
        "PageSize",
        "Page",
        "PageToken",
        "x",
    ]);
    let values = prop_oneof![
        "[!-~&&[^#]]{0,40}",
        "(%[0-9A-F]{2}){0,20}",
        "[0-9+%:TZ.-]{0,30}",
        "[A-Za-z0-9_-]{34}",
        "[+-]?[0-9]{4,6}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,12})?Z",
    ];
    let pairs = prop::collection::vec(
        (names, values).prop_map(|(name, value)| format!("{name}={value}")),
        0..6,
    );
    prop_oneof![pairs.prop_map(|pairs| pairs.join("&")), "[!-~&&[^#]]{0,100}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Raw bytes on a socket: a client would normalize the query.
    #[test]
    fn no_query_makes_the_server_fail(queries in prop::collection::vec(queries(), 30)) {
        runtime().block_on(async {
            let emulator = Emulator::builder()
                .attempts((0..20).map(|number| attempt(number, number as i64)))
                .summary_limit(None::<RateLimit>)
                .start()
                .await
                .unwrap();
            for query in &queries {
                for path in [LIST, SUMMARY, "/v2/Attempts/VL1", "/"] {
                    let status = raw_status(&emulator, &format!("{path}?{query}")).await;
                    prop_assert!([200, 400, 404].contains(&status), "{} for {}?{}", status, path, query);
                }
            }
            Ok(())
        })?;
    }
}

async fn raw_status(emulator: &Emulator, target: &str) -> u16 {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let address = emulator.url().strip_prefix("http://").unwrap();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let credentials = "QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDoxMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMQ==";
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {credentials}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}
