//! The command line of the commands for a running emulator.

use clap::{Args, Subcommand};
use twilio_verify::Redacted;

use super::running::{Request, Running};
use crate::commands::faults::{Faults, faults};
use crate::failure::report::Failure;
use crate::output::writer::Output;
use crate::session::connection::ConnectionArgs;
use crate::values::numbers;
use crate::values::texts::private;

/// The commands for a running emulator.
#[derive(Debug, Subcommand)]
pub(crate) enum ControlCommand {
    /// Show the last code that was sent to each destination
    #[command(after_help = "\
Examples:
  twilio-verify emulator codes
  CODE=$(twilio-verify emulator codes --to +14155550100)
  twilio-verify emulator codes -o json --url http://127.0.0.1:8080")]
    Codes(CodesArgs),
    /// Show the messages that were sent, oldest first
    #[command(after_help = "\
Examples:
  twilio-verify emulator outbox --to user@example.com
  twilio-verify emulator outbox --clear")]
    Outbox(OutboxArgs),
    /// Advance the emulator's clock, so that codes expire and limits end
    #[command(after_help = "\
Examples:
  twilio-verify emulator advance 10m
  twilio-verify emulator advance 1h30m -o json")]
    Advance(AdvanceArgs),
    /// Add faults, list them, or remove them
    #[command(after_help = "\
Without a fault and without a flag, the faults are listed. `twilio-verify emulator --help` describes
them.

Examples:
  twilio-verify emulator fault 'CreateVerification:429,retry-after=2'
  twilio-verify emulator fault
  twilio-verify emulator fault --remove 1
  twilio-verify emulator fault --clear")]
    Fault(FaultArgs),
    /// Delete everything that requests created: services, verifications, attempts, messages, logs
    Reset(TargetArgs),
}

/// The emulator.
#[derive(Args, Debug)]
pub(crate) struct TargetArgs {
    /// The URL of the emulator [default: --base-url, or http://127.0.0.1:8374]
    #[arg(long, env = "TWILIO_VERIFY_EMULATOR_URL", hide_env_values = true)]
    url: Option<String>,
}

/// Which codes.
#[derive(Args, Debug)]
pub(crate) struct CodesArgs {
    #[command(flatten)]
    target: TargetArgs,

    /// Only the code that was sent to this phone number or e-mail address. A table is the code
    /// alone, for scripts
    #[arg(long, value_name = "DESTINATION", value_parser = private)]
    to: Option<Redacted<String>>,
}

/// Which messages.
#[derive(Args, Debug)]
pub(crate) struct OutboxArgs {
    #[command(flatten)]
    target: TargetArgs,

    /// Only messages to this phone number or e-mail address
    #[arg(long, value_name = "DESTINATION", value_parser = private)]
    to: Option<Redacted<String>>,

    /// Delete the messages instead
    #[arg(long, conflicts_with = "to")]
    clear: bool,
}

/// By how much.
#[derive(Args, Debug)]
pub(crate) struct AdvanceArgs {
    #[command(flatten)]
    target: TargetArgs,

    /// By how much, such as 30s, 10m or 1d
    #[arg(value_name = "DURATION", value_parser = numbers::seconds)]
    by: u32,
}

/// What to do with faults.
#[derive(Args, Debug)]
pub(crate) struct FaultArgs {
    #[command(flatten)]
    target: TargetArgs,

    /// Faults to add; or a file of them
    #[arg(value_name = "SPEC|FILE", value_parser = faults, conflicts_with_all = ["remove", "clear"])]
    add: Vec<Faults>,

    /// Remove the fault with this id, which the list shows
    #[arg(
        long,
        value_name = "ID",
        conflicts_with = "clear",
        value_parser = |text: &str| numbers::whole(text, 1..=u64::MAX)
    )]
    remove: Option<u64>,

    /// Remove all faults
    #[arg(long)]
    clear: bool,
}

impl ControlCommand {
    /// Sends the request to the emulator.
    pub(crate) async fn run(
        self,
        connection: ConnectionArgs,
        mut output: Output,
    ) -> Result<(), Failure> {
        let (target, request) = match self {
            Self::Codes(CodesArgs { target, to }) => (target, Request::Codes(to)),
            Self::Outbox(OutboxArgs { target, clear: true, .. }) => (target, Request::ClearOutbox),
            Self::Outbox(OutboxArgs { target, to, .. }) => (target, Request::Outbox(to)),
            Self::Advance(AdvanceArgs { target, by }) => (target, Request::Advance(by)),
            Self::Fault(FaultArgs { target, clear: true, .. }) => (target, Request::ClearFaults),
            Self::Fault(FaultArgs { target, remove: Some(id), .. }) => {
                (target, Request::RemoveFault(id))
            }
            Self::Fault(FaultArgs { target, add, .. }) if add.is_empty() => {
                (target, Request::Faults)
            }
            Self::Fault(FaultArgs { target, add, .. }) => (target, Request::AddFaults(add)),
            Self::Reset(target) => (target, Request::Reset),
        };
        let running = Running::at(target.url, connection)?;
        running.send(request, &mut output).await
    }
}
