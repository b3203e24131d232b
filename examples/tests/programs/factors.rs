//! Factors: an authenticator app, and a phone that approves a sign-in.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::hmac;
use reqwest::StatusCode;
use serde_json::json;
use twilio_verify_emulator::Emulator;

use crate::device::Device;
use crate::program::{Program, SERVICE, command, emulator, http};

const IDENTITY: &str = "customer-4f1d27a0";

/// The six digits that an authenticator app shows now, or some steps of 30 seconds later.
fn code(uri: &str, later: u64) -> String {
    let secret = uri.split_once("secret=").unwrap().1.split('&').next().unwrap();
    let secret = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let second = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &secret);
    let tag = hmac::sign(&key, &(second / 30 + later).to_be_bytes());
    let offset = usize::from(tag.as_ref()[19] & 0xf);
    let bytes = tag.as_ref()[offset..offset + 4].try_into().unwrap();
    format!("{:06}", (u32::from_be_bytes(bytes) & 0x7fff_ffff) % 1_000_000)
}

#[tokio::test]
async fn an_authenticator_app_is_registered_by_a_qr_code_and_signs_in() {
    let emulator = emulator().start().await.unwrap();
    let mut command = command(env!("CARGO_BIN_EXE_totp"), &emulator);
    let mut program = Program::start(command.arg(IDENTITY));
    program.line("█▀▀▀▀▀█").await;
    let uri = program.line("Scan this, or open otpauth://totp/").await;
    program.line("Enter the code").await;
    program.enter("000").await;
    program.line("Not that one.").await;
    program.enter(&code(&uri, 0)).await;
    program.line("The app is registered.").await;
    program.line("Enter the next code").await;
    program.enter(&code(&uri, 1)).await;
    program.line("signed in").await;
    program.ended().await;
}

/// A device that is registered and verified, and the factor that it is.
async fn device(emulator: &Emulator) -> (Device, String) {
    let client = twilio_verify::Client::builder()
        .credentials(emulator.credentials())
        .base_url(emulator.url())
        .build()
        .unwrap();
    let device = Device::new();
    let factors = client.service(SERVICE).entity(IDENTITY).factors();
    let factor = factors
        .create_push("Phone", &device.public_key, "com.example.shop", "1.3.0")
        .await
        .unwrap();
    let sid = factor.sid.unwrap().to_string();
    factors.verify(&sid, device.sign(&json!({ "sid": sid }))).await.unwrap();
    (device, sid)
}

#[tokio::test]
async fn a_webhook_reports_that_a_sign_in_was_approved_or_denied() {
    let emulator = emulator().start().await.unwrap();
    let (device, factor) = device(&emulator).await;
    let mut command = command(env!("CARGO_BIN_EXE_push_webhooks"), &emulator);
    let mut program = Program::start(&mut command);
    let url = program.url().await;
    let http = http();

    for answer in ["approved", "denied"] {
        let form = [("identity", IDENTITY), ("factor", &*factor)];
        let begun = http.post(format!("{url}/sign-ins")).form(&form).send().await.unwrap();
        assert_eq!(begun.status(), StatusCode::ACCEPTED);
        let sid = begun.text().await.unwrap();
        let status = async || {
            let status = http.get(format!("{url}/sign-ins/{sid}")).send().await.unwrap();
            status.text().await.unwrap()
        };
        assert_eq!(status().await, "pending");

        let token = device.sign(&json!({ "sid": sid, "status": answer }));
        let challenge = format!(
            "{}/v2/Services/{SERVICE}/Entities/{IDENTITY}/Challenges/{sid}",
            emulator.url()
        );
        let answered = http
            .post(challenge)
            .basic_auth(emulator.account_sid(), Some(emulator.auth_token()))
            .form(&[("AuthPayload", token)])
            .send()
            .await
            .unwrap();
        assert_eq!(answered.status(), StatusCode::OK);
        // The browser asks until it is told.
        while status().await == "pending" {
            tokio::task::yield_now().await;
        }
        assert_eq!(status().await, answer);
    }

    // What Twilio did not sign is not believed.
    let forged = http
        .post(format!("{url}/events"))
        .header("X-Twilio-Signature", "oVYqeksopGiDZrxU1OZwouT615Y=")
        .form(&[("type", "challenge.approved")])
        .send()
        .await
        .unwrap();
    assert_eq!(forged.status(), StatusCode::FORBIDDEN);
}
