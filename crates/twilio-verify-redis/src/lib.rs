//! Keeps Twilio Verify's request limits over many processes, by Redis.
//!
//! Twilio counts the requests of an account, whichever process sends them: two replicas of a
//! program, each of which keeps to 100 requests a minute, send 200. With a [`RedisGate`] all
//! processes with the same Redis, or a server that speaks its protocol such as Valkey or Dragonfly,
//! count together.
//!
//! ```no_run
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use twilio_verify::ClientBuilder;
//! use twilio_verify_redis::RedisGate;
//!
//! let gate = RedisGate::connect("redis://127.0.0.1/").await?;
//! let client = ClientBuilder::from_env()?.request_gate(gate).build()?;
//! let summary = client.attempts().summary().send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # How it counts
//!
//! A request takes its place by one script in Redis, one round trip, by the clock of the server: the
//! clocks of the processes don't matter. The algorithm is the one of the clients themselves (GCRA):
//! two fifths of the limit at once, the others at even intervals. No period, wherever it begins,
//! holds more than the limit. Intervals are 3 % longer than they could be, because a request takes
//! some time from the script to Twilio; so 97 % of the limit can be used. Requests of a process are
//! sent in their order; those of several processes are not ordered.
//!
//! When Twilio rejects a request with status 429, all processes wait as long as it says.
//!
//! # When Redis is away
//!
//! By default ([`Away::Share`]) each process goes on alone, with an equal part of the limit: as many
//! parts as processes asked Redis within the last two periods. This is reported once, as an event of
//! level `WARN`, and once when Redis is back. Nothing more than the limit is sent then either, even
//! if the server comes back without its memory: whoever did without Redis meanwhile begins without a
//! burst. With [`Away::Refuse`] requests fail instead.
//!
//! # What is stored
//!
//! Three keys for each limit, which expire within two periods: `twilio-verify:{…}:due`, `:pause` and
//! `:callers`. The braces hold server, account and the name of the limit. Of the path of a resource,
//! which may hold a phone number, they hold a SHA-256 hash.

mod bucket;
mod gate;

pub use gate::{Away, RedisGate, RedisGateBuilder, RedisGateError};
