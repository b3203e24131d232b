//! `verifications check`, and the same command by twilio-cli's name.

use clap::{Args, Subcommand};
use twilio_verify::{Redacted, VerificationCheck, VerificationSid, VerificationStatus};

use crate::commands::args::{ServiceArg, given};
use crate::failure::exit::Exit;
use crate::failure::report::Failure;
use crate::output::column::{Column, Kind};
use crate::output::note::note;
use crate::output::shape::Resource;
use crate::session::input;
use crate::session::requests::Session;
use crate::values::texts::private;

/// The commands of checks, by twilio-cli's names.
#[derive(Debug, Subcommand)]
pub(crate) enum VerificationCheckCommand {
    /// As `verifications check`
    Create(CheckArgs),
}

impl VerificationCheckCommand {
    /// Returns the flag of the service.
    pub(super) fn service(&mut self) -> &mut ServiceArg {
        let Self::Create(arguments) = self;
        arguments.service()
    }

    pub(super) async fn run(self, session: Session) -> Result<Exit, Failure> {
        let Self::Create(arguments) = self;
        check(arguments, session).await
    }
}

/// The code that a person entered, and its verification.
#[derive(Args, Debug)]
#[command(after_help = "\
Without --code, the code is read from stdin; on a terminal it is prompted for and not shown. Other
users can see a process's flags.

A wrong code is not a failed request: the response is written to stdout as usual. The exit code
reports the result:
  0    approved
  4    the verification doesn't exist, or it was approved, or has expired
  5    the code was checked too often
  7    not approved: the code is wrong

Examples:
  twilio-verify verifications check --service-sid VA… --to +14155550100
  echo \"$CODE\" | twilio-verify verifications check --service-sid VA… --to +14155550100 -o json
  twilio-verify verifications check --service-sid VA… --verification-sid VE… --code 123456
  twilio-verify verifications check --service-sid VA… --to +14155550100 --sna")]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    service: ServiceArg,

    #[command(flatten)]
    checked: Checked,

    /// The code; `-` reads it from stdin
    #[arg(long, conflicts_with_all = ["sna", "sna_client_token"], value_parser = private)]
    code: Option<Redacted<String>>,

    /// Check a silent network authentication, which has no code
    #[arg(long)]
    sna: bool,

    /// The token that the device received in a silent network authentication; `-` reads it from
    /// stdin. Implies `--sna`
    #[arg(long, value_name = "TOKEN", value_parser = private)]
    sna_client_token: Option<Redacted<String>>,

    /// The amount that the verification was started with (PSD2)
    #[arg(long, requires = "payee", value_parser = private)]
    amount: Option<Redacted<String>>,

    /// The payee that the verification was started with (PSD2)
    #[arg(long, requires = "amount", value_parser = private)]
    payee: Option<Redacted<String>>,
}

/// The verification that is checked.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct Checked {
    /// The phone number or e-mail address that the code was sent to
    #[arg(long, value_name = "DESTINATION", value_parser = private)]
    to: Option<Redacted<String>>,

    /// The verification: `VE` and 32 hexadecimal digits
    #[arg(long, value_name = "SID")]
    verification_sid: Option<VerificationSid>,
}

impl CheckArgs {
    /// Returns the flag of the service.
    pub(super) fn service(&mut self) -> &mut ServiceArg {
        &mut self.service
    }
}

/// Returns the failure of a command that names no verification.
pub(super) fn none_given() -> Failure {
    Failure::usage("no verification was given", "name it by its SID or by --to")
}

/// Checks a code, or a silent network authentication.
pub(super) async fn check(arguments: CheckArgs, mut session: Session) -> Result<Exit, Failure> {
    let verifications = arguments.service.of(&session.client)?.verifications();
    let checked = arguments.checked;
    let request = match (checked.to, checked.verification_sid) {
        (Some(to), _) => verifications.check_sna(to.into_inner()),
        (None, Some(sid)) => verifications.check_sna_sid(sid),
        (None, None) => return Err(none_given()),
    };
    let (mut code, mut token) = (None, None);
    if let Some(given) = arguments.sna_client_token {
        token = Some(input::secret("--sna-client-token", Some(given)).await?);
    } else if !arguments.sna {
        code = Some(input::secret("--code", arguments.code).await?);
    }
    let request = given!(
        request,
        code: code,
        sna_client_token: token,
        amount: arguments.amount.map(Redacted::into_inner),
        payee: arguments.payee.map(Redacted::into_inner),
    );
    let check = request.send().await?;
    let written = session.one(&check);
    if check.status == Some(VerificationStatus::Approved) {
        written?;
        return Ok(Exit::Ok);
    }
    // Even if the output can't be written, the exit code must not report approval.
    if let Err(failure) = written {
        failure.report(false);
    }
    note("not approved");
    Ok(Exit::NotApproved)
}

impl Resource for VerificationCheck {
    const PLURAL: &'static str = "verification_checks";
    const COLUMNS: &'static [Column] = &[
        Column::new("DATE", "date_created").kind(Kind::Date),
        Column::new("CHANNEL", "channel"),
        Column::new("TO", "to"),
        Column::new("STATUS", "status").kind(Kind::Status),
        Column::new("SID", "sid"),
    ];
}
