//! The command line as a whole.

use std::time::Duration;

use clap::{Args, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use crate::commands::ApiCommand;
use crate::commands::emulator::EmulatorArgs;
use crate::commands::schema::SchemaArgs;
use crate::failure::Failure;
use crate::output::{Format, Output};
use crate::{exit, usage, values};

const HELP: &str = "\
Examples:
  twilio-verify --emulator attempts summary
  twilio-verify attempts summary --country CO --channel sms --date-created-after 7d
  twilio-verify attempts list --status unconverted --no-limit -o csv > unconverted.csv
  twilio-verify verifications start --service-sid VA… --to +14155550100 --channel sms
  twilio-verify verifications check --service-sid VA… --to +14155550100
  twilio-verify services list
  twilio-verify emulator

Credentials come from the environment alone, as flags stand in the shell's history:
  TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN, or TWILIO_API_KEY and TWILIO_API_SECRET
  TWILIO_REGION and TWILIO_EDGE, if they are set, are used too";

/// Twilio Verify v2: send one-time codes and check them, and see how many came
/// back, and which did not.
#[derive(Debug, Parser)]
#[command(
    name = "twilio-verify",
    version,
    after_help = exit::HELP,
    after_long_help = format!("{HELP}\n\n{}", exit::HELP),
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    #[command(flatten)]
    pub(crate) connection: Connection,

    /// The form of what is written to stdout
    #[arg(
        short = 'o',
        long = "output",
        global = true,
        value_enum,
        value_name = "FORMAT",
        default_value_t,
        help_heading = "Output"
    )]
    pub(crate) format: Format,

    /// Tell on stderr what happens: -v every request, -vv connections too
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Output")]
    pub(crate) verbose: u8,

    /// When to use colours; `auto` heeds the terminal, NO_COLOR and CLICOLOR
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value_t,
        help_heading = "Output"
    )]
    pub(crate) color: Color,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Api(Box<ApiCommand>),
    /// Run a Verify on this machine, all of it, until Ctrl-C
    Emulator(EmulatorArgs),
    /// Print the JSON Schema of a resource, or the names of all that have one
    Schema(SchemaArgs),
    /// Print what makes a shell complete this program's commands and flags
    #[command(after_help = "\
Examples:
  twilio-verify completions bash > ~/.local/share/bash-completion/completions/twilio-verify
  twilio-verify completions zsh > \"${fpath[1]}/_twilio-verify\"
  twilio-verify completions fish > ~/.config/fish/completions/twilio-verify.fish")]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
}

/// Who is asked, and how long an answer is waited for.
#[derive(Args, Debug)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// Ask an emulator with a month of made-up attempts, started for this one
    /// command; needs no account
    #[arg(long, global = true, conflicts_with_all = ["base_url", "region", "edge"])]
    pub(crate) emulator: bool,

    /// Where requests go, in place of Twilio's hosts: `https`, or a loopback
    /// address
    #[arg(long, global = true, value_name = "URL", conflicts_with_all = ["region", "edge"])]
    pub(crate) base_url: Option<String>,

    /// The region that keeps the data, such as ie1 [default: TWILIO_REGION, or us1]
    #[arg(long, global = true)]
    pub(crate) region: Option<String>,

    /// The edge to enter Twilio's network at, such as dublin [default: TWILIO_EDGE]
    #[arg(long, global = true)]
    pub(crate) edge: Option<String>,

    /// How long a call may take in all, such as 30s; each page of a list is a
    /// call [default: 60s]
    #[arg(long, global = true, value_name = "DURATION", value_parser = values::timeout)]
    pub(crate) timeout: Option<Duration>,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless the environment says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Makes it so for all that is written from now on.
    pub(crate) fn write_global(self) {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
        .write_global();
    }
}

impl Cli {
    /// Refuses flags that the command would leave unread.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let name = match self.command {
            Command::Api(_) => return Ok(()),
            Command::Emulator(_) => "emulator",
            Command::Schema(_) => "schema",
            Command::Completions { .. } => "completions",
        };
        let Connection {
            emulator,
            base_url,
            region,
            edge,
            timeout,
        } = &self.connection;
        let unread = [
            ("--emulator", *emulator),
            ("--base-url", base_url.is_some()),
            ("--region", region.is_some()),
            ("--edge", edge.is_some()),
            ("--timeout", timeout.is_some()),
        ];
        match unread.iter().find(|(_, given)| *given) {
            Some((flag, _)) => Err(Failure::usage(
                format!("{flag}: the command `{name}` makes no connection"),
                format!("leave {flag} out"),
            )),
            None => Ok(()),
        }
    }
}

/// Writes the completions for a shell.
pub(crate) fn completions(shell: Shell, mut output: Output) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), usage::PROGRAM, &mut script);
    Ok(output.raw(&script)?)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
