//! Codes of an authenticator app: registers one by a QR code, and checks a code of it.
//!
//! ```sh
//! cargo run -p examples --bin totp customer-4f1d27a0
//! ```

use std::env;
use std::error::Error;
use std::io::{BufRead, stdin};

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use twilio_verify::Client;

fn enter(prompt: &str) -> Result<String, Box<dyn Error>> {
    println!("{prompt}");
    let line = stdin().lock().lines().next().ok_or("no code was entered")??;
    Ok(line.trim().to_owned())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // A key of the user in your own system. It is part of URLs: not a name, not an address.
    let identity = env::args().nth(1).ok_or("the identity is missing")?;
    let service = Client::from_env()?.service(env::var("VERIFY_SERVICE_SID")?);
    let entity = service.entity(identity);

    let factor = entity.factors().create_totp("Authenticator").await?;
    let sid = factor.sid.ok_or("the factor has no SID")?;
    // The secret is in this response alone.
    let uri = factor.binding.and_then(|binding| binding.uri).ok_or("the factor has no URI")?;
    let uri = uri.expose();
    println!("{}", QrCode::new(uri)?.render::<Dense1x2>().build());
    println!("Scan this, or open {uri}");

    // Proves that the app has the secret. A wrong code is no error.
    loop {
        let code = enter("Enter the code of the app:")?;
        if entity.factors().verify(&sid, code).await?.is_verified() {
            break;
        }
        println!("Not that one.");
    }
    println!("The app is registered.");

    // At each sign-in. A code works once.
    let code = enter("Enter the next code of the app:")?;
    let challenge = entity.challenges().create(&sid).auth_payload(code).await?;
    println!("{}", if challenge.is_approved() { "signed in" } else { "rejected" });
    Ok(())
}
