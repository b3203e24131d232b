//! One limit for many processes: a job that counts the attempts of each day, of which any number may
//! run at once without breaking Twilio's limit together.
//!
//! ```sh
//! export REDIS_URL=redis://127.0.0.1/
//! cargo run -p examples --bin shared_limit -- 30
//! ```
//!
//! Twilio counts requests by account: 100 summaries a minute. A client's own gate knows the requests of
//! its process; this one asks Redis before each of them.

use std::env;
use std::error::Error;

use chrono::{Days, NaiveTime, Utc};
use twilio_verify::ClientBuilder;
use twilio_verify_redis::{Away, RedisGate};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let days: u64 = env::args().nth(1).unwrap_or_else(|| "7".to_owned()).parse()?;
    let redis = env::var("REDIS_URL").map_err(|_| "set REDIS_URL, such as redis://127.0.0.1/")?;

    // While Redis is away, a fixed share of the limit is used, so that the job goes on.
    let gate = RedisGate::builder(redis).when_away(Away::Share).connect().await?;
    let client = ClientBuilder::from_env()?.request_gate(gate).build()?;

    let today = Utc::now().date_naive().and_time(NaiveTime::MIN).and_utc();
    for ago in 1..=days {
        let begin = today - Days::new(ago);
        let summary = client
            .attempts()
            .summary()
            .created_after(begin)
            .created_before(begin + Days::new(1))
            .send()
            .await?;
        println!(
            "{}: {} attempts, {} converted",
            begin.date_naive(),
            summary.total_attempts,
            summary.total_converted
        );
    }
    Ok(())
}
