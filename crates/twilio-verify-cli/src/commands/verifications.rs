//! `verifications`: starts, checks, fetches, cancels and approves verifications.

use clap::{Args, Subcommand};
use serde_json::Value;
use twilio_verify::{
    Channel, Client, Redacted, RiskCheck, TemplateSid, Verification, VerificationCheck,
    VerificationRef, VerificationSid, Verifications,
};

use crate::commands::args::{ServiceArg, given, pairs};
use crate::commands::verification_checks::{CheckArgs, check, none_given};
use crate::failure::exit::Exit;
use crate::failure::report::Failure;
use crate::output::column::{Column, Kind};
use crate::output::shape::{Resource, Shape};
use crate::output::writer::Output;
use crate::session::input;
use crate::session::requests::Session;
use crate::values::texts::{Pairs, fields, object, open, private};

/// The commands of verifications.
#[derive(Debug, Subcommand)]
pub(crate) enum VerificationsCommand {
    /// Send a code to a phone number or an e-mail address
    #[command(visible_alias = "create")]
    Start(Box<StartArgs>),
    /// Check the code that a person entered; exits with 0 if it is right, with 7 if it is wrong
    Check(CheckArgs),
    /// Show a pending verification
    Fetch(OneArgs),
    /// Cancel a pending verification
    Cancel(OneArgs),
    /// Approve a pending verification whose code was checked elsewhere
    Approve(OneArgs),
}

/// The destination of a code, and how it is sent.
#[derive(Args, Debug)]
#[command(after_help = "\
While a verification of the same destination is pending, its code is sent again. Values other than
the possible ones are sent too, as Twilio adds new ones.

Examples:
  twilio-verify verifications start --service-sid VA… --to +14155550100 --channel sms
  twilio-verify verifications start --service-sid VA… --to user@example.com --channel email \\
    --template-sid HJ… --template-custom-substitutions name=Ana --locale es
  make-code | twilio-verify verifications start --service-sid VA… --to +14155550100 \\
    --channel sms --custom-code -")]
pub(crate) struct StartArgs {
    #[command(flatten)]
    service: ServiceArg,

    /// The phone number in E.164 format, or the e-mail address, to send to
    #[arg(long, value_name = "DESTINATION", value_parser = private)]
    to: Redacted<String>,

    /// How to send it
    #[arg(long, ignore_case = true, value_parser = open(Channel::VALUES, Channel::Unknown))]
    channel: Channel,

    /// The language of the message, such as es or pt-BR [default: the destination's]
    #[arg(long)]
    locale: Option<String>,

    /// The name in this message, instead of the service's
    #[arg(long, value_name = "NAME")]
    custom_friendly_name: Option<String>,

    /// The whole message, if Twilio allows that for the account
    #[arg(long, value_name = "TEXT", value_parser = private)]
    custom_message: Option<Redacted<String>>,

    /// A custom code of 4 to 10 characters; `-` reads it from stdin, as other users can see a
    /// process's flags
    #[arg(long, value_name = "CODE", value_parser = private)]
    custom_code: Option<Redacted<String>>,

    /// The keys to press once a call is answered, such as 1w2: for extensions
    #[arg(long, value_name = "KEYS", value_parser = private)]
    send_digits: Option<Redacted<String>>,

    /// The amount of a payment, as shown to the person (PSD2)
    #[arg(long, requires = "payee", value_parser = private)]
    amount: Option<Redacted<String>>,

    /// The payee of a payment (PSD2)
    #[arg(long, requires = "amount", value_parser = private)]
    payee: Option<Redacted<String>>,

    /// The template of the message [default: the service's]
    #[arg(long, value_name = "SID")]
    template_sid: Option<TemplateSid>,

    /// The value of a variable of the template; can be repeated, or a JSON object
    #[arg(long, value_name = "NAME=VALUE", value_parser = fields)]
    template_custom_substitutions: Vec<Pairs>,

    /// The key of one of the service's rate limits, by its unique name; can be repeated, or a JSON
    /// object
    #[arg(long, value_name = "NAME=VALUE", value_parser = fields)]
    rate_limits: Vec<Pairs>,

    /// A custom label; can be repeated, or a JSON object
    #[arg(long, value_name = "NAME=VALUE", value_parser = fields)]
    tags: Vec<Pairs>,

    /// Settings of the channel
    #[arg(long, value_name = "JSON", value_parser = object)]
    channel_configuration: Option<Value>,

    /// The hash with which an Android app reads the SMS
    #[arg(long, value_name = "HASH")]
    app_hash: Option<String>,

    /// The IP address of the person's device, for fraud detection
    #[arg(long, value_name = "ADDRESS", value_parser = private)]
    device_ip: Option<Redacted<String>>,

    /// Whether Fraud Guard checks this verification
    #[arg(long, ignore_case = true, value_parser = open(RiskCheck::VALUES, RiskCheck::Unknown))]
    risk_check: Option<RiskCheck>,

    /// Request a token for silent network authentication
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    enable_sna_client_token: Option<bool>,
}

/// A verification of a service.
#[derive(Args, Debug)]
#[command(after_help = "\
Once a verification is approved or expired, it is deleted, and the exit code is 4.")]
pub(crate) struct OneArgs {
    #[command(flatten)]
    service: ServiceArg,

    #[command(flatten)]
    verification: One,
}

/// A verification by its SID, or by its destination.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct One {
    /// The verification SID: `VE` and 32 hexadecimal digits
    #[arg(value_name = "SID")]
    positional: Option<VerificationSid>,

    /// The same, as a flag
    #[arg(long, value_name = "SID")]
    sid: Option<VerificationSid>,

    /// The phone number or e-mail address of the pending verification
    #[arg(long, value_name = "DESTINATION", value_parser = private)]
    to: Option<Redacted<String>>,
}

impl OneArgs {
    /// Returns the service's verifications, and the one that was named.
    fn of(self, client: &Client) -> Result<(Verifications, VerificationRef), Failure> {
        let One { positional, sid, to } = self.verification;
        let sid = positional.or(sid).map(VerificationRef::from);
        let id = sid.or(to.map(VerificationRef::To)).ok_or_else(none_given)?;
        Ok((self.service.of(client)?.verifications(), id))
    }
}

impl VerificationsCommand {
    /// Whether the command changes what the server holds.
    pub(super) fn writes(&self) -> bool {
        !matches!(self, Self::Fetch(_))
    }

    /// Returns the flag of the service.
    pub(super) fn service(&mut self) -> &mut ServiceArg {
        match self {
            Self::Start(arguments) => &mut arguments.service,
            Self::Check(arguments) => arguments.service(),
            Self::Fetch(one) | Self::Cancel(one) | Self::Approve(one) => &mut one.service,
        }
    }

    /// Rejects properties that don't exist.
    pub(super) fn check(&self, output: &Output) -> Result<(), Failure> {
        match self {
            Self::Check(_) => output.check(&Shape::of::<VerificationCheck>()),
            _ => output.check(&Shape::of::<Verification>()),
        }
    }

    pub(super) async fn run(self, mut session: Session) -> Result<Exit, Failure> {
        let verification = match self {
            Self::Start(arguments) => start(*arguments, &session.client).await?,
            Self::Check(arguments) => return check(arguments, session).await,
            Self::Fetch(one) => {
                let (verifications, id) = one.of(&session.client)?;
                verifications.fetch(id).await?
            }
            Self::Cancel(one) => {
                let (verifications, id) = one.of(&session.client)?;
                verifications.cancel(id).await?
            }
            Self::Approve(one) => {
                let (verifications, id) = one.of(&session.client)?;
                verifications.approve(id).await?
            }
        };
        session.one(&verification)?;
        Ok(Exit::Ok)
    }
}

async fn start(arguments: StartArgs, client: &Client) -> Result<Verification, Failure> {
    let substitutions =
        pairs("--template-custom-substitutions", arguments.template_custom_substitutions)?;
    let rate_limits = pairs("--rate-limits", arguments.rate_limits)?;
    let tags = pairs("--tags", arguments.tags)?;
    let custom_code = match arguments.custom_code {
        Some(code) => Some(input::secret("--custom-code", Some(code)).await?),
        None => None,
    };
    let verifications = arguments.service.of(client)?.verifications();
    let request = given!(
        verifications.start(arguments.to.into_inner(), arguments.channel),
        locale: arguments.locale,
        custom_friendly_name: arguments.custom_friendly_name,
        custom_message: arguments.custom_message.map(Redacted::into_inner),
        custom_code: custom_code,
        send_digits: arguments.send_digits.map(Redacted::into_inner),
        amount: arguments.amount.map(Redacted::into_inner),
        payee: arguments.payee.map(Redacted::into_inner),
        template: arguments.template_sid,
        template_custom_substitutions: substitutions,
        rate_limits: rate_limits,
        tags: tags,
        channel_configuration: arguments.channel_configuration,
        app_hash: arguments.app_hash,
        device_ip: arguments.device_ip.map(Redacted::into_inner),
        risk_check: arguments.risk_check,
        enable_sna_client_token: arguments.enable_sna_client_token,
    );
    Ok(request.send().await?)
}

impl Resource for Verification {
    const PLURAL: &'static str = "verifications";
    const COLUMNS: &'static [Column] = &[
        Column::new("DATE", "date_created").kind(Kind::Date),
        Column::new("CHANNEL", "channel"),
        Column::new("TO", "to"),
        Column::new("STATUS", "status").kind(Kind::Status),
        Column::new("SID", "sid"),
    ];
}
