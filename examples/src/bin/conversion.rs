//! Where codes are not entered: keeps attempts in an archive, and names the countries that convert
//! less than all of them together.
//!
//! ```sh
//! cargo run -p examples --bin conversion -- ./attempts
//! ```
//!
//! Run it each hour: each time it reads what is new, and Twilio's 30 days become as many as you keep.

use std::env;
use std::error::Error;

use rust_decimal::prelude::ToPrimitive;
use twilio_verify::Client;
use twilio_verify_archive::{Archive, Numbers};
use twilio_verify_insights::{By, Confidence};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1).ok_or("name a folder for the archive")?;
    let client = Client::from_env()?;

    let archive = Archive::open(folder)?;
    // Numbers are personal data: `Prefix` keeps a part of them, for breakdowns by prefix.
    let synced = archive.sync(&client.attempts()).numbers(Numbers::None).run().await?;
    println!("{} attempts are new", synced.added);
    if !synced.is_complete() {
        println!("some are missing, or not proven to be all");
    }

    let table = archive.breakdown().by([By::Country, By::Channel]).run().await?;
    let all = table.total().rate().and_then(|rate| rate.to_f64()).unwrap_or_default();
    println!("{all:.1} % of all converted");
    for (labels, counts) in table.cells() {
        // Of fewer than 20 attempts, a rate says little.
        if !counts.is_judged() {
            continue;
        }
        if let Some(interval) = counts.interval(Confidence::P95)
            && interval.high < all
        {
            let names: Vec<String> = labels.iter().map(ToString::to_string).collect();
            println!(
                "{}: {} of {} converted, {:.1} to {:.1} %",
                names.join(" "),
                counts.converted,
                counts.attempts,
                interval.low,
                interval.high
            );
        }
    }
    Ok(())
}
