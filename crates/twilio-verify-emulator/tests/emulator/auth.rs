//! Authentication.

use twilio_verify_emulator::{Emulator, EmulatorBuilder, StartError};

use crate::http::http;
use crate::support::assert_error;

const KEY: &str = "SK0123456789abcdef0123456789abcdef";

async fn status(emulator: &Emulator, user: &str, password: &str) -> u16 {
    let request = http().get(format!("{}/v2/Attempts/Summary", emulator.url()));
    request.basic_auth(user, Some(password)).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn the_account_and_its_keys_are_let_in() {
    let emulator = Emulator::builder()
        .account_sid("ACffffffffffffffffffffffffffffffff")
        .auth_token("a token: with a colon")
        .api_key(KEY, "secret")
        .start()
        .await
        .unwrap();
    assert_eq!(emulator.account_sid(), "ACffffffffffffffffffffffffffffffff");
    assert_eq!(status(&emulator, emulator.account_sid(), emulator.auth_token()).await, 200);
    assert_eq!(status(&emulator, KEY, "secret").await, 200);
    for (user, password) in [
        (emulator.account_sid(), "secret"),
        (KEY, emulator.auth_token()),
        (EmulatorBuilder::DEFAULT_ACCOUNT_SID, EmulatorBuilder::DEFAULT_AUTH_TOKEN),
        ("", ""),
    ] {
        assert_eq!(status(&emulator, user, password).await, 401);
    }
}

#[tokio::test]
async fn without_credentials_every_path_answers_20003() {
    let emulator = Emulator::start().await.unwrap();
    for path in ["/v2/Attempts", "/v2/Attempts/Summary?Country=??", "/v2/Attempts/x", "/nowhere"] {
        let response = http().post(format!("{}{path}", emulator.url())).send().await.unwrap();
        assert_eq!(response.headers()["www-authenticate"], "Basic realm=\"Twilio API\"");
        assert!(response.headers().contains_key("twilio-request-id"));
        assert_eq!(assert_error(response, 401, 20003).await, "Authenticate");
    }
}

#[tokio::test]
async fn credentials_that_no_client_could_send_are_refused_at_the_start() {
    let refused = |builder: EmulatorBuilder| async { builder.start().await.unwrap_err() };
    let error = refused(Emulator::builder().account_sid("AC123")).await;
    assert!(matches!(error, StartError::InvalidAccountSid), "{error}");
    let error = refused(Emulator::builder().api_key("AC123", "secret")).await;
    assert!(matches!(error, StartError::InvalidApiKeySid), "{error}");
    let error = refused(Emulator::builder().auth_token("")).await;
    assert!(matches!(error, StartError::EmptySecret), "{error}");
    let error = refused(Emulator::builder().api_key(KEY, "")).await;
    assert!(matches!(error, StartError::EmptySecret), "{error}");
}
