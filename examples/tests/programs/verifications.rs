//! Codes: sent and checked by a web service, without async, and what errors come to.

use reqwest::{Response, StatusCode};
use serde_json::Value;
use twilio_verify_emulator::{Channel, Emulator};

use crate::program::{Program, SERVICE, command, emulator, http, output};

const TO: &str = "+14155550100";

async fn post(url: &str, form: &[(&str, &str)]) -> Response {
    http().post(url).form(form).send().await.unwrap()
}

/// An emulator whose service rejects an SMS to a landline.
async fn without_landlines() -> Emulator {
    let emulator = emulator().start().await.unwrap();
    let client = twilio_verify::Client::builder()
        .credentials(emulator.credentials())
        .base_url(emulator.url())
        .build()
        .unwrap();
    let update = client.services().update(SERVICE).lookup_enabled(true);
    update.skip_sms_to_landlines(true).await.unwrap();
    emulator
}

async fn verified(url: &str, code: &str) -> bool {
    let form = [("user", "ada"), ("to", TO), ("code", code)];
    let response = post(&format!("{url}/codes/check"), &form).await;
    assert_eq!(response.status(), StatusCode::OK);
    response.json::<Value>().await.unwrap()["verified"].as_bool().unwrap()
}

#[tokio::test]
async fn a_web_service_sends_a_code_and_checks_it() {
    let emulator = emulator().start().await.unwrap();
    let mut command = command(env!("CARGO_BIN_EXE_send_and_check"), &emulator);
    let mut program = Program::start(command.env("RESEND_AFTER", "3600"));
    let url = program.url().await;
    let codes = format!("{url}/codes");

    let sent = post(&codes, &[("user", "ada"), ("to", TO)]).await;
    assert_eq!(sent.status(), StatusCode::ACCEPTED);
    let sent: Value = sent.json().await.unwrap();
    assert_eq!((&sent["channel"], &sent["resend_after"]), (&"sms".into(), &3600.into()));

    // An impatient user waits; another one doesn't.
    let again = post(&codes, &[("user", "ada"), ("to", TO)]).await;
    assert_eq!(again.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = again.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((3500..=3600).contains(&wait), "{wait}");
    let other = post(&codes, &[("user", "bob"), ("to", "+14155550101")]).await;
    assert_eq!(other.status(), StatusCode::ACCEPTED);
    assert_eq!(emulator.outbox().len(), 2);

    // A mistake in the number is corrected without a wait.
    for (to, status) in
        [("4155550102", StatusCode::UNPROCESSABLE_ENTITY), ("+14155550102", StatusCode::ACCEPTED)]
    {
        assert_eq!(post(&codes, &[("user", "eve"), ("to", to)]).await.status(), status);
    }

    let code = emulator.outbox().code_for(TO).unwrap();
    let wrong = if code == "000000" { "111111" } else { "000000" };
    assert!(!verified(&url, wrong).await);
    assert!(verified(&url, &code).await);
    // It is used up.
    let form = [("user", "ada"), ("to", TO), ("code", &*code)];
    let late = post(&format!("{url}/codes/check"), &form).await;
    assert_eq!(late.status(), StatusCode::GONE);
}

#[tokio::test]
async fn a_code_that_is_asked_for_again_comes_by_a_call_up_to_the_users_limit() {
    let emulator = without_landlines().await;
    let mut command = command(env!("CARGO_BIN_EXE_send_and_check"), &emulator);
    let command = command.env("RESEND_AFTER", "0").env("SENDS_PER_HOUR", "3");
    let mut program = Program::start(command);
    let codes = format!("{}/codes", program.url().await);
    let numbers = [TO, TO, "+14155550101", "+14155550102"];
    let statuses = [StatusCode::ACCEPTED; 3].into_iter().chain([StatusCode::TOO_MANY_REQUESTS]);
    for (to, status) in numbers.into_iter().zip(statuses) {
        let sent = post(&codes, &[("user", "ada"), ("to", to)]).await;
        assert_eq!(sent.status(), status, "{to}");
    }
    let channels: Vec<_> =
        emulator.outbox().messages().into_iter().map(|message| message.channel).collect();
    assert_eq!(channels, [Channel::Sms, Channel::Call, Channel::Call]);

    // Another user's limit is another one, and a landline is called at once.
    let landline = post(&codes, &[("user", "bob"), ("to", "+15005550009")]).await;
    assert_eq!(landline.status(), StatusCode::ACCEPTED);
    assert_eq!(landline.json::<Value>().await.unwrap()["channel"], "call");

    // The service can start again, though its rate limit is there already.
    let mut again = Program::start(command);
    again.url().await;
}

#[tokio::test]
async fn each_error_has_its_advice() {
    let emulator = without_landlines().await;
    let mut command = command(env!("CARGO_BIN_EXE_error_handling"), &emulator);
    command.args([
        TO,
        "+15005550009",
        "+15005550004",
        "+15005550003",
        "nonsense",
        TO,
        TO,
        TO,
        TO,
        TO,
    ]);
    let (stdout, _) = output(&mut command).await;
    let lines: Vec<_> = stdout.lines().collect();
    assert_eq!(
        lines,
        [
            "1: a code was sent",
            "2: a landline: offer a call",
            "3: blocked by Fraud Guard",
            "4: the account sends nothing there",
            "5: not a number: ask for another",
            "6: a code was sent",
            "7: a code was sent",
            "8: a code was sent",
            "9: a code was sent",
            "10: sent too often: ask for the code that was sent",
        ]
    );
    let (stdout, _) = output(command.env("TWILIO_AUTH_TOKEN", "wrong")).await;
    assert!(stdout.starts_with("1: correct the credentials: CreateVerification: "), "{stdout}");
    let (stdout, _) = output(command.env("VERIFY_SERVICE_SID", "VA123")).await;
    assert!(stdout.starts_with("1: correct the program: service: not a service SID"), "{stdout}");
}

#[tokio::test]
async fn a_program_without_async_asks_until_the_code_is_right() {
    let emulator = emulator().start().await.unwrap();
    let mut command = command(env!("CARGO_BIN_EXE_blocking"), &emulator);
    let mut program = Program::start(command.arg(TO));
    program.line("Enter the code:").await;
    let code = emulator.outbox().code_for(TO).unwrap();
    program.enter(if code == "000000" { "111111" } else { "000000" }).await;
    program.line("Not that one.").await;
    program.enter(&code).await;
    program.line("verified").await;
    program.line("by sms").await;
    program.ended().await;
}
