//! `challenges`: list, fetch.

use clap::{Args, Subcommand};
use twilio_verify::{Challenge, ChallengeSid, ChallengeStatus, FactorSid, ListOrder};

use crate::commands::args::{EntityArgs, SidArg, given};
use crate::failure::report::Failure;
use crate::output::column::{Column, Kind};
use crate::output::shape::Resource;
use crate::session::lists::Range;
use crate::session::requests::Session;
use crate::values::texts::known;

/// What to do with challenges.
#[derive(Debug, Subcommand)]
pub(crate) enum ChallengesCommand {
    /// List the challenges of an entity
    List(ListArgs),
    /// Show one challenge
    Fetch(FetchArgs),
}

/// Which challenges to list; all filters that are given must hold.
#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    entity: EntityArgs,

    /// Only challenges of this factor
    #[arg(long, value_name = "SID")]
    factor_sid: Option<FactorSid>,

    /// Only challenges that stand so
    #[arg(
        long,
        ignore_case = true,
        value_parser = known::<ChallengeStatus>(ChallengeStatus::VALUES)
    )]
    status: Option<ChallengeStatus>,

    /// By their creation: the oldest first, or the newest
    #[arg(long, ignore_case = true, value_parser = known::<ListOrder>(ListOrder::VALUES))]
    order: Option<ListOrder>,

    #[command(flatten)]
    range: Range,
}

/// Which challenge to fetch.
#[derive(Args, Debug)]
pub(crate) struct FetchArgs {
    #[command(flatten)]
    entity: EntityArgs,

    #[command(flatten)]
    sid: SidArg<ChallengeSid>,
}

impl ChallengesCommand {
    pub(super) async fn run(self, mut session: Session) -> Result<(), Failure> {
        match self {
            Self::List(arguments) => {
                let challenges = arguments.entity.of(&session.client).challenges();
                let request = given!(
                    challenges.list(),
                    factor: arguments.factor_sid,
                    status: arguments.status,
                    order: arguments.order,
                );
                session.list(request, arguments.range).await
            }
            Self::Fetch(FetchArgs { entity, sid }) => {
                let challenges = entity.of(&session.client).challenges();
                session.one(&challenges.fetch(sid.into_sid()?).await?)
            }
        }
    }
}

impl Resource for Challenge {
    const PLURAL: &'static str = "challenges";
    const COLUMNS: &'static [Column] = &[
        Column::new("DATE (UTC)", "date_created").kind(Kind::Date),
        Column::new("TYPE", "factor_type").spare(2),
        Column::new("STATUS", "status").kind(Kind::Status),
        Column::new("EXPIRES (UTC)", "expiration_date")
            .kind(Kind::Date)
            .spare(1),
        Column::new("SID", "sid"),
    ];
}
