//! Credentials by OAuth: a client id and a client secret are exchanged for tokens, which are renewed
//! by themselves.
//!
//! ```sh
//! export TWILIO_CLIENT_ID=OQ… TWILIO_CLIENT_SECRET=…
//! cargo run -p examples --bin oauth
//! ```
//!
//! `TWILIO_TOKEN_URL` is another token endpoint than Twilio's.

use std::env;
use std::error::Error;

use twilio_verify::{Client, OAuth};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut oauth =
        OAuth::builder(env::var("TWILIO_CLIENT_ID")?, env::var("TWILIO_CLIENT_SECRET")?);
    if let Ok(url) = env::var("TWILIO_TOKEN_URL") {
        oauth = oauth.token_url(url);
    }
    let mut client = Client::builder().credentials_provider(oauth.build()?);
    // `Client::from_env` reads this too, but wants fixed credentials.
    if let Ok(url) = env::var("TWILIO_BASE_URL") {
        client = client.base_url(url);
    }
    let client = client.build()?;

    // The first call fetches a token; the others use it.
    let summary = client.attempts().summary().await?;
    println!("{} attempts", summary.total_attempts);
    let mut services = client.services().list().items();
    while let Some(service) = services.try_next().await? {
        println!("service {}", service.friendly_name.unwrap_or_default());
    }
    Ok(())
}
