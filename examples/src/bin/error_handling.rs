//! What to do about which error: sends a code to each number on the command line, and says what came
//! of it.
//!
//! ```sh
//! cargo run -p examples --bin error_handling +14155550100 +15005550009 nonsense
//! ```

use std::env;
use std::error::Error;

use twilio_verify::{Channel, Client, ErrorKind, codes};

/// What a service does about an error of sending a code.
fn advice(error: &twilio_verify::Error) -> String {
    match error.code() {
        Some(codes::LANDLINE) => return "a landline: offer a call".to_owned(),
        Some(codes::MAX_SEND_ATTEMPTS) => {
            return "sent too often: ask for the code that was sent".to_owned();
        }
        Some(codes::FRAUD_GUARD) => return "blocked by Fraud Guard".to_owned(),
        Some(codes::GEO_PERMISSIONS) => return "the account sends nothing there".to_owned(),
        Some(codes::INVALID_PARAMETER | codes::INVALID_TO_NUMBER) => {
            return "not a number: ask for another".to_owned();
        }
        _ => {}
    }
    match error.kind() {
        // Nothing was sent, and the error names the field.
        ErrorKind::InvalidRequest if error.field() == Some("to") => {
            "not a number: ask for another".to_owned()
        }
        // The operator's errors: a user can do nothing about them.
        ErrorKind::Config | ErrorKind::InvalidRequest => format!("correct the program: {error}"),
        ErrorKind::Refused if error.is_auth() => format!("correct the credentials: {error}"),
        ErrorKind::Refused if error.is_not_found() => format!("correct the service: {error}"),
        // The client has already waited and tried again where that is safe.
        ErrorKind::Refused if error.is_rate_limited() => {
            let wait = error.retry_after().map_or(60, |wait| wait.as_secs());
            format!("too many requests: try again in {wait} s")
        }
        ErrorKind::NotSent => "nothing was sent: try again".to_owned(),
        // A code may be on its way: another would make the first one useless.
        ErrorKind::NoAnswer | ErrorKind::Unreadable => {
            "a code may have been sent: ask before another is".to_owned()
        }
        _ => format!("give up: {error}"),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let verify = Client::from_env()?.service(env::var("VERIFY_SERVICE_SID")?).verifications();
    for (place, to) in env::args().skip(1).enumerate() {
        match verify.start(to, Channel::Sms).await {
            Ok(_) => println!("{}: a code was sent", place + 1),
            Err(error) => println!("{}: {}", place + 1, advice(&error)),
        }
    }
    Ok(())
}
