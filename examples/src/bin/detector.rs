//! Looks for SMS pumping in data of one's own: a file with a line for each attempt, from any system.
//!
//! ```sh
//! cargo run -p examples --bin detector -- attempts.csv
//! ```
//!
//! The first line names the columns, `id,created,country,channel,number,converted,price`; `created` is in
//! RFC 3339, `converted` is `true`, `false` or empty, `price` is in USD or empty. Lines are in the order of
//! time. The attempts of the first week teach what is usual; from then on each minute is looked at, and what
//! begins or ends is printed.

use std::env;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};

use chrono::{DateTime, TimeDelta, Utc};
use twilio_verify_insights::{Detector, EpisodeState, Episodes, History, Observation};

const COLUMNS: &str = "id,created,country,channel,number,converted,price";

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("name a file with attempts")?;
    let mut lines = BufReader::new(File::open(path)?).lines();
    if lines.next().transpose()?.as_deref() != Some(COLUMNS) {
        return Err(format!("the first line is not {COLUMNS}").into());
    }

    let detector = Detector::new();
    let mut history = History::new();
    let mut episodes = Episodes::new();
    let mut next: Option<DateTime<Utc>> = None;
    for (number, line) in lines.enumerate() {
        let attempt =
            observation(&line?).map_err(|error| format!("line {}: {error}", number + 2))?;
        let mut now = next.unwrap_or(attempt.created + TimeDelta::days(7));
        while now <= attempt.created {
            look(&detector, &history, &mut episodes, now);
            now += TimeDelta::minutes(1);
        }
        next = Some(now);
        history.record(attempt);
    }
    // What was recorded last, and the end of what goes on.
    if let Some(next) = next {
        for minute in 0..60 {
            look(&detector, &history, &mut episodes, next + TimeDelta::minutes(minute));
        }
    }
    Ok(())
}

fn look(detector: &Detector, history: &History, episodes: &mut Episodes, now: DateTime<Utc>) {
    for event in episodes.update(detector.look(history, now), now) {
        let state = match event.state {
            EpisodeState::Started => "started",
            _ => "ended",
        };
        println!("{now} {state} {}", event.finding);
    }
}

/// An attempt of a line.
fn observation(line: &str) -> Result<Observation, Box<dyn Error>> {
    let fields: Vec<&str> = line.split(',').collect();
    let [id, created, country, channel, number, converted, price] = fields[..] else {
        return Err(format!("not {COLUMNS}").into());
    };
    let mut attempt = Observation::new(id, created.parse()?).to(number);
    attempt.country = country.into();
    attempt.channel = channel.into();
    attempt.converted = if converted.is_empty() { None } else { Some(converted.parse()?) };
    if !price.is_empty() {
        attempt.price = Some(("USD".parse()?, price.parse()?));
    }
    Ok(attempt)
}
