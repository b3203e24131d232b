//! A program that uses parameters as soon as the document has them.

use twilio_verify::{Channel, Client, Credentials};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("the server's URL is missing")?;
    let account = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let client = Client::builder()
        .credentials(Credentials::auth_token(account, "token"))
        .base_url(url)
        .build()?;
    let service = client.service("VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");

    let verification = service.verifications().start("+573003003030", Channel::Sms);
    verification.greeting_name("Ana María").send().await?;
    let attempts = client.attempts().list().carrier_name("Claro").limit(1);
    attempts.items().try_next().await?.ok_or("no attempt")?;
    client.attempts().summary().carrier_name("Claro Móvil").send().await?;
    Ok(())
}
