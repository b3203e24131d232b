//! Breakdowns of Twilio Verify's attempts: by country, channel, day, prefix, carrier and more.
//!
//! Verify's Summary endpoint returns one cell of a table per request. [`AttemptsExt::breakdown`] builds the
//! table with as few requests as possible, and checks whether its cells sum to the whole.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use twilio_verify_emulator::{Emulator, sample};
//! # let now = chrono::Utc::now();
//! # let emulator = Emulator::builder().attempts(sample(7, now, 500)).start().await?;
//! # let client = twilio_verify::Client::builder()
//! #     .credentials(emulator.credentials())
//! #     .base_url(emulator.url())
//! #     .build()?;
//! use chrono::{TimeDelta, Utc};
//! use twilio_verify_insights::{AttemptsExt, By, Calls, Confidence, Period};
//!
//! let table = client
//!     .attempts()
//!     .breakdown()
//!     .period(Period::last(TimeDelta::days(7), Utc::now())?)
//!     .by([By::Country, By::Channel])
//!     .budget(Calls(300))
//!     .run()
//!     .await?;
//! for (labels, counts) in table.cells() {
//!     println!("{labels:?}: {:?} {:?}", counts.rate(), counts.interval(Confidence::P95));
//! }
//! println!("{}", table.proof().ok_or("a breakdown has a proof")?.verdict);
//! # Ok(())
//! # }
//! ```
//!
//! [`Breakdown::plan`] shows beforehand how many requests a breakdown takes, and why; [`Plan::run`] runs
//! that plan:
//!
//! ```no_run
//! # async fn example(client: twilio_verify::Client) -> Result<(), twilio_verify_insights::BreakdownError> {
//! use twilio_verify_insights::{AttemptsExt, By};
//!
//! let plan = client.attempts().breakdown().by([By::Country, By::Day]).plan().await?;
//! println!("{plan}");
//! let table = plan.run_with(|progress| eprintln!("{} calls", progress.calls)).await?;
//! for caveat in table.caveats() {
//!     println!("{caveat}");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A [`Table`] can also be made from attempts of any source ([`Table::of`]); tables of disjoint attempts
//! [merge](Table::merge) exactly.
//!
//! A rate of fewer than 20 attempts says little ([`Counts::is_judged`]); every rate has an interval
//! ([`Counts::interval`]). Money and rates are exact decimals.

mod breakdown;
mod detect;
mod filters;
mod period;
mod table;
mod watch;

pub use breakdown::breakdown::{AttemptsExt, Breakdown};
#[doc(hidden)]
pub use breakdown::plan::error::BreakdownError;
pub use breakdown::plan::plan::{Calls, Plan};
pub use breakdown::requests::ask::Progress;
pub use breakdown::requests::bounds::Bounds;
pub use detect::detector::Detector;
pub use detect::episodes::{EpisodeEvent, EpisodeState, Episodes};
pub use detect::finding::{Evidence, Finding, FindingCell, FindingKind, PriceRank, Share};
pub use detect::history::History;
pub use detect::hours::{Expected, Hours};
pub use detect::observation::Observation;
pub use filters::Filters;
pub use period::{KEPT, Period, PeriodError, UNSETTLED, settled};
pub use table::by::{By, ParseByError};
pub use table::caveat::Caveat;
pub use table::cost::{Cost, Costs, Currency, ParseCurrencyError};
pub use table::counts::Counts;
pub use table::interval::{Confidence, Interval};
pub use table::label::Label;
pub use table::proof::{Proof, Verdict};
pub use table::table::{Table, TableError};
pub use watch::look::{Look, Scale, Started};
pub use watch::replay::Replay;
pub use watch::watch::{Watch, WatchExt};
pub use watch::watcher::Watcher;
