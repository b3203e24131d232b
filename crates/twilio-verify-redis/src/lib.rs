//! Keeps Twilio Verify's request limits across processes, with Redis.
//!
//! Twilio counts the requests of an account, whichever process sends them: two replicas of a
//! program, each of which keeps to 100 requests a minute, send 200. With a [`RedisGate`], all
//! processes that use the same Redis, or a server with its protocol such as Valkey or Dragonfly,
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
//! Each request runs one script in Redis, in one round trip. The script uses the clock of the
//! server: the clocks of the processes don't matter. The algorithm is that of the clients themselves
//! (GCRA): two fifths of the limit at once, the others at even intervals. No period, whenever it
//! begins, has more requests than the limit. Intervals are 3 % longer than necessary, because a
//! request takes some time from the script to Twilio; so 97 % of the limit can be used. Requests of
//! a process are sent in their order; those of several processes are not ordered.
//!
//! When Twilio rejects a request with status 429, all processes wait for the time that it states.
//!
//! # When Redis is away
//!
//! By default ([`Away::Share`]), each process continues alone with an equal part of the limit: there
//! are as many parts as processes that asked Redis within the last two periods. This is reported
//! once, as an event of level `WARN`, and once when Redis is back. The limit is kept then too, even
//! if the server comes back without its data: a process that worked without Redis begins without a
//! burst. With [`Away::Refuse`], requests fail instead.
//!
//! # What is stored
//!
//! Each limit has three keys, which expire within two periods: `twilio-verify:{…}:due`, `:pause` and
//! `:callers`. The braces contain the server, the account and the name of the limit. The path of a
//! resource may contain a phone number, so only its SHA-256 hash is stored.

mod bucket;
mod gate;

pub use gate::{Away, RedisGate, RedisGateBuilder, RedisGateError};
