//! `services`: list, create, fetch, update, delete.

use clap::{Args, Subcommand};
use twilio_verify::{
    AuthenticatorAttachment, CredentialSid, MessagingServiceSid, PasskeysRequirement, Redacted,
    Service, ServiceSid, TemplateSid,
};

use crate::commands::args::{SidArg, given};
use crate::failure::report::Failure;
use crate::output::column::{Column, Kind};
use crate::output::shape::Resource;
use crate::session::input;
use crate::session::lists::Range;
use crate::session::requests::Session;
use crate::values::numbers;
use crate::values::texts::{known, private};

/// What to do with services.
#[derive(Debug, Subcommand)]
pub(crate) enum ServicesCommand {
    /// List the account's services
    List(Range),
    /// Create a service
    Create(Box<CreateArgs>),
    /// Show one service
    Fetch(SidArg<ServiceSid>),
    /// Change settings of a service; those that aren't given stay as they are
    Update(Box<UpdateArgs>),
    /// Delete a service, and all that belongs to it
    Delete(DeleteArgs),
}

/// A service to be.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  twilio-verify services create --friendly-name \"Owl Bank\" --code-length 6 --lookup-enabled
  twilio-verify services create --friendly-name Owl --totp.issuer Owl --totp.skew 1 -o json")]
pub(crate) struct CreateArgs {
    /// The service's name, which people read in messages; up to 32 characters
    #[arg(long, value_name = "NAME")]
    friendly_name: String,

    #[command(flatten)]
    settings: Settings,
}

/// A service, and what is to be changed.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  twilio-verify services update VA… --lookup-enabled --skip-sms-to-landlines
  twilio-verify services update --sid VA… --lookup-enabled=false --push.include-date=false")]
pub(crate) struct UpdateArgs {
    #[command(flatten)]
    sid: SidArg<ServiceSid>,

    /// The service's name, which people read in messages; up to 32 characters
    #[arg(long, value_name = "NAME")]
    friendly_name: Option<String>,

    #[command(flatten)]
    settings: Settings,
}

/// A service to be deleted.
#[derive(Args, Debug)]
pub(crate) struct DeleteArgs {
    #[command(flatten)]
    sid: SidArg<ServiceSid>,

    /// Don't ask; needed where there is no terminal to ask on
    #[arg(short, long)]
    yes: bool,
}

/// Writes the struct of the settings, and how they are handed to a request:
/// the name of each is the setter's, and that of its flag is twilio-cli's,
/// which may have dots.
macro_rules! settings {
    (
        switches {
            $($(#[doc = $switch_doc:literal])* $switch:ident: $($flag:ident = $flag_name:literal),*;)*
        }
        values {
            $($(#[doc = $doc:literal])* $value:ident: $type:ty $(=> $into:path)?, [$($arg:tt)*];)*
        }
    ) => {
        /// The settings of a service.
        #[derive(Args, Debug)]
        #[command(next_help_heading = "Settings")]
        struct Settings {
            $(
                $(#[doc = $switch_doc])*
                #[arg(
                    $($flag = $flag_name,)*
                    value_name = "BOOL",
                    num_args = 0..=1,
                    require_equals = true,
                    default_missing_value = "true"
                )]
                $switch: Option<bool>,
            )*
            $(
                $(#[doc = $doc])*
                #[arg($($arg)*)]
                $value: Option<$type>,
            )*
        }

        impl Settings {
            /// Whether there is none.
            fn is_empty(&self) -> bool {
                true $(&& self.$switch.is_none())* $(&& self.$value.is_none())*
            }
        }

        /// Sets those that were given.
        macro_rules! apply {
            ($request:expr, $settings:expr) => {{
                let settings = $settings;
                given!(
                    $request,
                    $($switch: settings.$switch,)*
                    $($value: settings.$value$(.map($into))?,)*
                )
            }};
        }
    };
}

settings! {
    switches {
    }
    values {
        /// How many digits a code has, from 4 to 10 [default: 6]
        code_length: u8, [
            long,
            value_name = "N",
            allow_negative_numbers = true,
            value_parser = |text: &str| numbers::whole(text, 4..=10_u8)
        ];
        /// Look numbers up before a code is sent to them [default: false]
        lookup_enabled: bool, [
            long,
            value_name = "BOOL",
            num_args = 0..=1,
            require_equals = true,
            default_missing_value = "true"
        ];
        /// Try no SMS to landlines; needs lookups [default: false]
        skip_sms_to_landlines: bool, [
            long,
            value_name = "BOOL",
            num_args = 0..=1,
            require_equals = true,
            default_missing_value = "true"
        ];
        /// Have the person press a key before a call tells the code [default: false]
        dtmf_input_required: bool, [
            long,
            value_name = "BOOL",
            num_args = 0..=1,
            require_equals = true,
            default_missing_value = "true"
        ];
        /// The service's name as a call speaks it [default: the friendly name]
        tts_name: String, [long, value_name = "NAME"];
        /// Verify payments, with an amount and a payee [default: false]
        psd2_enabled: bool, [
            long,
            value_name = "BOOL",
            num_args = 0..=1,
            require_equals = true,
            default_missing_value = "true"
        ];
        /// Warn in messages not to share the code [default: false]
        do_not_share_warning_enabled: bool, [
            long,
            value_name = "BOOL",
            num_args = 0..=1,
            require_equals = true,
            default_missing_value = "true"
        ];
        /// Let verifications bring their own code [default: false]
        custom_code_enabled: bool, [
            long,
            value_name = "BOOL",
            num_args = 0..=1,
            require_equals = true,
            default_missing_value = "true"
        ];
        /// The template of messages [default: Twilio's own]
        default_template: TemplateSid, [long = "default-template-sid", value_name = "SID"];
        /// Send the service's events to the account's event sinks
        verify_event_subscription_enabled: bool, [
            long,
            value_name = "BOOL",
            num_args = 0..=1,
            require_equals = true,
            default_missing_value = "true"
        ];
        /// Have the challenge's date in push notifications
        push_include_date: bool, [
            long = "push.include-date",
            visible_alias = "push-include-date",
            value_name = "BOOL",
            num_args = 0..=1,
            require_equals = true,
            default_missing_value = "true"
        ];
        /// The credential for Apple's push service
        push_apn_credential: CredentialSid, [
            long = "push.apn-credential-sid",
            visible_alias = "push-apn-credential-sid",
            value_name = "SID"
        ];
        /// The credential for Google's push service
        push_fcm_credential: CredentialSid, [
            long = "push.fcm-credential-sid",
            visible_alias = "push-fcm-credential-sid",
            value_name = "SID"
        ];
        /// Who issues TOTP codes, as authenticator apps show it [default: the friendly name]
        totp_issuer: String, [
            long = "totp.issuer",
            visible_alias = "totp-issuer",
            value_name = "NAME"
        ];
        /// For how many seconds a TOTP code holds, from 20 to 60 [default: 30]
        totp_time_step: u8, [
            long = "totp.time-step",
            visible_alias = "totp-time-step",
            value_name = "SECONDS",
            allow_negative_numbers = true,
            value_parser = |text: &str| numbers::whole(text, 20..=60_u8)
        ];
        /// How many digits a TOTP code has, from 3 to 8 [default: 6]
        totp_code_length: u8, [
            long = "totp.code-length",
            visible_alias = "totp-code-length",
            value_name = "N",
            allow_negative_numbers = true,
            value_parser = |text: &str| numbers::whole(text, 3..=8_u8)
        ];
        /// How many TOTP codes before and after the present one are taken, from 0 to 2 [default: 1]
        totp_skew: u8, [
            long = "totp.skew",
            visible_alias = "totp-skew",
            value_name = "N",
            allow_negative_numbers = true,
            value_parser = |text: &str| numbers::whole(text, 0..=2_u8)
        ];
        /// The messaging service that WhatsApp messages are sent by
        whatsapp_messaging_service: MessagingServiceSid, [
            long = "whatsapp.msg-service-sid",
            visible_alias = "whatsapp-msg-service-sid",
            value_name = "SID"
        ];
        /// The number that WhatsApp messages come from
        whatsapp_from: Redacted<String> => Redacted::into_inner, [
            long = "whatsapp.from",
            visible_alias = "whatsapp-from",
            value_name = "NUMBER",
            value_parser = private
        ];
        /// The id of the relying party of passkeys, its domain
        passkeys_relying_party_id: String, [
            long = "passkeys.relying-party.id",
            visible_alias = "passkeys-relying-party-id",
            value_name = "DOMAIN"
        ];
        /// The name of the relying party of passkeys, as people read it
        passkeys_relying_party_name: String, [
            long = "passkeys.relying-party.name",
            visible_alias = "passkeys-relying-party-name",
            value_name = "NAME"
        ];
        /// The origins that may ask for passkeys, separated by commas
        passkeys_relying_party_origins: String, [
            long = "passkeys.relying-party.origins",
            visible_alias = "passkeys-relying-party-origins",
            value_name = "URLS"
        ];
        /// Which authenticators may hold passkeys
        passkeys_authenticator_attachment: AuthenticatorAttachment, [
            long = "passkeys.authenticator-attachment",
            visible_alias = "passkeys-authenticator-attachment",
            value_name = "WHICH",
            ignore_case = true,
            value_parser = known::<AuthenticatorAttachment>(AuthenticatorAttachment::VALUES)
        ];
        /// Whether passkeys must be discoverable, so that no name has to be typed
        passkeys_discoverable_credentials: PasskeysRequirement, [
            long = "passkeys.discoverable-credentials",
            visible_alias = "passkeys-discoverable-credentials",
            value_name = "HOW",
            ignore_case = true,
            value_parser = known::<PasskeysRequirement>(PasskeysRequirement::VALUES)
        ];
        /// Whether the authenticator must verify the person
        passkeys_user_verification: PasskeysRequirement, [
            long = "passkeys.user-verification",
            visible_alias = "passkeys-user-verification",
            value_name = "HOW",
            ignore_case = true,
            value_parser = known::<PasskeysRequirement>(PasskeysRequirement::VALUES)
        ];
    }
}

impl ServicesCommand {
    /// Refuses what can't be asked, before anybody is.
    pub(super) fn check(&self) -> Result<(), Failure> {
        match self {
            Self::Update(arguments)
                if arguments.friendly_name.is_none() && arguments.settings.is_empty() =>
            {
                Err(Failure::usage(
                    "no setting was given",
                    "name what to change, such as --code-length 6",
                ))
            }
            _ => Ok(()),
        }
    }

    pub(super) async fn run(self, mut session: Session) -> Result<(), Failure> {
        let services = session.client.services();
        let service = match self {
            Self::List(range) => return session.list(services.list(), range).await,
            Self::Create(arguments) => {
                let request = services.create(arguments.friendly_name);
                apply!(request, arguments.settings).send().await?
            }
            Self::Fetch(sid) => services.fetch(sid.into_sid()?).await?,
            Self::Update(arguments) => {
                let request = services.update(arguments.sid.into_sid()?);
                let request = given!(request, friendly_name: arguments.friendly_name,);
                apply!(request, arguments.settings).send().await?
            }
            Self::Delete(arguments) => {
                let sid = arguments.sid.into_sid()?;
                if !arguments.yes {
                    let question = format!("Delete {sid}, and all that belongs to it?");
                    input::confirm(question).await?;
                }
                services.delete(sid.clone()).await?;
                return session.deleted(sid);
            }
        };
        session.one(&service)
    }
}

impl Resource for Service {
    const PLURAL: &'static str = "services";
    const COLUMNS: &'static [Column] = &[
        Column::new("NAME", "friendly_name"),
        Column::new("CODE LENGTH", "code_length").spare(2),
        Column::new("LOOKUP", "lookup_enabled").spare(1),
        Column::new("CREATED (UTC)", "date_created")
            .kind(Kind::Date)
            .spare(3),
        Column::new("SID", "sid"),
    ];
}
