//! Sends a code and checks it, without async.
//!
//! ```sh
//! cargo run -p examples --bin blocking +14155550100
//! ```

use std::env;
use std::error::Error;
use std::io::{BufRead, stdin};

use twilio_verify::blocking::Wait;
use twilio_verify::{Channel, Client};

fn main() -> Result<(), Box<dyn Error>> {
    let to = env::args().nth(1).ok_or("the number is missing")?;
    let client = Client::from_env()?;
    let verify = client.service(env::var("VERIFY_SERVICE_SID")?).verifications();

    verify.start(&to, Channel::Sms).send().wait()?;
    println!("Enter the code:");
    for line in stdin().lock().lines() {
        if verify.check(&to, line?.trim()).send().wait()?.is_approved() {
            println!("verified");
            // Lists are iterators.
            for attempt in client.attempts().list().limit(1).items() {
                println!("by {}", attempt?.channel.ok_or("no channel")?);
            }
            return Ok(());
        }
        println!("Not that one. Enter the code:");
    }
    Err("no code was entered".into())
}
