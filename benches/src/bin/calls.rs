//! Makes a number of calls in one way, for tools that measure a whole process. The server is a
//! separate process, so that its cost isn't counted.

#![allow(clippy::print_stdout, reason = "the server's URL goes to standard output")]

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use benches::error::Error;
use benches::loads::summaries::{Calls, Way};
use benches::servers::summary;
use clap::{Parser, Subcommand};

/// Makes a number of calls in one way.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Calls by the client.
    Client(Count),
    /// The same calls by hand, with reqwest and serde.
    ByHand(Count),
    /// The same again, within 15 seconds.
    ByHandInTime(Count),
    /// Serves until standard input ends; prints the URL first.
    Serve,
}

#[derive(clap::Args)]
struct Count {
    /// How many calls are made.
    calls: u64,
    /// How many of them are in flight at once.
    #[arg(default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    in_flight: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let (way, count) = match Arguments::parse().what {
        What::Client(count) => (Way::Client, count),
        What::ByHand(count) => (Way::ByHand, count),
        What::ByHandInTime(count) => (Way::ByHandInTime, count),
        What::Serve => {
            println!("{}", summary::serve()?);
            std::io::stdin().read_to_end(&mut Vec::new())?;
            return Ok(());
        }
    };
    let mut server = Command::new(std::env::current_exe()?)
        .arg("serve")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut url = String::new();
    let output = server.stdout.take().ok_or("no output")?;
    BufReader::new(output).read_line(&mut url)?;
    let calls = Calls::new(url.trim())?;
    let done = calls.run(way, count.calls, count.in_flight).await;
    drop(server.stdin.take());
    server.wait()?;
    done?;
    Ok(())
}
