//! `buckets`: list, fetch.

use clap::{Args, Subcommand};
use twilio_verify::{Bucket, BucketSid, Client, RateLimitContext, RateLimitSid};

use crate::commands::args::{ServiceArg, SidArg};
use crate::failure::report::Failure;
use crate::output::column::Column;
use crate::output::shape::Resource;
use crate::session::lists::Range;
use crate::session::requests::Session;

/// What to do with buckets.
#[derive(Debug, Subcommand)]
pub(crate) enum BucketsCommand {
    /// List the buckets of a rate limit
    List(ListArgs),
    /// Show one bucket
    Fetch(FetchArgs),
}

/// Which buckets to list.
#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    limit: LimitArgs,

    #[command(flatten)]
    range: Range,
}

/// Which bucket to fetch.
#[derive(Args, Debug)]
pub(crate) struct FetchArgs {
    #[command(flatten)]
    limit: LimitArgs,

    #[command(flatten)]
    sid: SidArg<BucketSid>,
}

/// The rate limit that a bucket is of.
#[derive(Args, Debug)]
struct LimitArgs {
    #[command(flatten)]
    service: ServiceArg,

    /// The rate limit that it belongs to: `RK` and 32 hexadecimal digits
    #[arg(long, value_name = "SID")]
    rate_limit_sid: RateLimitSid,
}

impl LimitArgs {
    /// The rate limit, as the client knows it.
    fn of(self, client: &Client) -> RateLimitContext {
        self.service.of(client).rate_limit(self.rate_limit_sid)
    }
}

impl BucketsCommand {
    pub(super) async fn run(self, mut session: Session) -> Result<(), Failure> {
        match self {
            Self::List(ListArgs { limit, range }) => {
                let buckets = limit.of(&session.client).buckets();
                session.list(buckets.list(), range).await
            }
            Self::Fetch(FetchArgs { limit, sid }) => {
                let buckets = limit.of(&session.client).buckets();
                session.one(&buckets.fetch(sid.into_sid()?).await?)
            }
        }
    }
}

impl Resource for Bucket {
    const PLURAL: &'static str = "buckets";
    const COLUMNS: &'static [Column] = &[
        Column::new("MAX", "max"),
        Column::new("SECONDS", "interval"),
        Column::new("SID", "sid"),
    ];
}
