//! Attacks and other events among attempts, and Fraud Guard.

use std::collections::HashSet;

use chrono::TimeDelta;
use reqwest::Response;
use serde_json::{Value, json};
use twilio_verify_emulator::{
    Emulator, EmulatorBuilder, ManualClock, Scenario, ScenarioKind, StartError, Truth, sample,
};

use crate::documented::Control;
use crate::http::http;
use crate::support::{get, json as get_json, now, sids, with_query};

const LIST: &str = "/v2/Attempts";
const SUMMARY: &str = "/v2/Attempts/Summary";
const PUMPING: &str = "pumping prefix=+99899394 start=-6h for=4h rate=600/h converted=0 numbers=sequential \
                       carrier=43404 channel=sms";

async fn start(builder: EmulatorBuilder) -> Emulator {
    builder.clock(ManualClock::at(now())).start().await.unwrap()
}

async fn with(texts: &str) -> Emulator {
    start(Emulator::builder().scenarios(Scenario::parse_all(texts).unwrap())).await
}

async fn count(emulator: &Emulator, query: &[(&str, &str)]) -> [u64; 2] {
    let summary = get_json(emulator, &with_query(SUMMARY, query)).await;
    ["total_attempts", "total_converted"].map(|name| summary[name].as_u64().unwrap())
}

fn cost(truth: &Truth) -> String {
    let [price] = truth.cost.as_slice() else { panic!("one currency: {truth:?}") };
    format!("{} {}", price.value.normalize(), price.currency)
}

#[tokio::test]
async fn pumping_is_on_top_of_the_sample_and_the_truth_names_it() {
    let builder = Emulator::builder().sample(7, now(), 3_000);
    let emulator = start(builder.scenario(PUMPING.parse().unwrap())).await;
    assert_eq!(count(&emulator, &[]).await[0], 5_400);
    assert_eq!(count(&emulator, &[("DestinationPrefix", "+99899394")]).await, [2_400, 0]);
    assert_eq!(count(&emulator, &[("Country", "UZ"), ("Channel", "sms")]).await, [2_400, 0]);

    let truth = emulator.truth();
    let [truth] = truth.as_slice() else { panic!("one") };
    assert_eq!((truth.kind, truth.is_attack), (ScenarioKind::Pumping, true));
    assert_eq!(truth.prefix.as_deref(), Some("+99899394"));
    assert_eq!(truth.country.map(|country| country.to_string()).as_deref(), Some("UZ"));
    assert_eq!(truth.from, now() - TimeDelta::hours(6));
    assert_eq!(truth.to, now() - TimeDelta::hours(2));
    assert_eq!((truth.attempts, truth.converted, truth.numbers), (2_400, 0, 2_400));
    // Of 0.3130 each.
    assert_eq!(cost(truth), "751.2 usd");
    let page =
        get_json(&emulator, &with_query(LIST, &[("Country", "UZ"), ("PageSize", "1000")])).await;
    let known: HashSet<String> = truth.sids.iter().map(ToString::to_string).collect();
    assert_eq!(known.len(), 2_400);
    assert!(sids(&page).iter().all(|sid| known.contains(sid)));
    let mut numbers: Vec<u64> = Vec::new();
    for attempt in page["attempts"].as_array().unwrap() {
        let data = &attempt["channel_data"];
        assert_eq!((&data["mcc"], &data["mnc"]), (&json!("434"), &json!("04")));
        assert_eq!(
            (&data["carrier"], &data["message_status"]),
            (&json!("Beeline"), &json!("delivered"))
        );
        let to = data["to"].as_str().unwrap();
        assert_eq!(to.len(), 13);
        numbers.push(to[1..].parse().unwrap());
    }
    // Newest first; the block may begin anew.
    let adjacent = numbers.windows(2).filter(|pair| pair[0] == pair[1] + 1).count();
    assert!(adjacent >= 998, "{adjacent}");
    let control = Control::of(&emulator).await;
    assert_eq!(control.get("truth").await, json!({ "scenarios": [truth] }));

    emulator.reset();
    assert_eq!(emulator.truth(), []);
}

#[tokio::test]
async fn the_same_seed_makes_the_same_attempts() {
    let texts = "drip prefix=+992; masked prefix=+9944; launch prefix=+57300; voice prefix=+373";
    let made = async |seed| {
        let scenarios = Scenario::parse_all(texts).unwrap();
        let emulator = start(Emulator::builder().seed(seed).scenarios(scenarios)).await;
        (emulator.truth(), get_json(&emulator, &with_query(LIST, &[("PageSize", "1000")])).await)
    };
    let (truth, page) = made(3).await;
    let (again, page_again) = made(3).await;
    assert_eq!(truth, again);
    assert_eq!(page["attempts"][0]["sid"], page_again["attempts"][0]["sid"]);
    assert_ne!(truth, made(4).await.0);
    // A sample of the same seed has none of their SIDs.
    let of_sample: HashSet<_> =
        sample(3, now(), 5_000).into_iter().map(|attempt| attempt.sid).collect();
    let mut sids = truth.iter().flat_map(|truth| &truth.sids);
    assert!(sids.all(|sid| !of_sample.contains(sid)));
}

#[tokio::test]
async fn each_kind_is_as_its_table_says() {
    let emulator = with(
        "pumping prefix=+998; drip prefix=+992; masked prefix=+994; voice prefix=+373; \
         spike prefix=+573; launch prefix=+996",
    )
    .await;
    for (truth, (kind, attempts, share, minutes)) in emulator.truth().iter().zip([
        ("pumping", 2_400, 0.0, 240),
        ("drip", 576, 0.0, 48 * 60),
        ("masked", 1_200, 0.33, 360),
        ("voice", 300, 0.0, 15),
        ("spike", 3_000, 0.75, 120),
        ("launch", 2_400, 0.75, 24 * 60),
    ]) {
        assert_eq!((truth.kind.as_str(), truth.attempts), (kind, attempts));
        assert_eq!(truth.to, now(), "{kind}");
        assert_eq!(truth.to - truth.from, TimeDelta::minutes(minutes), "{kind}");
        assert_eq!(truth.is_attack, share < 0.5, "{kind}");
        let rate = truth.converted as f64 / truth.attempts as f64;
        assert!((rate - share).abs() < 0.05, "{kind}: {rate}");
        let prefix = truth.prefix.as_deref().unwrap();
        // A last code may still be submitted.
        let [counted, converted] = count(&emulator, &[("DestinationPrefix", prefix)]).await;
        assert_eq!(counted, attempts, "{kind}");
        assert!(converted.abs_diff(truth.converted) < 60, "{kind}");
    }
    // Spike's case: calls to Moldova, of 0.63 each.
    assert_eq!(cost(&emulator.truth()[3]), "189 usd");
    assert_eq!(count(&emulator, &[("Channel", "call")]).await, [300, 0]);
}

#[tokio::test]
async fn what_is_to_come_happens_as_the_clock_runs() {
    let emulator =
        with("masked prefix=+99450 start=10m for=1h rate=60/m converted=100% numbers=random").await;
    assert_eq!(emulator.truth()[0].attempts, 3_600);
    assert_eq!(count(&emulator, &[]).await, [0, 0]);
    emulator.advance_clock(TimeDelta::minutes(40));
    let [attempts, converted] = count(&emulator, &[]).await;
    assert!(attempts.abs_diff(1_800) < 5, "{attempts}");
    // A code is submitted 8 to 95 seconds later.
    assert!((8..=95).contains(&(attempts - converted)), "{attempts} {converted}");
    emulator.advance_clock(TimeDelta::minutes(32));
    assert_eq!(count(&emulator, &[]).await, [3_600, 3_600]);
}

async fn send(emulator: &Emulator, form: &[(&str, &str)]) -> Response {
    let service = "VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let url = format!("{}/v2/Services/{service}/Verifications", emulator.url());
    let request = http().post(url).basic_auth(emulator.account_sid(), Some(emulator.auth_token()));
    request.form(form).send().await.unwrap()
}

fn shop() -> EmulatorBuilder {
    Emulator::builder().service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".parse().unwrap(), "Shop")
}

#[tokio::test]
async fn in_an_outage_attempts_go_on_and_nothing_arrives() {
    let builder = shop().sample(7, now(), 20_000);
    let before = start(builder).await;
    let query = [("Country", "CO"), ("Channel", "sms"), ("PageSize", "1000")];
    let builder = shop()
        .sample(7, now(), 20_000)
        .scenario("outage carrier=732101 start=-10d for=11d".parse().unwrap());
    let emulator = start(builder).await;
    let truth = &emulator.truth()[0];
    assert!(!truth.is_attack && truth.attempts > 50 && truth.converted == 0, "{}", truth.attempts);
    assert_eq!(count(&before, &[]).await[0], count(&emulator, &[]).await[0]);
    assert!(count(&before, &[]).await[1] > count(&emulator, &[]).await[1]);
    let hit: HashSet<String> = truth.sids.iter().map(ToString::to_string).collect();
    let page = get_json(&emulator, &with_query(LIST, &query)).await;
    for attempt in page["attempts"].as_array().unwrap() {
        let data = &attempt["channel_data"];
        let is_hit = hit.contains(attempt["sid"].as_str().unwrap());
        if is_hit {
            assert_eq!(data["carrier"], "Claro");
            assert_eq!(
                (&data["message_status"], &data["error_code"]),
                (&json!("undelivered"), &json!("30003"))
            );
            assert_eq!(attempt["conversion_status"], "unconverted");
        }
    }
    // Nor does what is sent now.
    let numbers = (0..10).map(|last| format!("+57300303000{last}"));
    for to in numbers {
        assert_eq!(send(&emulator, &[("To", &to), ("Channel", "sms")]).await.status(), 201);
    }
    let sent = emulator.outbox().len();
    assert!((1..10).contains(&sent), "{sent}");
    emulator.advance_clock(TimeDelta::days(1));
    assert_eq!(send(&emulator, &[("To", "+573003030000"), ("Channel", "sms")]).await.status(), 201);
    assert_eq!(emulator.outbox().len(), sent + 1);
}

#[tokio::test]
async fn a_data_file_keeps_what_was_made_when_it_was_new() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("verify.data");
    let begin = async |hours| {
        let builder = Emulator::builder().data(&path).scenario(PUMPING.parse().unwrap());
        let clock = ManualClock::at(now() + TimeDelta::hours(hours));
        builder.clock(clock).start().await.unwrap()
    };
    let emulator = begin(0).await;
    assert_eq!((emulator.store().len(), emulator.truth().len()), (2_400, 1));
    emulator.shutdown().await;
    drop(emulator);
    // The attempts are those of the file, which the scenario would now make at another time.
    let emulator = begin(1).await;
    assert_eq!((emulator.store().len(), emulator.truth().len()), (2_400, 0));
}

#[tokio::test]
async fn a_scenario_that_is_invalid_is_named() {
    let error = Emulator::builder().scenario(Scenario::new(ScenarioKind::Drip)).start().await;
    let Err(StartError::Scenario(error)) = error else { panic!("it has no prefix") };
    assert_eq!(error.field(), "prefix");
}

#[tokio::test]
async fn fraud_guard_blocks_a_prefix_for_12_hours() {
    let builder = shop().fraud_guard(100).max_sends(None);
    let builder =
        builder.scenario("pumping prefix=+99899394 start=-1h for=30m rate=198/h".parse().unwrap());
    let emulator = start(builder).await;
    let status = async |to: &str, more: &[(&str, &str)]| {
        let form: Vec<_> = [("To", to), ("Channel", "sms")].iter().chain(more).copied().collect();
        let response = send(&emulator, &form).await;
        let status = response.status();
        let body: Value = response.json().await.unwrap();
        assert_eq!(status == 403, body["code"] == 60410, "{body}");
        status.as_u16()
    };
    // 99 did not convert; this one is the 100th.
    assert_eq!(status("+998993940001", &[]).await, 201);
    assert_eq!(status("+998993940002", &[]).await, 403);
    assert_eq!(status("+998993950002", &[]).await, 201);
    assert_eq!(status("+998993940002", &[("RiskCheck", "disable")]).await, 201);
    assert_eq!(
        send(&emulator, &[("To", "+998993940002"), ("Channel", "call")]).await.status(),
        201
    );

    // What is rejected prolongs the block.
    emulator.advance_clock(TimeDelta::hours(11));
    assert_eq!(status("+998993940003", &[]).await, 403);
    emulator.advance_clock(TimeDelta::hours(11));
    assert_eq!(status("+998993940003", &[]).await, 403);
    emulator.advance_clock(TimeDelta::hours(12));
    assert_eq!(status("+998993940003", &[]).await, 201);

    let numbers = format!("{}/v2/SafeList/Numbers", emulator.url());
    let request =
        http().post(numbers).basic_auth(emulator.account_sid(), Some(emulator.auth_token()));
    assert_eq!(
        request.form(&[("PhoneNumber", "+998993940009")]).send().await.unwrap().status(),
        201
    );
    assert_eq!(get(&emulator, SUMMARY).await.status(), 200);
}
